"""What do pages show of the lines: the organiser of all and of one, a family of its own place?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from festival.core.clock import now
from festival.core.database import db
from festival.core.web.paging import ListPart, part
from festival.registration.offering import standing
from festival.registration.queueing.line import InLine, Stands, in_order, place_of, stands_offered
from festival.registration.queueing.models import LineSpot, OfferState, OutBy, PlaceOffer, WaitingList
from festival.registration.signing.units import is_asked, stands_signed
from festival.roster import delegations
from festival.roster.models import Delegation, Family, Origin
from festival.roster.rules import Rules

PAGE = 40


@dataclass(frozen=True, slots=True)
class ListShown:
    """A delegation with its line (None: there never was one) and how many wait."""

    delegation: Delegation
    listed: WaitingList | None
    waiting: int


def lists_shown(festival_id: int) -> list[ListShown]:
    """Every delegation in its order; three statements however many."""
    listed = standing.lists_of(festival_id)
    waits = (
        select(Family.delegation_id, func.count())
        .outerjoin(LineSpot, LineSpot.family_id == Family.id)
        .outerjoin(PlaceOffer, standing.STANDING)
        .where(
            Family.festival_id == festival_id,
            *standing.CAME_BY_ITSELF,
            LineSpot.out_by.is_(None),
            PlaceOffer.id.is_(None),
        )
        .group_by(Family.delegation_id)
    )
    number: dict[int, int] = {row[0]: row[1] for row in db.session.execute(waits)}
    every = delegations.delegations(festival_id)
    return [ListShown(each, listed.get(each.id), number.get(each.id, 0)) for each in every]


@dataclass(frozen=True, slots=True)
class FamilyShown:
    """A family of the line: its place while it waits, until when its offer stands, who took it out.

    `unsigned`: all that it waits for is the signed list of its unit.
    """

    family: Family
    stands: InLine
    place: int | None
    moved: bool
    out_by: OutBy | None
    unsigned: bool


@dataclass(frozen=True, slots=True)
class LineShown:
    """A part of a delegation's line: those who wait, were offered a place, or wait no more; and how many of each."""

    families: list[FamilyShown]
    counts: dict[Stands, int]
    part: ListPart


SHOWN = (Stands.WAITING, Stands.OFFERED, Stands.OUT)


def line_shown(rules: Rules, delegation: Delegation, what: Stands, page: int) -> LineShown:
    """The same number of statements however long the line is."""
    ready = standing.ready_in(rules, delegation)
    line = standing.line_of(delegation.id, ready.may)
    counts = {stands: sum(each.stands is stands for each in line) for stands in SHOWN}
    order = in_order(line) if what is Stands.WAITING else sorted(
        (each for each in line if each.stands is what), key=lambda each: (each.until or each.since, each.family)
    )  # fmt: skip
    shown = part(len(order), PAGE, page)
    places = {each.family: place for place, each in enumerate(in_order(line), start=1)}
    return LineShown(_shown(order[shown.offset : shown.offset + PAGE], places, ready.unsigned), counts, shown)


def family_shown(rules: Rules, family: Family) -> FamilyShown | None:
    """One family; None where it has nothing to do with the line now."""
    ready = standing.ready_in(rules, family.delegation)
    line = standing.line_of(family.delegation_id, ready.may)
    own = next((each for each in line if each.family == family.id and each.stands is not Stands.APPROVED), None)
    if own is None:
        return None
    place = place_of(line, family.id)
    return _shown([own], {family.id: place} if place else {}, ready.unsigned)[0]


def _shown(found: Iterable[InLine], places: dict[int, int], unsigned: Collection[int]) -> list[FamilyShown]:
    order = list(found)
    wanted = [each.family for each in order]
    rows = select(Family, LineSpot).outerjoin(LineSpot, LineSpot.family_id == Family.id).where(Family.id.in_(wanted))
    by_id: dict[int, tuple[Family, LineSpot | None]] = {}
    for family, joined in db.session.execute(rows) if wanted else ():
        by_id[family.id] = (family, joined)
    shown = []
    for each in order:
        family, spot = by_id[each.family]
        moved = spot is not None and spot.stands_at is not None
        out_by = spot.out_by if spot else None
        shown.append(FamilyShown(family, each, places.get(family.id), moved, out_by, each.family in unsigned))
    return shown


def offers_to(family_id: int) -> list[PlaceOffer]:
    """The last one first."""
    query = select(PlaceOffer).where(PlaceOffer.family_id == family_id)
    return list(db.session.scalars(query.order_by(PlaceOffer.number.desc())))


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """What a family sees: its place among how many; until when a place is held for how many people; that it had its turn.

    `unsigned`: the edition asks for a signed list, and the family stands on none as it is now.
    """

    place: int | None
    waiting: int
    until: datetime | None
    people: int
    out_by: OutBy | None
    unsigned: bool


def own_place(family: Family) -> OwnPlace | None:
    """None where its places are not given in turn, or it does not wait for one."""
    listed = standing.list_of(family.delegation_id)
    if listed is None or family.origin is not Origin.FAMILY:
        return None
    line = standing.line_of(family.delegation_id)
    own = next((each for each in line if each.family == family.id and each.stands is not Stands.APPROVED), None)
    if own is None:
        return None
    offered = stands_offered(own, now())
    if not listed.open and not offered:
        return None
    return OwnPlace(
        place_of(line, family.id),
        len(in_order(line)),
        own.until if offered else None,
        own.people,
        standing.out_by(family),
        is_asked(family.festival_id) and not stands_signed(family),
    )


def held_until(family_id: int) -> datetime | None:
    """Until when a place is held for this family's answer."""
    query = select(PlaceOffer.until).where(PlaceOffer.family_id == family_id, PlaceOffer.state == OfferState.OFFERED)
    return db.session.scalar(query.where(PlaceOffer.until > now()))


def festivals_in_turn(festival_ids: Iterable[int]) -> set[int]:
    """In which of these editions families wait in a line somewhere."""
    given = and_(WaitingList.delegation_id == Delegation.id, WaitingList.open, Delegation.self_registration)
    query = (
        select(Delegation.festival_id).join(WaitingList, given).where(Delegation.festival_id.in_(list(festival_ids)))
    )
    return set(db.session.scalars(query))
