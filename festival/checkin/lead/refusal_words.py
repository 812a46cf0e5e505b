"""Why was a reading refused or set aside, in words for the lead?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.devices.words import REASON_WORDS, reason_words

# By the reasons of the page of refused readings (`refused.KEYS`); those the server gives have the words of the office.
WHY_WORDS: dict[str, LazyString] = {
    "torn": _l("Mã sai hoặc rách"),
    "foreign": _l("Thẻ của ngày hội khác, mã lạ"),
    "not_listed": _l("Thẻ chưa có trong danh sách"),
    "blank": _l("Thẻ trắng chưa có chủ"),
    "replaced": REASON_WORDS["pass_replaced"],
    "closed": REASON_WORDS["closed"],
    "other_class": REASON_WORDS["other_class"],
    "turned_away": REASON_WORDS["turned_away"],
    "nobody": REASON_WORDS["nobody"],
    "malformed": REASON_WORDS["malformed"],
    "other": _l("Máy chủ không nhận"),
}


def refusal_words(verdict: str, reason: str | None, at_gate: str | None, *, of_a_pass: bool) -> str:
    """`at_gate`: what the phone itself called it; `of_a_pass`: what it read has the form of one."""
    if at_gate is None:
        return reason_words(verdict, reason)
    if at_gate == "foreign":
        return str(_l("Thẻ của ngày hội khác") if of_a_pass else _l("Không phải mã của thẻ"))
    return str(WHY_WORDS.get(at_gate, WHY_WORDS["other"]))
