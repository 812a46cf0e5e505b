"""What did somebody type from a slip, and is its total the sum the program comes to?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _

from festival.contests.marks import BadMark, Blank, MarkFault, ReadMark, Scale, parse_mark, written
from festival.core.web.i18n import say
from festival.judging.contest_rules import scale_of
from festival.judging.paper.slips import SlipReading
from festival.judging.sheet_versions import UnreadableSheet, marked
from festival.judging.tally import Tally

TOTAL = "total"
# A total is read to its thousandth, however high; whether it is the right one says the sum.
ANY_TOTAL = Scale(999_999_999, 1)


@dataclass(slots=True)
class TypedSlip:
    """The fields of the form as they were typed, what they say, and what is wrong, by field."""

    typed: dict[str, str]
    reading: SlipReading | None = None
    errors: dict[str, str] = field(default_factory=dict)


def read_slip(tallied: Tally, typed: Mapping[str, str], note: str) -> TypedSlip:
    """`typed`: by criterion code, and `total`."""
    slip, marks, total = TypedSlip(dict(typed)), {}, None
    scales = {criterion.code: scale_of(criterion) for criterion in tallied.criteria}
    for code, scale in scales.items():
        match parse_mark(typed.get(code, ""), scale):
            case ReadMark(milli):
                marks[code] = milli
            case Blank():
                slip.errors[code] = _("Chưa có điểm. Để trống không phải là điểm 0.")
            case BadMark(_fault, said):
                slip.errors[code] = say(said)
    match parse_mark(typed.get(TOTAL, ""), ANY_TOTAL):
        case ReadMark(milli):
            total = milli
        case Blank():
            slip.errors[TOTAL] = _("Gõ tổng điểm ghi trên phiếu.")
        case BadMark(MarkFault.NEGATIVE, said):
            slip.errors[TOTAL] = say(said)
        case BadMark():
            slip.errors[TOTAL] = _("Tổng điểm viết như 87,25.")
    if slip.errors or total is None:
        return slip
    sheet = marked(marks, scales)
    if isinstance(sheet, UnreadableSheet) or sheet.total_milli is None:
        slip.errors[TOTAL] = _("Phiếu này không ghi được.")
    elif sheet.total_milli != total:
        slip.errors[TOTAL] = _(
            "Phiếu ghi tổng %(typed)s, cộng các điểm đã gõ được %(sum)s. Xem lại phiếu: gõ nhầm một điểm, hay giám khảo cộng nhầm?",
            typed=written(total),
            sum=written(sheet.total_milli),
        )
    else:
        slip.reading = SlipReading(sheet.marks, sheet.total_milli, note)
    return slip


def typed_fields(tallied: Tally) -> dict[str, str]:
    """The fields of this request's form."""
    fields = {criterion.code: request.form.get(f"mark-{criterion.code}", "") for criterion in tallied.criteria}
    return fields | {TOTAL: request.form.get(TOTAL, "")}
