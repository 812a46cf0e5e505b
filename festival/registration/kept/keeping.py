"""What is kept of families for the next edition: only of those who agreed to it, only until the day they were told?

The agreement is one of the others (`ConsentPurpose.KEPT`), given and taken back as they are. What is kept: names, relations, sexes,
births, phone, address, contests; no needs, no introduction. It outlives the erasure of the edition by being put aside there, and is
deleted when nobody's agreement stands any more, or on the day after the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, select, update

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import Agreements
from festival.core.clock import today
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.statements import insert_or_pass
from festival.registration.kept.copies import drop_copies
from festival.registration.kept.models import KeptFamily
from festival.roster.families import WITH_MEMBERS, contests_by_person, household_of_family
from festival.roster.household import Household, from_json, to_json
from festival.roster.models import Family, Person

YEARS = 2


def kept_until(ends_on: date) -> date:
    """The last day for which somebody agrees: two years after the festival's last."""
    leap = (ends_on.month, ends_on.day) == (2, 29)
    return ends_on.replace(year=ends_on.year + YEARS, day=28 if leap else ends_on.day)


def keep(ends_on: date, family_ids: Iterable[int]) -> None:
    """Somebody of these families has agreed; who did before keeps the day that was said then."""
    rows = [{"family_id": each, "kept_until": kept_until(ends_on)} for each in sorted(set(family_ids))]
    if rows:
        db.session.execute(insert_or_pass(KeptFamily).on_conflict_do_nothing(), rows)


def _agreed(family_ids: Iterable[int]) -> set[str]:
    """Codes of the people of these families whose agreement stands."""
    query = (
        select(Person.code)
        .join(Consent, Consent.person_id == Person.id)
        .where(
            Person.family_id.in_(list(family_ids)),
            Consent.purpose == ConsentPurpose.KEPT,
            Consent.withdrawn_at.is_(None),
        )
    )
    return set(db.session.scalars(query))


def _of_those(household: Household, agreed: set[str]) -> Household:
    """What may be kept of a household."""
    members = tuple(
        replace(each, needs="").agreeing(Agreements())
        for each in household.members
        if each.code in agreed and not each.out
    )
    return replace(household, introduction="", members=members)


def kept_households(family_ids: Iterable[int]) -> dict[int, tuple[date, Household]]:
    """Of those of these families that are kept today: until when, and what."""
    rows = {
        row.family_id: row
        for row in db.session.scalars(
            select(KeptFamily).where(KeptFamily.family_id.in_(list(family_ids)), KeptFamily.kept_until >= today())
        )
    }
    living = [each for each, row in rows.items() if row.household is None]
    families = db.session.scalars(select(Family).where(Family.id.in_(living)).options(*WITH_MEMBERS)).all()
    contests, agreed = contests_by_person(living), _agreed(living)
    found = {
        each: (row.kept_until, from_json(row.household)) for each, row in rows.items() if row.household is not None
    }
    for family in families:
        household = _of_those(household_of_family(family, contests), agreed)
        found[family.id] = (rows[family.id].kept_until, household)
    return {each: kept for each, kept in found.items() if kept[1].members}


def ended(person: Person) -> None:
    """An agreement of this person has ended: what is kept is kept of the others, or of nobody."""
    if person.family_id is None:
        return
    row = db.session.scalar(
        select(KeptFamily)
        .where(KeptFamily.family_id == person.family_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        return
    drop_copies()
    agreed = _agreed([row.family_id])
    if not agreed:
        db.session.delete(row)
    elif row.household is not None:
        row.household = to_json(_of_those(from_json(row.household), agreed))
    db.session.flush()


def put_aside(festival_id: int) -> None:
    """The edition's data is about to be erased: what those who agreed are kept by from now on."""
    own = select(Family.id).where(Family.festival_id == festival_id)
    ids = db.session.scalars(select(KeptFamily.family_id).where(KeptFamily.family_id.in_(own))).all()
    kept = kept_households(ids)
    rows = db.session.execute(select(Family.id, Family.link_hash).where(Family.id.in_(kept)))
    links = {row.id: row.link_hash for row in rows}
    for family_id, (_until, household) in kept.items():
        values = {"household": to_json(household), "link_hash": links[family_id]}
        db.session.execute(update(KeptFamily).where(KeptFamily.family_id == family_id).values(values))
    db.session.execute(delete(KeptFamily).where(KeptFamily.family_id.in_(ids), KeptFamily.household.is_(None)))


def erase_past() -> int:
    """What nobody agreed to for today any more goes; answers of how many families."""
    gone = db.session.scalars(
        delete(KeptFamily).where(KeptFamily.kept_until < today()).returning(KeptFamily.family_id)
    ).all()
    return len(gone)


def kept_of_link(code: str) -> KeptFamily | None:
    """Whose data of an erased edition a family's old link still leads to."""
    found = select(KeptFamily).where(KeptFamily.link_hash == look_up_hash(code), KeptFamily.kept_until >= today())
    return db.session.scalar(found)
