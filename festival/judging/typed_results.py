"""What was typed of contests beside their sheets: tries, overtimes, final orders, points taken off by decision?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, literal, null, select, type_coerce, union_all

from festival.core.types import JsonText
from festival.judging.given_deductions import standing_deductions
from festival.judging.models import FinalOrder, Measure, Overtime
from festival.roster.models import Entry

# Where a round stands in what was typed: no try, the seconds an act ran over its time; no try, points taken off by decision.
OVER, OFF = -1, -2


def typed_of(contest_ids: Sequence[int], deducting: Iterable[int]) -> CompoundSelect[Any]:
    """What was typed, by one statement: tries by entry, in order, seconds over the time, final orders by contest, and of the
    contests that are `deducting` the deductions that stand.
    """
    nothing = type_coerce(null(), JsonText)
    in_contests = select(Entry.id).where(Entry.contest_id.in_(contest_ids))
    tries = select(
        Measure.entry_id.label("of"),
        Measure.round,
        Measure.state,
        Measure.value,
        Measure.version,
        nothing.label("places"),
        Measure.answers.label("text"),
    ).where(Measure.entry_id.in_(in_contests))
    over = select(Overtime.entry_id, literal(OVER), null(), Overtime.seconds, literal(0), null(), null()).where(
        Overtime.entry_id.in_(in_contests)
    )
    orders = select(FinalOrder.contest_id, literal(0), null(), null(), FinalOrder.version, FinalOrder.places, null())
    parts = [tries, over, orders.where(FinalOrder.contest_id.in_(contest_ids))]
    if those := list(deducting):
        parts.append(standing_deductions(those, OFF))
    return union_all(*parts).order_by("round", "version")
