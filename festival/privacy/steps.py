"""Which step may follow on which for a request, and who may ask what of whom? Pure.

open → answered → done
↘ erasing → done        (an erasure that was granted and waits until judging is over)
open, answered → refused, taken back;  done, refused → answered again, when that was a mistake (never an erasure that is done)
"""

from __future__ import annotations

from festival.core.sentence import N_, Sentence

OPEN, ANSWERED, ERASING = "open", "answered", "erasing"
DONE, REFUSED, TAKEN_BACK = "done", "refused", "taken_back"

FROM: dict[str, tuple[str, ...]] = {
    ANSWERED: (OPEN,),
    ERASING: (OPEN, ANSWERED),
    DONE: (OPEN, ANSWERED, ERASING),
    REFUSED: (OPEN, ANSWERED),
    TAKEN_BACK: (OPEN, ANSWERED, ERASING),
}
REOPENED_FROM = (DONE, REFUSED)
CLOSED = frozenset({DONE, REFUSED, TAKEN_BACK})
OF_A_FAMILY_THAT_COMES = ("correct", "withdraw")
OVER = ("withdrawn", "rejected")

KIND_WORDS: dict[str, Sentence] = {
    "see": N_("Xem dữ liệu đang giữ"),
    "correct": N_("Sửa chỗ sai"),
    "withdraw": N_("Rút lại sự đồng ý, thôi tham gia"),
    "erase": N_("Xóa dữ liệu"),
}
STATE_WORDS: dict[str, Sentence] = {
    OPEN: N_("đã nhận, chờ trả lời"),
    ANSWERED: N_("đã trả lời, đang làm"),
    ERASING: N_("đồng ý xóa, chờ đến lúc xóa được"),
    DONE: N_("đã làm xong"),
    REFUSED: N_("không làm được"),
    TAKEN_BACK: N_("gia đình đã rút yêu cầu"),
}
STATE_TONES = {OPEN: "warn", ANSWERED: "note", ERASING: "note", DONE: "good", REFUSED: "bad", TAKEN_BACK: "quiet"}


def asking_fault(kind: str, family_state: str, said: str, *, erased: bool, person_erased: bool) -> Sentence | None:
    """Why this cannot be asked; None when it can. Seeing and erasing stay possible when a family has stepped back."""
    if erased or person_erased:
        return N_("Dữ liệu này đã được xóa rồi, không còn gì để xem, sửa hay xóa nữa.", "erased_already")
    if kind in OF_A_FAMILY_THAT_COMES and family_state in OVER:
        return N_(
            "Hồ sơ của gia đình đã kết thúc nên không còn gì để sửa hay rút. Vẫn xem được và yêu cầu xóa được.",
            "family_over",
        )
    if kind == "correct" and not said:
        return N_("Hãy ghi chỗ nào sai và đúng ra là gì.", "nothing_said")
    return None
