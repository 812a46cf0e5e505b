"""How do the families of a delegation stand to its places now, as the rule of the line needs it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from festival.contests.models import Contest, EntrantKind
from festival.core.database import db
from festival.registration.guarding import held
from festival.registration.queueing.line import InLine, Room, Stands
from festival.registration.queueing.models import LineSpot, OfferState, OutBy, PlaceOffer, WaitingList
from festival.registration.signing.units import is_asked, signed_among
from festival.roster import families, views
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState, Origin, Person
from festival.roster.rules import Rules

# Of whom the line speaks: who came by itself and waits for approval, not as one in reserve.
CAME_BY_ITSELF = (
    Family.state == FamilyState.SUBMITTED,
    Family.origin == Origin.FAMILY,
    Family.reserve.is_(None),
)
STANDING = and_(PlaceOffer.family_id == Family.id, PlaceOffer.state == OfferState.OFFERED)


def list_of(delegation_id: int) -> WaitingList | None:
    """As it is now, also where this transaction has read it before."""
    query = select(WaitingList).where(WaitingList.delegation_id == delegation_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def people_in(family_id: int) -> int:
    """How many take part."""
    counted = select(func.count()).where(Person.family_id == family_id, ~Person.out)
    return db.session.scalar(counted.select_from(Person)) or 0


def standing_offer(family_id: int) -> PlaceOffer | None:
    """The offer that has not ended; its time may be over."""
    query = select(PlaceOffer).where(PlaceOffer.family_id == family_id, PlaceOffer.state == OfferState.OFFERED)
    return db.session.scalar(query.execution_options(populate_existing=True))


def out_by(family: Family) -> OutBy | None:
    """Who took it out of the line; None while it may be in it."""
    return db.session.scalar(select(LineSpot.out_by).where(LineSpot.family_id == family.id))


def line_of(delegation_id: int, ready: Iterable[int] | None = None) -> list[InLine]:
    """Everybody who holds a place or may get one; `ready`: who of those waiting may be offered one (None: all)."""
    counted = select(func.count(Person.id)).where(Person.family_id == Family.id, ~Person.out)
    columns = (Family.id, Family.state, Family.created_at, counted.correlate(Family).scalar_subquery().label("people"))
    rows = db.session.execute(
        select(
            *columns,
            LineSpot.stands_at,
            LineSpot.out_by,
            PlaceOffer.until,
            PlaceOffer.people.label("held"),
            PlaceOffer.contests,
        )
        .outerjoin(LineSpot, LineSpot.family_id == Family.id)
        .outerjoin(PlaceOffer, STANDING)
        .where(
            Family.delegation_id == delegation_id,
            or_(Family.state == FamilyState.APPROVED, and_(*CAME_BY_ITSELF)),
        )
    ).all()
    contests = _contests(delegation_id)
    may = None if ready is None else set(ready)
    found = []
    for row in rows:
        approved = row.state is FamilyState.APPROVED
        offered = row.until is not None and not approved
        stands = (
            Stands.APPROVED if approved
            else Stands.OFFERED if offered
            else Stands.OUT if row.out_by is not None
            else Stands.WAITING
        )  # fmt: skip
        wanted = contests[row.id, EntryState.ENROLLED if approved else EntryState.PROPOSED]
        found.append(
            InLine(
                row.id,
                stands,
                row.stands_at or row.created_at,
                row.held if offered else row.people,
                frozenset(row.contests if offered else wanted),
                row.until,
                may is None or row.id in may,
            )
        )
    return found


def _contests(delegation_id: int) -> dict[tuple[int | None, EntryState], list[int]]:
    """Where a family has an entry of its own that takes a place; a mixed team has one for all."""
    entries = (
        select(Entry.family_id, Entry.state, Entry.contest_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Entry.delegation_id == delegation_id,
            Entry.family_id.is_not(None),
            Contest.entrant != EntrantKind.TEAM,
            Contest.entries_from_id.is_(None),
        )
    )
    found: dict[tuple[int | None, EntryState], list[int]] = defaultdict(list)
    for family_id, state, contest_id in db.session.execute(entries):
        found[family_id, state].append(contest_id)
    return found


def room_of(rules: Rules, delegation: Delegation, listed: WaitingList) -> Room:
    """How much there is of everything."""
    bounds = {each.id: each for each in rules.contests.values() if each.entrant is not EntrantKind.TEAM}
    most = {contest_id: each.entries_per_delegation for contest_id, each in bounds.items()}
    return Room(delegation.families_max, listed.people_max, most)


@dataclass(frozen=True, slots=True)
class ReadyInLine:
    """Who of those waiting may be offered a place, and who only waits for a signed list (where the edition asks for one)."""

    may: frozenset[int]
    unsigned: frozenset[int]


def ready_in(rules: Rules, delegation: Delegation) -> ReadyInLine:
    """Who lacks nothing, needs nobody's look first, and stands on the signed list where an approval asks for it."""
    query = select(Family).where(Family.delegation_id == delegation.id, *CAME_BY_ITSELF)
    waiting = list(db.session.scalars(query.options(*families.WITH_MEMBERS)))
    complete = {item.family.id for item in views.views(waiting, rules) if item.complete}
    complete -= held.held_among(Family.delegation_id == delegation.id)
    signed = signed_among(delegation) if is_asked(delegation.festival_id) else complete
    return ReadyInLine(frozenset(complete & signed), frozenset(complete - signed))


def lists_of(festival_id: int) -> dict[int, WaitingList]:
    """By delegation."""
    query = select(WaitingList).join(Delegation, Delegation.id == WaitingList.delegation_id)
    rows = db.session.scalars(query.where(Delegation.festival_id == festival_id))
    return {row.delegation_id: row for row in rows}


def delegation_now(delegation_id: int) -> Delegation:
    """Locked until this transaction ends, and read anew: what follows is true until then."""
    query = select(Delegation).where(Delegation.id == delegation_id).options(joinedload(Delegation.festival))
    return db.session.scalars(query.with_for_update(of=Delegation).execution_options(populate_existing=True)).one()
