"""Which published turns stand on the back of a family's card? Of its own entries and of the teams its people are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select, union_all

from festival.contests.models import Contest
from festival.core.database import db
from festival.editions.models import Festival
from festival.passes.printing import CardTurn
from festival.programme.lines import programme_lines
from festival.programme.queries import published_plan
from festival.roster.models import Entry, EntryPerson, EntryState, Person


def turns_on_cards(festival: Festival) -> Mapping[int, Sequence[CardTurn]]:
    """By family, in order of time; nothing before the programme is published."""
    lines, _calls = programme_lines(published_plan(festival))
    if not lines:
        return {}
    enrolled = Contest.festival_id == festival.id, Entry.state == EntryState.ENROLLED
    own = select(Entry.code, Entry.family_id).join(Contest).where(*enrolled, Entry.family_id.is_not(None))
    team = (
        select(Entry.code, Person.family_id)
        .join(Contest)
        .join(EntryPerson, EntryPerson.entry_id == Entry.id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(*enrolled, Entry.family_id.is_(None), Person.family_id.is_not(None))
    )
    families: dict[str, set[int]] = defaultdict(set)
    for code, family_id in db.session.execute(union_all(own, team)):
        families[code].add(int(family_id or 0))
    found: dict[int, list[CardTurn]] = defaultdict(list)
    for line in lines:
        turn = CardTurn(line.starts_at.isoformat(), line.contest_name, line.stage_name, line.number)
        for family_id in sorted(set().union(*(families.get(code, ()) for code in (line.entry, *line.sides)))):
            found[family_id].append(turn)
    return found
