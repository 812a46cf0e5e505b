"""Whose act comes up, and who of its performers has not come through a gate?

Acts of this festival day that are still to come, the next three hours and whatever is late; times as the stage has them.
An entry that names nobody stands for its whole family. Whose act the stage has marked absent is looked for like the others.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from festival.checkin.lead.missing import MissingLine, looked_for, missing_lines
from festival.checkin.merge import day_window
from festival.core.database import db
from festival.roster.models import Entry, EntryPerson, EntryState, Person
from festival.schedule.models import Act, Session, Stage
from festival.schedule.presence.performers import AWAITED

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
    return list(
        db.session.scalars(
            select(Act)
            .join(Session, Session.id == Act.session_id)
            .join(Stage, Stage.id == Session.stage_id)
            .join(Entry, Entry.id == Act.entry_id)
            .where(
                Stage.festival_id == festival_id,
                Act.state.in_(AWAITED),
                Entry.state == EntryState.ENROLLED,
                Act.starts_at <= at + AHEAD,
                Act.starts_at > at - BEHIND,
            )
            .options(
                joinedload(Act.session).joinedload(Session.stage),
                joinedload(Act.session).joinedload(Session.contest),
                joinedload(Act.entry),
            )
            .order_by(Act.starts_at, Stage.position, Act.position)
            .limit(ACTS_SHOWN)
        )
    )
