"""Who has arrived, by delegation and family, and, only where every exit is scanned, who is inside now?

Gates know who came in. Nobody knows who is still there unless every way out is scanned, which the organiser declares by
turning exit scanning on: without it a roll call would send people into a fire for somebody who went home at noon.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from festival.checkin.presence import has_come, is_inside
from festival.core.database import db
from festival.roster.models import Delegation, Family, Person


@dataclass(frozen=True, slots=True)
class CameLine:
    """How many of a delegation have arrived and are inside; `code` "" for people of no delegation."""

    code: str
    name: str
    came: int
    inside: int


def _whose(statement: Any) -> Any:
    return (
        statement.select_from(Person)
        .outerjoin(Family, Family.id == Person.family_id)
        .outerjoin(Delegation, Delegation.id == func.coalesce(Family.delegation_id, Person.delegation_id))
    )


def came(festival_id: int, window: str) -> list[CameLine]:
    """Delegations of which somebody has arrived that day, in their order; people of none come last."""
    here, inside = has_come(window), is_inside(window)
    rows = db.session.execute(
        _whose(
            select(
                Delegation.code,
                Delegation.name,
                func.count().label("came"),
                func.count().filter(inside).label("inside"),
            )
        )
        .where(Person.festival_id == festival_id, here)
        .group_by(Delegation.id, Delegation.code, Delegation.name, Delegation.position)
        .order_by(Delegation.id.is_(None), Delegation.position, Delegation.name)
    )
    return [CameLine(row.code or "", row.name or "", row.came, row.inside) for row in rows]


@dataclass(frozen=True, slots=True)
class CameFamily:
    """A family, or people of a delegation beside its families (`name` ""), with the names of who is on the list."""

    delegation: str
    name: str
    people: tuple[str, ...]


def names(festival_id: int, window: str, *, inside: bool, delegation: str | None = None) -> list[CameFamily]:
    """By delegation and family; whoever stepped out of the festival and came all the same is there too."""
    query = _whose(
        select(Delegation.name.label("delegation"), Family.id, Family.name.label("family"), Person.name.label("person"))
    ).where(Person.festival_id == festival_id, is_inside(window) if inside else has_come(window))
    if delegation is not None:
        query = query.where(Delegation.code == delegation if delegation else Delegation.id.is_(None))
    rows: Iterable[Any] = db.session.execute(
        query.order_by(
            Delegation.id.is_(None),
            Delegation.position,
            Delegation.name,
            Family.id.is_(None),
            Family.folded,
            Family.id,
            Person.position,
            Person.id,
        )
    )
    return [
        CameFamily(whose or "", family or "", tuple(row.person for row in group))
        for (whose, _family, family), group in groupby(rows, lambda row: (row.delegation, row.id, row.family))
    ]
