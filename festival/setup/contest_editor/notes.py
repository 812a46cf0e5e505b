"""Until when may each field of a contest change, and what stands beside it when the time is over? Pure."""

from __future__ import annotations

from collections.abc import Mapping

from festival.contests.changeable import Until, over
from festival.core.sentence import N_, Sentence
from festival.setup.contest_editor.field_words import LABELS
from festival.setup.deadlines import until

MOST = ""  # the key of what is true of every field without a note of its own
_OVER: Mapping[Until, Sentence] = {
    Until.SIGNING: N_("Không đổi được nữa: biên bản đã ký."),
    Until.PUBLICATION: N_("Không đổi được nữa: kết quả đã công bố."),
}
_CODE = N_("Đổi được khi chưa có ai đăng ký. Mã nằm trong địa chỉ các trang.")


def notes(fixed: bool, signed: bool, published: bool) -> dict[str, tuple[Sentence, ...]]:
    """By field: until when it may change and what follows, or that the time is over.

    Most fields may change until the first mark: that is said once, under MOST.
    """
    found: dict[str, tuple[Sentence, ...]] = {
        MOST: (
            N_("Phần thi đã có điểm: chỉ những ô có ghi chú riêng còn đổi được.")
            if fixed
            else N_("Đổi được đến khi có điểm đầu tiên; ô nào khác thì có ghi chú riêng."),
        )
    }
    for field in LABELS:
        if field.endswith(".max") or field in ("part.code", "more"):
            continue  # said at the field beside it
        deadline = until(f"contest.{field.replace('levels', 'descriptors')}")
        if deadline.until is Until.NEVER:
            found[field] = (_CODE,)
        elif deadline.until is Until.FIRST_MARK:
            continue
        elif over(deadline.until, fixed=fixed, signed=signed, published=published):
            found[field] = (_OVER[deadline.until],)
        else:
            found[field] = (deadline.words, deadline.after) if deadline.after else (deadline.words,)
    return found
