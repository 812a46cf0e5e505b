"""Whose act comes up, and who of its performers has not come through a gate?

Acts of this festival day that are still to come, the next three hours and whatever is late; times as the stage has them, from
the version that holds.
An entry that names nobody stands for its whole family. Whose act the stage has marked absent is looked for like the others.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from festival.checkin.lead.missing import MissingLine, looked_for, missing_lines
from festival.checkin.merge import day_window
from festival.core.database import db
from festival.roster.models import Entry, EntryPerson, EntryState, Person
from festival.schedule.models import Act
from festival.schedule.presence.performers import AWAITED
from festival.schedule.published.following import followed

AHEAD = timedelta(hours=3)
BEHIND = timedelta(hours=12)
ACTS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class ComingAct:
    """An act with those who are missing from it; none: everybody is here."""

    act: Act
    missing: tuple[MissingLine, ...]
    of: int

    @property
    def away(self) -> int:
        return sum(len(line.people) for line in self.missing)


def coming_acts(festival_id: int, at: datetime) -> list[ComingAct]:
    """In the order of their times."""
    window = day_window(at)
    acts = [act for act in _acts(festival_id, at) if day_window(act.starts_at) == window]
    entries = [act.entry_id for act in acts]
    performers: dict[int, set[int]] = defaultdict(set)
    named = (
        select(EntryPerson.entry_id, Person.id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(EntryPerson.entry_id.in_(entries))
    )
    whole = (
        select(Entry.id, Person.id)
        .join(Person, Person.family_id == Entry.family_id)
        .where(Entry.id.in_(entries), ~exists().where(EntryPerson.entry_id == Entry.id))
    )
    for entry, person in db.session.execute(named.union_all(whole)):
        performers[entry].add(person)
    everybody = sorted(set().union(*performers.values())) if performers else []
    people = looked_for(festival_id, Person.id.in_(everybody), window)
    found = []
    for act in acts:
        own = [each for each in people if each.id in performers[act.entry_id]]
        found.append(ComingAct(act, tuple(missing_lines(own)), len(own)))
    return found


def _acts(festival_id: int, at: datetime) -> list[Act]:
    since, until = at - BEHIND, at + AHEAD
    found = [
        act
        for row in followed(festival_id, between=(since, until)).sessions
        for act in row.acts
        if act.state in AWAITED and act.entry.state is EntryState.ENROLLED and since < act.starts_at <= until
    ]
    return sorted(found, key=lambda act: act.starts_at)[:ACTS_SHOWN]
