"""How is a name corrected that stands already: of a member after the approval, of an act, a mixed team, a delegation's head?

A correction says what stood there: when that is not there any more somebody was faster, and nothing is written. Passes,
lists, the programme and what the MC reads take names from these rows, so they follow at once; what was signed keeps the
name it was signed with and is corrected by an amendment. A family is called after its representative, so its name and its
entries follow the representative's. Correcting again is a further correction; every one is a line of the ledger.
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.database import db
from festival.core.names import fold
from festival.editions.models import Festival
from festival.registration.agreeing import touch
from festival.registration.guarding import held
from festival.roster.families import family_by_id, household_of_family
from festival.roster.models import Delegation, Entry, Family, Person
from festival.roster.steps import note, stream


def rename_person(festival: Festival, code: str, was: str, name: str, by: int | None) -> bool:
    """Correct the spelling of somebody's name; False when it is not `was` any more."""
    person = db.session.execute(
        update(Person)
        .where(Person.code == code, Person.festival_id == festival.id, Person.name == was)
        .values(name=name, folded=fold(name))
        .returning(Person.family_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if person is None:
        return False
    payload = {"person": name, "was": was, "by": by}
    if person.family_id is None:
        ledger.append(stream(festival), "person.renamed", {"person": code}, payload)
        return True
    family = family_by_id(person.family_id)
    called = call_family(family)
    note(festival, "registration.renamed", family, touch(family), {**payload, "family": called}, person=code)
    return True


def call_family(family: Family) -> str:
    """The family and those of its entries that bear its name are called after the representative's name of now."""
    household = household_of_family(family, {})
    before = family.name
    if household.name != before:
        db.session.execute(
            update(Family)
            .where(Family.id == family.id)
            .values(name=household.name, folded=fold(household.name))
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            update(Entry)
            .where(Entry.family_id == family.id, Entry.name == before)
            .values(name=household.name)
            .execution_options(synchronize_session=False)
        )
    plain = household.identity
    with suppress(IntegrityError), db.session.begin_nested():
        # Where another registration bears that name and phone, this one keeps the identity it had.
        db.session.execute(
            update(Family)
            .where(Family.id == family.id)
            .values(identity=held.apart(plain, family.code) if held.is_apart(family) else plain)
            .execution_options(synchronize_session=False)
        )
    return household.name


def retitle_act(festival: Festival, code: str, was: str, title: str, by: int | None) -> bool:
    """Correct the title of an entry's act."""
    done = db.session.scalar(
        update(Entry)
        .where(Entry.code == code, Entry.title == was)
        .values(title=title)
        .returning(Entry.id)
        .execution_options(synchronize_session=False)
    )
    # whose it is: with the family goes what the line spoke of
    family = db.session.scalar(select(Family.code).join(Entry, Entry.family_id == Family.id).where(Entry.id == done))
    about = {"entry": code, **({"family": family} if family else {})}
    return _said(festival, "entry.retitled", about, {"title": title, "was": was, "by": by}, done=done)


def rename_team(festival: Festival, code: str, was: str, name: str, by: int | None) -> bool:
    """Correct the name of a mixed team; a family's own entry is called after the family."""
    done = db.session.scalar(
        update(Entry)
        .where(Entry.code == code, Entry.family_id.is_(None), Entry.name == was)
        .values(name=name)
        .returning(Entry.id)
        .execution_options(synchronize_session=False)
    )
    return _said(festival, "entry.renamed", {"entry": code}, {"name": name, "was": was, "by": by}, done=done)


def name_head(festival: Festival, code: str, was: str, name: str, by: int | None) -> bool:
    """Write or correct who leads a delegation."""
    done = db.session.scalar(
        update(Delegation)
        .where(Delegation.code == code, Delegation.festival_id == festival.id, Delegation.head_name == was)
        .values(head_name=name)
        .returning(Delegation.id)
        .execution_options(synchronize_session=False)
    )
    return _said(festival, "delegation.led", {"delegation": code}, {"head": name, "was": was, "by": by}, done=done)


def _said(
    festival: Festival, kind: str, about: dict[str, str], payload: dict[str, object], *, done: int | None
) -> bool:
    if done is None:
        return False
    ledger.append(stream(festival), kind, about, payload)
    return True
