"""What does the secretary's correction say: the marks that were typed, and old beside new?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from festival.contests.marks import BadMark, Blank, ReadMark, parse_mark, written
from festival.contests.models import Criterion
from festival.core.web.i18n import say
from festival.judging.by_hand.number_words import points_in_words
from festival.judging.contest_rules import scale_of
from festival.judging.sheet_versions import NOTE_LENGTH, Content, marked
from festival.judging.tally import JudgeSheet


@dataclass(frozen=True, slots=True)
class ReadCorrection:
    """The typed correction; `wrong` by field, empty when it can be read back."""

    marks: Mapping[str, int]
    reason: str
    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OldAndNew:
    """A line of what is read back."""

    name: str
    old: str
    new: str

    @property
    def differs(self) -> bool:
        """Whether this line is corrected."""
        return self.old != self.new


def read_correction(criteria: Sequence[Criterion], typed: Mapping[str, str], reason: str) -> ReadCorrection:
    """Every criterion needs a legal mark, and the correction its reason."""
    marks: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for criterion in criteria:
        match parse_mark(typed.get(criterion.code, ""), scale_of(criterion)):
            case ReadMark(milli):
                marks[criterion.code] = milli
            case Blank():
                wrong[criterion.code] = _("Chưa có điểm. Để trống không phải là điểm 0.")
            case BadMark(_fault, said):
                wrong[criterion.code] = say(said)
    why = " ".join(reason.split())
    if not why:
        wrong["reason"] = _("Ghi rõ vì sao sửa phiếu này.")
    elif len(why) > NOTE_LENGTH:
        wrong["reason"] = _("Lý do dài quá %(n)s chữ, xin viết ngắn lại.", n=NOTE_LENGTH)
    return ReadCorrection(marks, why, wrong)


def old_and_new(criteria: Sequence[Criterion], sheet: JudgeSheet, marks: Mapping[str, int]) -> list[OldAndNew]:
    """Each criterion, then the total in digits and words."""
    lines = [
        OldAndNew(
            criterion.name,
            written(sheet.marks[criterion.code]) if criterion.code in sheet.marks else "—",
            written(marks[criterion.code]),
        )
        for criterion in criteria
    ]
    new = marked(marks, {each.code: scale_of(each) for each in criteria})  # by the weights, as it will be stored
    total = new.total_milli if isinstance(new, Content) else None
    return [*lines, OldAndNew(_("Tổng điểm"), _total(sheet.total_milli), _total(total))]


def _total(milli: int | None) -> str:
    return "—" if milli is None else f"{written(milli)} ({points_in_words(milli)})"
