"""How does each delegation stand now, and how would it stand after something that is not stored yet?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.contests.models import Contest
from festival.core.web.access import current_actor
from festival.judging.contest_access import contests_for, marks_shown
from festival.results.delegations.access import has_business
from festival.results.delegations.table import DelegationLine, WholeTable, whole_delegation
from festival.results.table import ContestTable


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A delegation before and after."""

    name: str
    before: DelegationLine
    after: DelegationLine
    moved: bool
    waits_before: bool
    waits: bool


def order_beside(before: WholeTable, after: WholeTable) -> list[OrderLine]:
    """Each delegation as it stands and as it would stand, in the new order."""
    held, new = {each.code: each for each in before.lines}, after.fresh or after.lines
    return [
        OrderLine(
            each.name,
            held[each.code],
            each,
            (each.place, each.shared, each.prize) != (was.place, was.shared, was.prize),
            each.code in before.waiting,
            each.code in after.waiting,
        )
        for each in new
        if (was := held.get(each.code))
    ]


@dataclass(frozen=True, slots=True)
class WholeFollows:
    """What a decision of one contest would do to the delegations; `hidden`: nobody sees their places yet."""

    hidden: bool
    order: tuple[OrderLine, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether a delegation would have another place, other points or another prize."""
        return any(each.moved or each.before.points_milli != each.after.points_milli for each in self.order)


def whole_if(contest: Contest, table: ContestTable) -> WholeFollows | None:
    """For who sees the whole delegation, of a contest that it depends on; else None. Looks at other contests are noted."""
    before, actor = whole_delegation(contest.festival), current_actor()
    if before is None or contest.id not in {each.id for each in before.contests}:
        return None
    if not has_business(actor, contests_for(actor), before):
        return None
    after = whole_delegation(contest.festival, instead={contest.id: table})
    if before.provisional or after is None:
        return WholeFollows(hidden=True)
    for each in before.contests:
        marks_shown(each)
    return WholeFollows(hidden=False, order=tuple(order_beside(before, after)))
