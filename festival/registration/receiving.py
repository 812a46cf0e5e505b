"""Who receives a family's prize money? One of its grown-ups, chosen and not typed, until a result of the family is decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from festival.consent.rules import ages
from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.roster.families import birth_of
from festival.roster.models import Entry, EntryState, Family, Person, PrizeReceiver
from festival.roster.steps import note

GROWN_UP_FROM = 18
OVER = (ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Receiving:
    """Who was chosen, None while nobody stands; whom it can be; whether it can still be said."""

    chosen: Person | None
    offered: tuple[Person, ...]
    open: bool


def receiving_of(family: Family) -> Receiving:
    """As it is now; somebody who left the family does not receive any more."""
    row = db.session.scalar(select(PrizeReceiver.person_id).where(PrizeReceiver.family_id == family.id))
    chosen = next((each for each in family.members if each.id == row and not each.out), None)
    return Receiving(chosen, grown_ups(family), not _decided(family.id))


def grown_ups(family: Family) -> tuple[Person, ...]:
    """Who is 18 on the festival's first day; who leads the family also where the birth is not known."""
    on = family.delegation.festival.starts_on
    found = []
    for person in family.members:
        birth = birth_of(person)
        if not person.out and (ages(birth, on).least >= GROWN_UP_FROM if birth else person.representative):
            found.append(person)
    return tuple(found)


def choose_receiver(festival: Festival, family: Family, code: str, how: str, by: int | None = None) -> Person:
    """Say it, or say it anew. BadInput for who is not offered, Conflict once a result of the family is decided."""
    person = next((each for each in grown_ups(family) if each.code == code), None)
    if person is None:
        raise BadInput(field="receiver")
    if _decided(family.id, held=True):
        raise Conflict()
    values = {"family_id": family.id, "person_id": person.id, "said_at": now(), "said_how": how}
    inserting = insert_or_pass(PrizeReceiver).values(values)
    db.session.execute(inserting.on_conflict_do_update(index_elements=["family_id"], set_=values))
    payload = {"family": family.name, "receiver": person.name, "how": how, "by": by}
    note(festival, "prize.receiver", family, family.version, payload, person=person.code)
    return person


def _decided(family_id: int, *, held: bool = False) -> bool:
    """Whether a contest the family is in is decided; `held`: none of them can be until this transaction ends."""
    in_them = select(Entry.contest_id).where(Entry.family_id == family_id, Entry.state == EntryState.ENROLLED)
    query = select(Contest.state).where(Contest.id.in_(in_them)).order_by(Contest.id)
    if held:
        query = query.with_for_update(read=True)
    return any(state in OVER for state in db.session.scalars(query))
