"""Which performers of an act have arrived, and who of them has not?

Two statements for all acts of a page. An entry that names nobody stands for its whole family. Before the gates have let
anybody in that day nothing is said: then nobody is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from festival.checkin.merge import day_window
from festival.checkin.presence import anybody_came, has_come
from festival.core.database import db
from festival.roster.models import Entry, EntryPerson, EntryState, Person
from festival.roster.shown.public_names import NameReader, names_held
from festival.schedule.models import Act, ActState

AWAITED = (ActState.WAITING, ActState.READY, ActState.ABSENT)
"""Of whom it matters: who is on the stage or has been there was seen."""


@dataclass(frozen=True, slots=True)
class Performers:
    """How many appear in an entry, and the names of those who have not arrived."""

    of: int
    away: tuple[str, ...]

    @property
    def here(self) -> int:
        """How many of them have arrived."""
        return self.of - len(self.away)


def awaited(acts: Iterable[Act], at: datetime) -> dict[int, int]:
    """The acts of this festival day that are still to come, to their entries."""
    window = day_window(at)
    return {
        act.id: act.entry_id
        for act in acts
        if act.state in AWAITED and act.entry.state is EntryState.ENROLLED and day_window(act.starts_at) == window
    }


def performers_of(festival_id: int, entries: Collection[int], at: datetime) -> Mapping[int, Performers]:
    """By entry; nothing as long as nobody has come that day."""
    window = day_window(at)
    if not db.session.scalar(select(anybody_came(festival_id, window))):
        return {}
    shown = (Entry.id.label("entry"), Person.id, Person.name, Person.position, has_come(window).label("here"))
    named = (
        select(*shown)
        .join(EntryPerson, EntryPerson.entry_id == Entry.id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(Entry.id.in_(entries), ~Person.out)
    )
    whole = (
        select(*shown)
        .join(Person, Person.family_id == Entry.family_id)
        .where(Entry.id.in_(entries), ~Person.out, ~exists().where(EntryPerson.entry_id == Entry.id))
    )
    held = names_held(festival_id, NameReader.DEVICES).people
    count: dict[int, int] = defaultdict(int)
    away: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for row in db.session.execute(named.union_all(whole)):
        count[row.entry] += 1
        if not row.here:
            away[row.entry].append((row.position, row.id, held.get(row.id, row.name)))
    return {entry: Performers(of, tuple(name for *_, name in sorted(away[entry]))) for entry, of in count.items()}
