"""Whose act comes up, and who of its performers has not come through a gate?

Acts of this festival day that are still to come, the next three hours and whatever is late; times as the stage has them, from
the version that holds. Who cooks is awaited from the start of cooking, whenever they present; who plays a match of a later
round, as soon as everybody may know the pair.
An entry that names nobody stands for its whole family. Whose act the stage has marked absent is looked for like the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from festival.checkin.lead.missing import MissingLine, looked_for, missing_lines
from festival.checkin.merge import day_window
from festival.core.database import db
from festival.roster.models import Entry, EntryPerson, EntryState, Person
from festival.schedule.later.reading import later_matches, told_matches
from festival.schedule.models import Act
from festival.schedule.presence.performers import AWAITED
from festival.schedule.published.following import followed

AHEAD = timedelta(hours=3)
BEHIND = timedelta(hours=12)
ACTS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class ComingAct:
    """An act with those who are missing from it; none: everybody is here. `needed_at`: since when they are needed there."""

    act: Act
    needed_at: datetime
    missing: tuple[MissingLine, ...]
    of: int

    @property
    def away(self) -> int:
        return sum(len(line.people) for line in self.missing)


def coming_acts(festival_id: int, at: datetime) -> list[ComingAct]:
    """In the order of their times."""
    window = day_window(at)
    acts = [each for each in _acts(festival_id, at) if day_window(each[1].starts_at) == window]
    sides = _sides(festival_id, [act for _needed, act in acts])
    performers = _performers({entry for _needed, act in acts for entry in sides.get(act.entry_id, (act.entry_id,))})
    everybody = sorted(set().union(*performers.values())) if performers else []
    people = looked_for(festival_id, Person.id.in_(everybody), window)
    found = []
    for needed_at, act in acts:
        own = set().union(*(performers[entry] for entry in sides.get(act.entry_id, (act.entry_id,))))
        of_act = [each for each in people if each.id in own]
        found.append(ComingAct(act, needed_at, tuple(missing_lines(of_act)), len(of_act)))
    return found


def _performers(entries: set[int]) -> Mapping[int, set[int]]:
    """By entry."""
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
    performers: dict[int, set[int]] = defaultdict(set)
    for entry, person in db.session.execute(named.union_all(whole)):
        performers[entry].add(person)
    return performers


def _sides(festival_id: int, acts: Sequence[Act]) -> Mapping[int, tuple[int, ...]]:
    """Of matches of later rounds, by the number that stands for their entry: the entries of both sides, where everybody may know."""
    if all(act.entry_id > 0 for act in acts):
        return {}
    told = told_matches(later_matches(festival_id))
    return {-each.match.id: each.sides.known if each.told else () for each in told}


def _acts(festival_id: int, at: datetime) -> list[tuple[datetime, Act]]:
    """Each with the hour from which its people are needed."""
    since, until = at - BEHIND, at + AHEAD
    found = [
        (row.starts_at if row.contest.together_min else act.starts_at, act)
        for row in followed(festival_id, between=(since, until)).sessions
        for act in row.acts
        if act.state in AWAITED and act.entry.state is EntryState.ENROLLED
    ]
    near = [each for each in found if since < each[0] <= until]
    return sorted(near, key=lambda each: (each[0], each[1].starts_at))[:ACTS_SHOWN]
