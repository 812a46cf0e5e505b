"""Who sees the whole delegation, and how far is it?"""

from __future__ import annotations

from festival.contests.models import ContestState
from festival.core.web.access import Actor, Permission, current_actor
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.judging.contest_access import ContestAccess, contests_for
from festival.results.delegations.table import WholeTable, whole_delegation


def has_business(actor: Actor, mine: list[ContestAccess], table: WholeTable | None) -> bool:
    """Whether an account sees the whole delegation: it would tell the places of every contest that brings points."""
    seats = {each.contest.id for each in mine if each.chair or each.secretary}
    counted = {contest.id for contest in table.contests} if table else set()
    return actor.may(Permission.RELEASE) or (bool(seats) and counted <= seats)


def how_far(table: WholeTable) -> str:
    """How far the whole delegation is, as a key of WHOLE_WORDS."""
    if table.provisional:
        return "open"
    if table.minutes is None:
        return "asked" if table.open_questions else "unsigned"
    if table.asked:
        return "amended"
    if table.not_yet(ContestState.RELEASED):
        return "signed"
    return "released" if table.not_yet(ContestState.PUBLISHED) else "published"


def whole_of_actor() -> tuple[Festival, WholeTable | None]:
    festival, actor = the_festival(), current_actor()
    table = whole_delegation(festival)
    if not has_business(actor, contests_for(actor), table):
        raise NotFound()
    return festival, table
