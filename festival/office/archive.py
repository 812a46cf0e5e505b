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
from festival.programme.queries import PublicView, view_of
from festival.roster.models import Delegation, Family, FamilyState


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the list: `state` is "current", "archived" or "put_away"."""

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
    """What one edition was."""

    line: EditionLine
    view: PublicView
    registered: Sequence[RegisteredLine]


def edition_lines() -> list[EditionLine]:
    """All editions, the latest first."""
    counted = select(Family.festival_id, func.count(Family.id)).group_by(Family.festival_id)
    families = {row[0]: row[1] for row in db.session.execute(counted)}
    return [_line(each, families.get(each.id, 0)) for each in festivals()]


def archive_of(festival: Festival) -> Archive:
    """Programme, results and registrations; after erasure the numbers that stand in place of names."""
    rows = db.session.execute(
        select(Delegation.name.label("delegation"), Family.name, Family.state)
        .join(Family, Family.delegation_id == Delegation.id)
        .where(Delegation.festival_id == festival.id)
        .order_by(Delegation.position, Family.folded, Family.id)
    ).all()
    registered = [RegisteredLine(row.delegation, row.name, row.state) for row in rows]
    return Archive(_line(festival, len(registered)), view_of(festival), registered)


def _line(festival: Festival, families: int) -> EditionLine:
    reason = festival.in_state.reason if festival.in_state else ""
    return EditionLine(festival, state_of(festival), reason, families)
