"""What hangs on an entry: the rounds that come from it, who performs, whether it was marked, its track and photo?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, exists, or_, select

from festival.acts.models import ActFile
from festival.core.database import db
from festival.judging.ground.models import GroundReading
from festival.judging.matches.models import PlayedMatch
from festival.judging.models import Measure, ScoreSheet
from festival.judging.paper.models import SlipTyping
from festival.roster.models import Entry, EntryPerson, Person

# Any of these says that an entry is being judged.
MARKED_BY: tuple[Any, ...] = (
    ScoreSheet.entry_id,
    Measure.entry_id,
    SlipTyping.entry_id,
    GroundReading.entry_id,
    PlayedMatch.a_id,
    PlayedMatch.b_id,
)


def _came(ids: Sequence[int]) -> CTE:
    """Entries (`id`) that are one of these or come from it (`root`)."""
    came = select(Entry.id, Entry.id.label("root")).where(Entry.id.in_(ids)).cte("came", recursive=True)
    return came.union_all(select(Entry.id, came.c.root).where(Entry.from_id == came.c.id))


def chain(entry_ids: Iterable[int]) -> list[int]:
    """These entries and those that come from them, round by round."""
    return list(db.session.scalars(select(_came(list(entry_ids)).c.id)))


def marked() -> ColumnElement[bool]:
    """Whether a mark, a count or a match speaks of the entry of a row."""
    return or_(*(exists().where(column == Entry.id).correlate(Entry) for column in MARKED_BY))


def has_files() -> ColumnElement[bool]:
    """Whether the entry of a row has a track or a photo."""
    return exists().where(ActFile.entry_id == Entry.id, ActFile.standing).correlate(Entry)


def people_of(entry_ids: Sequence[int]) -> dict[int, dict[int, int | None]]:
    """By entry, who performs and of which family."""
    return _people(EntryPerson.entry_id.in_(entry_ids))


def people_of_rounds(entry_id: int) -> dict[int, dict[int, int | None]]:
    """The same of an entry and of those that come from it."""
    return _people(EntryPerson.entry_id.in_(select(_came([entry_id]).c.id)))


def _people(which: ColumnElement[bool]) -> dict[int, dict[int, int | None]]:
    found: dict[int, dict[int, int | None]] = defaultdict(dict)
    rows = select(EntryPerson.entry_id, Person.id, Person.family_id).join(Person, Person.id == EntryPerson.person_id)
    for entry_id, person_id, family_id in db.session.execute(rows.where(which)):
        found[entry_id][person_id] = family_id
    return found


def files_on(entry_ids: Sequence[int]) -> list[ActFile]:
    """Tracks and photos that stand."""
    return list(db.session.scalars(select(ActFile).where(ActFile.entry_id.in_(entry_ids), ActFile.standing)))
