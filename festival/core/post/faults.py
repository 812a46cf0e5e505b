"""Why did a letter not leave or not arrive, and who does what about it? Pure.

What the library raises becomes one of our words; that is what is kept beside the letter, and only a page or a command says it.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from enum import StrEnum

from festival.core.sentence import N_, Sentence


class MailFault(StrEnum):
    """What went wrong, from reaching the server to a letter that came back."""

    NO_SUCH_SERVER = "no_such_server"
    SHUT = "shut"
    SILENT = "silent"
    CERTIFICATE_ENDED = "certificate_ended"
    CERTIFICATE_OF_ANOTHER = "certificate_of_another"
    CERTIFICATE_UNKNOWN = "certificate_unknown"
    NO_TLS = "no_tls"
    NOT_OFFERED = "not_offered"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    CUT_OFF = "cut_off"
    LATER = "later"
    NO_SUCH_BOX = "no_such_box"
    LETTER = "letter"
    BAD_ADDRESS = "bad_address"
    RETURNED = "returned"


WORDS: dict[str, Sentence] = {
    MailFault.NO_SUCH_SERVER: N_("Không tìm thấy máy chủ thư theo tên. Xem FESTIVAL_SMTP_HOST và mạng của máy chủ."),
    MailFault.SHUT: N_("Máy chủ thư không mở cổng này. Xem FESTIVAL_SMTP_HOST, FESTIVAL_SMTP_PORT và tường lửa."),
    MailFault.SILENT: N_("Máy chủ thư không trả lời. Xem mạng; cổng 465 cần FESTIVAL_SMTP_TLS=yes."),
    MailFault.CERTIFICATE_ENDED: N_(
        "Chứng chỉ của máy chủ thư đã hết hạn, nên không gửi gì tới đó. Báo nơi giữ máy chủ thư, và xem giờ của máy chủ này."
    ),
    MailFault.CERTIFICATE_OF_ANOTHER: N_(
        "Chứng chỉ của máy chủ thư mang tên khác, nên không gửi gì tới đó. Ghi FESTIVAL_SMTP_HOST đúng tên trong chứng chỉ."
    ),
    MailFault.CERTIFICATE_UNKNOWN: N_(
        "Chứng chỉ của máy chủ thư không do nơi được tin cấp, nên không gửi gì tới đó. Hỏi nơi giữ máy chủ thư, hoặc cài chứng chỉ gốc của nơi đó."
    ),
    MailFault.NO_TLS: N_(
        "Máy chủ thư không nói TLS như đã đặt. Cổng 465 cần FESTIVAL_SMTP_TLS=yes, cổng 587 cần FESTIVAL_SMTP_STARTTLS=yes."
    ),
    MailFault.NOT_OFFERED: N_(
        "Máy chủ thư không có STARTTLS hoặc không nhận mật khẩu ở cổng này. Xem FESTIVAL_SMTP_PORT; cổng 587 thường có."
    ),
    MailFault.SIGN_IN: N_(
        "Máy chủ thư không nhận tên và mật khẩu. Xem FESTIVAL_SMTP_USER, FESTIVAL_SMTP_PASSWORD rồi khởi động lại."
    ),
    MailFault.SENDER: N_("Máy chủ thư không cho gửi từ địa chỉ này. Xem FESTIVAL_MAIL_FROM."),
    MailFault.CUT_OFF: N_("Máy chủ thư ngắt giữa chừng. Thường tự hết; kéo dài thì hỏi nơi giữ máy chủ thư."),
    MailFault.LATER: N_("Máy chủ nhận thư hẹn lúc khác."),
    MailFault.NO_SUCH_BOX: N_("Máy chủ nhận thư báo không có hộp thư này."),
    MailFault.LETTER: N_("Máy chủ thư không nhận nội dung thư: quá lớn, hoặc bị coi là thư rác."),
    MailFault.BAD_ADDRESS: N_("Địa chỉ thư viết chưa đúng."),
    MailFault.RETURNED: N_("Thư đã đi, rồi bị trả lại."),
}

# What OpenSSL calls a certificate that has ended, or is another's (X509_V_ERR_…).
CERTIFICATES = {10: MailFault.CERTIFICATE_ENDED} | dict.fromkeys((62, 63, 64), MailFault.CERTIFICATE_OF_ANOTHER)
# The first that fits: what the library raises is made of one another.
KINDS: tuple[tuple[type[Exception], MailFault], ...] = (
    (ssl.SSLError, MailFault.NO_TLS),
    (smtplib.SMTPAuthenticationError, MailFault.SIGN_IN),
    (smtplib.SMTPNotSupportedError, MailFault.NOT_OFFERED),
    (smtplib.SMTPRecipientsRefused, MailFault.NO_SUCH_BOX),
    (smtplib.SMTPServerDisconnected, MailFault.CUT_OFF),
    (smtplib.SMTPSenderRefused, MailFault.SENDER),
    (smtplib.SMTPDataError, MailFault.LETTER),
    (socket.gaierror, MailFault.NO_SUCH_SERVER),
    (ConnectionRefusedError, MailFault.SHUT),
    (TimeoutError, MailFault.SILENT),
    (ValueError, MailFault.BAD_ADDRESS),
)


def fault_of(error: Exception) -> str:
    """One of ours, or the name of its kind where there is none for it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return CERTIFICATES.get(error.verify_code, MailFault.CERTIFICATE_UNKNOWN)
    if for_now(error):
        return MailFault.LATER
    return next((fault for kind, fault in KINDS if isinstance(error, kind)), type(error).__name__)


def for_good(error: Exception) -> bool:
    """The server says that there is no such address (5xx of RFC 5321): asking again tells nobody sooner."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return bool(error.recipients) and all(code >= 500 for code, _said in error.recipients.values())


def for_now(error: Exception) -> bool:
    """The server says: later (4xx). It may say so for days."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return not for_good(error)
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code < 500


def fault_words(fault: str) -> Sentence:
    """What happened and what to do."""
    return WORDS.get(fault) or N_("Máy chủ thư trả lời: %(error)s.").filled(error=fault)
