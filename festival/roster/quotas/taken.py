"""How many places of a delegation are taken: families, people, entries and performers of each contest?

One answer for the gate of sending, the page of the organiser and whatever else counts them. Taken is what is approved: a family,
its people who take part, an enrolled entry, who appears in one; and families and entries that are held for whom a place is
offered. (What the conditional statements of `places` hold is the same.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.eligibility import Bounds
from festival.roster.models import ContestPlace, Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.quotas.own import NO_OWN, OwnBounds


@dataclass(frozen=True, slots=True)
class PlacesTaken:
    """What a delegation has taken, and its own bounds. `people` and `performers` are counted where there is a bound."""

    families: int = 0
    people: int = 0
    entries: Mapping[str, int] = field(default_factory=dict)
    performers: Mapping[str, int] = field(default_factory=dict)
    own: OwnBounds = NO_OWN


def people_approved() -> ScalarSelect[int]:
    """Of the delegation of the statement around it."""
    return (
        select(func.count(Person.id))
        .join(Family, Family.id == Person.family_id)
        .where(Family.delegation_id == Delegation.id, Family.state == FamilyState.APPROVED, ~Person.out)
        .correlate(Delegation)
        .scalar_subquery()
    )


def performers_enrolled() -> ScalarSelect[int]:
    """Of the contest and delegation whose place the statement around it reads."""
    return (
        select(func.count())
        .select_from(EntryPerson)
        .join(Entry, Entry.id == EntryPerson.entry_id)
        .where(
            Entry.delegation_id == ContestPlace.delegation_id,
            Entry.contest_id == ContestPlace.contest_id,
            Entry.state == EntryState.ENROLLED,
        )
        .correlate(ContestPlace)
        .scalar_subquery()
    )


COLUMNS = (
    Delegation.id,
    (Delegation.approved_count + Delegation.held_count).label("given"),
    Delegation.families_min,
    Delegation.families_max,
    Delegation.people_max,
    case((Delegation.people_max.is_not(None), people_approved()), else_=0).label("people"),
    Contest.code,
    ContestPlace.taken,
    ContestPlace.entries_most,
    ContestPlace.performers_most,
    case((ContestPlace.performers_most.is_not(None), performers_enrolled()), else_=0).label("performers"),
)
"""One row for each contest a delegation has a place or a bound in, and one for a delegation that has none; see `taken_of_rows`."""


def taken_of_rows(rows: Iterable[Any]) -> dict[int, PlacesTaken]:
    """Delegation → what it has taken, from rows of `COLUMNS`."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return {delegation_id: _taken(of_one) for delegation_id, of_one in found.items()}


def _taken(rows: list[Any]) -> PlacesTaken:
    first, contests = rows[0], [row for row in rows if row.code is not None]
    own = OwnBounds(
        Bounds(first.families_min, first.families_max),
        first.people_max,
        {row.code: row.entries_most for row in contests if row.entries_most is not None},
        {row.code: row.performers_most for row in contests if row.performers_most is not None},
    )
    performers = {row.code: row.performers for row in contests if row.performers_most is not None}
    return PlacesTaken(first.given, first.people, {row.code: row.taken for row in contests}, performers, own)


def taken(where: ColumnElement[bool]) -> dict[int, PlacesTaken]:
    """The same of all delegations of which this holds, by one statement."""
    wanted = (
        select(*COLUMNS)
        .outerjoin(ContestPlace, ContestPlace.delegation_id == Delegation.id)
        .outerjoin(Contest, Contest.id == ContestPlace.contest_id)
        .where(where)
    )
    return taken_of_rows(db.session.execute(wanted))
