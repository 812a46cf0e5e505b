"""Which editions are there, and what does the archive of one show?

Reads only: programme, results and registrations of an edition, whichever is the current one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from festival.core.database import db
from festival.editions.models import Festival
from festival.editions.queries import festivals, state_of
from festival.programme.queries import (
    ContestPage,
    PrizeGroup,
    ProgrammeDay,
    programme_of,
    published_editions,
    results_of,
)
from festival.roster.models import Delegation, Family, FamilyState


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the list: `state` is "current", "archived", "put_away"; "hidden" for one that is archived and of which
    nothing is published: the public sees nothing of it until it is chosen.
    """

    festival: Festival
    state: str
    reason: str
    families: int


@dataclass(frozen=True, slots=True)
class RegisteredLine:
    """A family of an edition, as the list of its delegation shows it."""

    delegation: str
    name: str
    state: FamilyState


@dataclass(frozen=True, slots=True)
class Archive:
    """One part of what an edition was; the others are empty."""

    line: EditionLine
    contests: Sequence[ContestPage] = ()
    delegation_prizes: Sequence[PrizeGroup] = ()
    days: Sequence[ProgrammeDay] = ()
    registered: Sequence[RegisteredLine] = ()


def edition_lines() -> list[EditionLine]:
    """All editions, the latest first."""
    counted = select(Family.festival_id, func.count(Family.id)).group_by(Family.festival_id)
    families = {row[0]: row[1] for row in db.session.execute(counted)}
    published = published_editions()
    return [_line(each, families.get(each.id, 0), each.id in published) for each in festivals()]


def archive_of(festival: Festival, part: str) -> Archive:
    """Its "results", "programme" or "families"; after erasure the numbers that stand in place of names."""
    count = db.session.scalar(select(func.count(Family.id)).where(Family.festival_id == festival.id)) or 0
    line = _line(festival, count, festival.id in published_editions())
    if part == "programme":
        return Archive(line, days=programme_of(festival))
    if part == "families":
        return Archive(line, registered=_registered(festival.id))
    contests, prizes = results_of(festival)
    return Archive(line, contests, prizes)


def _registered(festival_id: int) -> list[RegisteredLine]:
    rows = db.session.execute(
        select(Delegation.name.label("delegation"), Family.name, Family.state)
        .join(Family, Family.delegation_id == Delegation.id)
        .where(Delegation.festival_id == festival_id)
        .order_by(Delegation.position, Family.folded, Family.id)
    )
    return [RegisteredLine(row.delegation, row.name, row.state) for row in rows]


def _line(festival: Festival, families: int, published: bool) -> EditionLine:
    reason = festival.in_state.reason if festival.in_state else ""
    state = state_of(festival)
    return EditionLine(festival, "hidden" if state == "archived" and not published else state, reason, families)
