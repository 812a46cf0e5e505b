"""What hangs on an entry: the rounds that come from it, who performs, whether it was marked, its track and photo?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, union_all

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


def chain(entry_ids: Iterable[int]) -> list[int]:
    """These entries and those that come from them, round by round."""
    found = list(entry_ids)
    came = found
    while came:
        came = list(db.session.scalars(select(Entry.id).where(Entry.from_id.in_(came))))
        found += came
    return found


def begun(entry_ids: Sequence[int]) -> set[int]:
    """Those of which a mark, a count or a match speaks."""
    return set(db.session.scalars(union_all(*(select(column).where(column.in_(entry_ids)) for column in MARKED_BY))))


def people_of(entry_ids: Sequence[int]) -> dict[int, dict[int, int | None]]:
    """By entry, who performs and of which family."""
    found: dict[int, dict[int, int | None]] = defaultdict(dict)
    rows = select(EntryPerson.entry_id, Person.id, Person.family_id).join(Person, Person.id == EntryPerson.person_id)
    for entry_id, person_id, family_id in db.session.execute(rows.where(EntryPerson.entry_id.in_(entry_ids))):
        found[entry_id][person_id] = family_id
    return found


def files_on(entry_ids: Sequence[int]) -> list[ActFile]:
    """Tracks and photos that stand."""
    return list(db.session.scalars(select(ActFile).where(ActFile.entry_id.in_(entry_ids), ActFile.standing)))
