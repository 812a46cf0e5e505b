"""What is kept of anybody, where, and until when? In words for everybody; every personal table of `kept` is in one of the lines. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from festival.core.sentence import N_, Sentence
from festival.privacy.kept import PERSONAL, Ending


class KeptUntil(StrEnum):
    """Which day ends it."""

    DATA = "data"  # the day of the data
    PAPERS = "papers"  # the day of the papers
    ACCOUNT = "account"  # as long as somebody works for the festival
    COPIES = "copies"  # with the copy itself
    LOG = "log"
    AGREED = "agreed"  # the day that was agreed to


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind: what it is, where it lies, which tables hold it, until when."""

    what: Sentence
    where: Sentence
    tables: tuple[str, ...]
    until: KeptUntil


SERVER = N_("cơ sở dữ liệu trên máy chủ")
_ENDS = {
    Ending.EMPTIED: KeptUntil.DATA,
    Ending.DELETED: KeptUntil.DATA,
    Ending.SEALED: KeptUntil.PAPERS,
    Ending.STAFF: KeptUntil.ACCOUNT,
    Ending.AGREED: KeptUntil.AGREED,
}
_LINES: tuple[tuple[Sentence, tuple[str, ...]], ...] = (
    (N_("Gia đình: tên, điện thoại, địa chỉ, thư điện tử, giới thiệu, liên kết"), ("family",)),
    (N_("Người: tên, ngày sinh, giới tính, quan hệ, điện thoại, nhu cầu"), ("person",)),
    (N_("Sự đồng ý: ai đồng ý cho ai, lúc nào, bằng cách nào"), ("consent", "consent_refusal")),
    (N_("Cha, mẹ, người giám hộ có liên kết riêng: tên, điện thoại"), ("parent_link",)),
    (N_("Ảnh phiếu đồng ý gia đình đã ký"), ("agreement_sheet",)),
    (N_("Danh sách gia đình đã in và bản đơn vị đã ký"), ("signing_list", "list_page")),
    (N_("Đổi số sau bốc thăm: trưởng đoàn đồng ý, lý do"), ("draw_change",)),
    (
        N_("Biên bản bốc thăm: người dự thay mặt các đoàn, người chứng kiến, bản đã ký"),
        ("draw_meeting", "draw_minutes", "draw_minutes_page"),
    ),
    (N_("Dân tộc, nếu gia đình tự ghi và đồng ý riêng"), ("ethnic_group",)),
    (N_("Dị ứng, nếu người ấy đồng ý riêng; chỉ bếp ăn và y tế đọc được"), ("allergy",)),
    (N_("Người ngoài các gia đình: cách xưng hô, chức danh, chỗ ngồi"), ("badge_holder",)),
    (N_("Yêu cầu về dữ liệu và câu trả lời"), ("privacy_request",)),
    (N_("Thôi tham gia và trở lại"), ("departure",)),
    (N_("Thay đổi sau khi duyệt: trước, sau, lý do"), ("family_change",)),
    (N_("Vì sao một đội ghép đứng khác thể lệ, hoặc đã giải thể"), ("mixed_team",)),
    (N_("Thay người, thay gia đình: lý do"), ("substitution",)),
    (N_("Kiến nghị của các đoàn, câu trả lời, ảnh tờ đơn"), ("petition", "petition_step")),
    (
        N_("Phiếu tiết mục: lời cho MC, cách đọc tên; nhạc nền và ảnh gia đình trong thư mục tệp"),
        ("act_version", "act_file", "act_upload"),
    ),
    (N_("Tiết mục, lịch thi, giải thưởng, có tên gia đình"), ("entry", "plan", "award")),
    (N_("Trưởng đoàn: tên, điện thoại; lý do gia hạn của đoàn"), ("delegation",)),
    (N_("Yêu cầu tài khoản của cán bộ qua liên kết mời: tên, điện thoại"), ("account_request",)),
    (N_("Liên kết mời cán bộ của đoàn"), ("invitation",)),
    (N_("Trẻ lạc: trông thế nào, ở đâu, đã trao cho ai"), ("child_step",)),
    (N_("Xe của đoàn: biển số, điện thoại người lái"), ("delegation_stay",)),
    (N_("Bàn tiếp đón: ai nhận thẻ, phiếu ăn, cờ của đoàn"), ("handout",)),
    (N_("Khi xếp lịch: ai vắng mặt lúc nào, lý do"), ("wish",)),
    (N_("Thông báo đã phát"), ("announcement",)),
    (
        N_("Bài viết trên trang công khai, ảnh trong bài và ai đã đồng ý"),
        ("post", "post_version", "post_picture", "post_picture_file"),
    ),
    (N_("Lý do vẫn dùng tên chưa dò"), ("name_confirmation",)),
    (N_("Mẫu giấy chứng nhận: ai ký"), ("certificate_layout",)),
    (N_("Chương trình buổi lễ: ai phát biểu, ai trao, ai nhận thay"), ("ceremony_order",)),
    (
        N_("Bản nháp đăng ký và tệp Excel đang chờ"),
        ("registration_draft", "import_batch", "badge_import", "refused_page"),
    ),
    (N_("Hồ sơ đăng ký trước mỗi lần sửa"), ("former_registration",)),
    (
        N_("Ai đồng ý giữ lại cho ngày hội sau: họ tên, quan hệ, giới tính, ngày sinh, phần thi, điện thoại, địa chỉ"),
        ("kept_family",),
    ),
    (N_("Thư trong hộp thư đi"), ("outbox_mail",)),
    (N_("Tin và tên của máy ở cổng, sân khấu, ban giám khảo"), ("device", "device_note", "device_shift", "mutation")),
    (
        N_("Lời ghi bên phiếu điểm và các bước của kết quả"),
        (
            "score_sheet",
            "sheet_revision",
            "refused_sheet",
            "measure_seen",
            "standing",
            "state_change",
            "unlocking",
            "result_taken_back",
            "slip_typing",
            "slip_decision",
            "border_check",
            "sheet_confirmation",
            "bracket_draw",
            "deduction",
        ),
    ),
    (N_("Lời nhận xét của giám khảo gửi gia đình"), ("sheet_comment",)),
    (N_("Nội dung các dòng của sổ ghi"), ("ledger_payload",)),
    (N_("Lý do trưởng cổng ghi khi quyết định một lượt quét"), ("gate_decision", "incident_word")),
    (N_("Lý do giữ lại, lý do cất một kỳ ngày hội"), ("retention", "edition_state")),
    (
        N_("Biên bản, quyết định của ban giám khảo và tên ghi trong đó"),
        (
            "delegation_points",
            "jury_decision",
            "signed_paper",
            "standing_amendment",
            "whole_minutes",
            "founding_paper",
            "panel_meeting",
            "whole_meeting",
        ),
    ),
    (
        N_("Tờ trình, quyết định trao giải; bản ký của biên bản và quyết định: ảnh hoặc bản quét, lý do bỏ"),
        ("signed_scan_page", "signed_scan_use", "award_sheet"),
    ),
    (
        N_("Danh sách ký nhận tiền, bữa ăn, quà: ai nhận bao nhiêu, ai ký nhận"),
        ("pay_list", "pay_line", "pay_sheet"),
    ),
    (N_("Báo cáo kết quả: thu chi, truyền thông, người được đề nghị khen thưởng"), ("report_line",)),
    (N_("Các bản báo cáo kết quả đã lập, có tên người được đề nghị khen thưởng"), ("report_version", "report_file")),
    (N_("Ảnh phiếu chấm và điều ban giám khảo ghi khi kiểm tra ranh giới"), ("slip_photo", "border_typing")),
    (N_("Tài khoản người làm việc"), ("sign_in", "unavailability", "user_account")),
    (
        N_("Giám khảo: quan hệ đã khai, lý do thay người"),
        ("declared_relation", "relation_dismissed", "seat_replacement"),
    ),
)


def holdings() -> list[Holding]:
    """Every line; a table that has none yet stands under plain words, so that nothing is left out."""
    found = [Holding(words, SERVER, tables, _ENDS[PERSONAL[tables[0]][0]]) for words, tables in _LINES]
    told = {name for each in found for name in each.tables}
    for ending in Ending:
        others = tuple(name for name, (its, _columns) in PERSONAL.items() if its is ending and name not in told)
        if others:
            found.append(Holding(N_("Những ghi chép khác có tên người"), SERVER, others, _ENDS[ending]))
    found.append(Holding(N_("Bản sao dự phòng của máy chủ"), N_("thư mục sao lưu trên máy chủ"), (), KeptUntil.COPIES))
    found.append(
        Holding(
            N_("Danh sách tên ở máy cổng và máy giám khảo"),
            N_("trong máy đã gắn, tự xóa khi thu hồi"),
            (),
            KeptUntil.DATA,
        )
    )
    found.append(Holding(N_("Nhật ký an ninh"), SERVER, (), KeptUntil.LOG))
    return found
