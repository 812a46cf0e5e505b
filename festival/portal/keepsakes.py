"""What stands on the picture that a family, or a delegation's group, keeps of the festival? Only what everybody may know.

Names follow the agreements of this hour, awards are those of published contests; a contest that is kept secret gives not even
a place in the list of those with an award.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.editions.models import Festival
from festival.results.delegations.table import read_whole
from festival.results.models import Award
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState
from festival.roster.shown.public_names import names_held

MOST_LINES = 14  # families of a delegation that fit; more are counted


@dataclass(frozen=True, slots=True)
class KeepsakePart:
    """A contest or a family, and what was won there: names of awards as they were published."""

    name: str
    awards: tuple[tuple[str, bool], ...]  # the award, whether it is a special one


@dataclass(frozen=True, slots=True)
class Keepsake:
    """A picture to keep. `won`: by the whole delegation; `more`: how many further parts do not fit."""

    name: str
    unit: str
    parts: tuple[KeepsakePart, ...]
    won: tuple[tuple[str, bool], ...] = ()
    more: int = 0


def keepsake_of_family(family: Family) -> Keepsake:
    """Each contest the family takes part in with its award, the festival's order."""
    held = names_held(family.festival_id)
    query = (
        select(Contest.name, Contest.state, Entry.id)
        .join(Entry, Entry.contest_id == Contest.id)
        .where(Entry.family_id == family.id, Entry.state == EntryState.ENROLLED, Entry.from_id.is_(None))
        .order_by(Contest.position, Entry.id)
    )
    rows = db.session.execute(query).all()
    awards = _published(select(Entry.id).where(Entry.family_id == family.id))
    parts = tuple(KeepsakePart(row.name, tuple(awards.get(row.id, ()))) for row in rows)
    return Keepsake(held.family(family.id, family.name), family.delegation.name, parts)


def keepsake_of_delegation(delegation: Delegation) -> Keepsake:
    """Its families with their awards, the mixed teams that won, and what the whole delegation won."""
    held = names_held(delegation.festival_id)
    families = db.session.execute(
        select(Family.id, Family.name)
        .where(Family.delegation_id == delegation.id, Family.state == FamilyState.APPROVED)
        .order_by(Family.folded, Family.id)
    ).all()
    awards = _published(select(Entry.id).where(Entry.delegation_id == delegation.id))
    rows = db.session.execute(
        select(Entry.id, Entry.family_id, Entry.name).where(Entry.id.in_(list(awards))).order_by(Entry.id)
    ).all()
    of_family: dict[int | None, list[tuple[str, bool]]] = defaultdict(list)
    for row in rows:
        of_family[row.family_id].extend(awards[row.id])
    parts = [KeepsakePart(held.family(row.id, row.name), tuple(of_family[row.id])) for row in families]
    parts += [
        KeepsakePart(held.entry(row.id, row.name), tuple(awards[row.id])) for row in rows if row.family_id is None
    ]
    parts.sort(key=lambda part: not part.awards)  # who won stands first; the order is kept otherwise
    own = select(Award.prize, Award.special).where(Award.delegation_id == delegation.id, Award.contest_id.is_(None))
    whole = read_whole(delegation.festival_id, ContestState.PUBLISHED)
    won = tuple((row.prize, row.special) for row in db.session.execute(own)) if whole else ()
    return Keepsake(delegation.name, "", tuple(parts[:MOST_LINES]), won, max(0, len(parts) - MOST_LINES))


def _published(entries: Select[int]) -> dict[int, list[tuple[str, bool]]]:
    """The awards of these entries that are public, by entry."""
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = db.session.execute(
        select(Award.entry_id, Award.prize, Award.special)
        .join(Contest, Contest.id == Award.contest_id)
        .where(Award.entry_id.in_(entries), Contest.state == ContestState.PUBLISHED)
        .order_by(Award.special, Award.position)
    )
    for row in rows:
        found[row.entry_id].append((row.prize, row.special))
    return found


def is_time(festival: Festival, on: date) -> bool:
    """From the first day on there is something to remember."""
    return on >= festival.starts_on
