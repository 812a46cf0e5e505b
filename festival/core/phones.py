"""How is a phone number of Vietnam read, however it was typed or copied?"""

from __future__ import annotations

import re
import unicodedata

from festival.core.names import INVISIBLE
from festival.core.sentence import N_, Sentence
from festival.core.text import cut

MOBILE_PREFIXES = ("03", "05", "07", "08", "09")

OLD_MOBILE = re.compile(r"01[2689]\d{8}")


def phone(value: object) -> str | Sentence:
    """A phone number as 0xxxxxxxxx, or why it is none. A number of Excel has lost its leading zero."""
    text = _phone_text(value)
    if not text:
        return _NO_PHONE
    if re.search(r"[;,/|]|\d\s*-\s*0\d{9}", text) and len(re.findall(r"\d", text)) > 11:
        return N_("Ô này có nhiều số điện thoại. Hãy ghi một số.", "phone_two")
    if not re.fullmatch(r"\(?\+?[\d(][\d\s.()\-]*", text):
        return N_(
            "Số điện thoại “%(phone)s” có chữ hoặc dấu lạ. Hãy chỉ ghi chữ số.", "phone_letters", phone=cut(text, 40)
        )
    digits = _national(text)
    if digits is None:
        return N_("Hãy ghi một số điện thoại của Việt Nam (0… hoặc +84…).", "phone_abroad")
    if OLD_MOBILE.fullmatch(digits):
        return N_("“%(phone)s” là số 11 chữ số cũ. Hãy ghi số mới có 10 chữ số.", "phone_old", phone=digits)
    if (len(digits) == 10 and digits.startswith(MOBILE_PREFIXES)) or (len(digits) == 11 and digits.startswith("02")):
        return digits
    return N_(
        "“%(phone)s” chưa đúng số điện thoại. Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.",
        "phone_wrong",
        phone=cut(text, 40),
    )


def last_four(typed: str) -> str | None:
    """The last four digits of a number as they were typed, whatever stands between them; None for anything else, which is no guess.

    A letter among them is something else: a code copied by mistake holds four digits as often as not.
    """
    digits = re.sub(r"[\W_]", "", typed)
    return digits if re.fullmatch("[0-9]{4}", digits) else None


def _phone_text(value: object) -> str:
    """What was typed, or a number of Excel (also one saved as text: `912345678.0`) without its fraction; '' for none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ""
    text = unicodedata.normalize("NFKC", str(value)).translate(INVISIBLE).strip()
    if re.fullmatch(r"\d{9,12}\.0+|\d\.\d{1,11}[eE]\+?\d{1,2}", text):
        return str(int(float(text)))
    return text


def _national(text: str) -> str | None:
    """The digits with a leading zero instead of the country's number; None for another country's."""
    plus = text.lstrip("(").startswith("+")
    digits = re.sub(r"\D", "", text)
    if digits.startswith("0084"):
        digits, plus = digits[2:], True
    if digits.startswith("84") and (plus or len(digits) in (11, 12)):
        return "0" + digits[2:].removeprefix("0")
    if plus:
        return None
    return "0" + digits if not digits.startswith("0") and len(digits) in (9, 10) else digits


def searched_digits(text: str) -> str:
    """The digits of a phone, or of a part of one, as somebody looks for it: `+84 912`, `(0)912`, `0912.` are all 0912."""
    plain = unicodedata.normalize("NFKC", text).translate(INVISIBLE).strip()
    digits = re.sub(r"\D", "", plain)
    if digits.startswith("0084"):
        return "0" + digits[4:].removeprefix("0")
    if digits.startswith("84") and (plain.lstrip("(").startswith("+") or len(digits) in (11, 12)):
        return "0" + digits[2:].removeprefix("0")
    return digits


_NO_PHONE = N_("Chưa có số điện thoại. Hãy ghi số di động 10 chữ số.", "phone_missing")
