"""How are the free places of a delegation offered, each once, and how do those go on that nobody accepted in time?

The delegation's row is locked first, so that of two who distribute at once the second finds what the first has offered;
that no place is given twice is held by the check of that row all the same. The worker does it every minute.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, or_, select

from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.registration.letters import send_offered
from festival.registration.offering import standing, steps
from festival.registration.queueing.line import turn
from festival.registration.queueing.models import OfferState, OutBy, PlaceOffer, WaitingList
from festival.roster import rules as roster_rules
from festival.roster.links import of_families
from festival.roster.models import Delegation, Family, FamilyState
from festival.roster.rules import Rules


def distribute(rules: Rules, delegation_id: int, by: int | None = None) -> tuple[list[Family], list[Family]]:
    """End what is over, offer what is free; who is offered a place now, and whose time was over."""
    delegation = standing.delegation_now(delegation_id)
    _lapse(rules.festival, delegation_id)
    listed = standing.list_of(delegation_id)
    if listed is None:
        return [], []
    line = standing.line_of(delegation_id, standing.ready_in(rules, delegation).may)
    planned = turn(line, standing.room_of(rules, delegation, listed), now())
    late = _families(planned.over)
    for family in late:
        made = standing.standing_offer(family.id)
        if made is not None and steps.end(rules.festival, family, made, OfferState.EXPIRED):
            steps.stand(rules.festival, family, None, out_by=OutBy.FAMILY)
    wanted = {each.family: each for each in line}
    offered = []
    for family in _families(planned.offered if listed.open else ()):
        made = steps.offer(rules.festival, family, wanted[family.id], listed, by)
        if made is not None:
            offered.append(family)
            send_offered(family, rules.festival, made.until, of_families.link_code(family))
    return offered, late


def _families(ids: Iterable[int]) -> list[Family]:
    """In the order asked for."""
    order = list(ids)
    found = (
        {family.id: family for family in db.session.scalars(select(Family).where(Family.id.in_(order)))}
        if order
        else {}
    )
    return [found[each] for each in order]


def _lapse(festival: Festival, delegation_id: int) -> None:
    """An offer to a family that is not waiting any more holds nothing."""
    gone = select(PlaceOffer, Family).join(Family, standing.STANDING)
    waits = (Family.state == FamilyState.SUBMITTED) & Family.reserve.is_(None)
    for made, family in db.session.execute(gone.where(Family.delegation_id == delegation_id, ~waits)).all():
        steps.end(festival, family, made, OfferState.LAPSED)


def look_after() -> int:
    """The worker's chore: wherever a list is open, or an offer stands; answers how many places were offered."""
    stands = exists().where(
        PlaceOffer.state == OfferState.OFFERED,
        PlaceOffer.family_id == Family.id,
        Family.delegation_id == WaitingList.delegation_id,
    )
    with reading():
        query = (
            select(WaitingList.delegation_id).where(or_(WaitingList.open, stands)).order_by(WaitingList.delegation_id)
        )
        wanted = list(db.session.scalars(query))
    offered = 0
    for delegation_id in wanted:
        with transaction():
            festival = db.session.scalars(
                select(Festival)
                .join(Delegation, Delegation.festival_id == Festival.id)
                .where(Delegation.id == delegation_id)
            ).one()
            offered += len(distribute(roster_rules.rules_of(festival), delegation_id)[0])
    return offered
