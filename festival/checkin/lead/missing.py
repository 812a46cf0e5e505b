"""Who has not come yet, by name, and which number is called?

Names are those a gate reads. The number is the family's own; without one the representative's, then anybody's of the
family, then that of the head of the delegation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from festival.checkin.presence import has_come
from festival.core.database import db
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.shown.public_names import NameReader, names_held


@dataclass(frozen=True, slots=True)
class MissingLine:
    """Those of one family, or of a delegation's people beside the families, who are not in; whom to call.

    `family` "": people beside the families. `size`: how many are looked for in all; `who`: whose phone it is.
    """

    family: str
    people: tuple[str, ...]
    size: int
    phone: str
    who: str

    @property
    def all_of_it(self) -> bool:
        """Nobody of them has come."""
        return len(self.people) == self.size


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody who is looked for."""

    id: int
    name: str
    here: bool
    representative: bool
    phone: str
    family_id: int | None
    family: str
    family_phone: str
    head_name: str
    head_phone: str


def missing_of(delegation: Delegation, window: str) -> list[MissingLine]:
    """Of one delegation, families in the order of their names, people beside the families last."""
    everybody = or_(
        and_(Family.delegation_id == delegation.id, Family.state == FamilyState.APPROVED),
        and_(Person.family_id.is_(None), Person.delegation_id == delegation.id),
    )
    return missing_lines(looked_for(delegation.festival_id, everybody, window))


def looked_for(festival_id: int, whom: ColumnElement[bool], window: str) -> list[Looked]:
    """Those of them who take part, and whether each has come."""
    held = names_held(festival_id, NameReader.DEVICES)
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.phone,
            Person.representative,
            Person.family_id,
            Family.name.label("family"),
            Family.phone.label("family_phone"),
            Delegation.head_name,
            Delegation.head_phone,
            has_come(window).label("here"),
        )
        .outerjoin(Family, Family.id == Person.family_id)
        .outerjoin(Delegation, Delegation.id == func.coalesce(Family.delegation_id, Person.delegation_id))
        .where(Person.festival_id == festival_id, ~Person.out, whom)
        .order_by(Person.family_id.is_(None), Family.folded, Family.id, Person.position, Person.id)
    )
    return [_looked(row, held) for row in rows]


def _looked(row: Any, held: Any) -> Looked:
    return Looked(
        id=row.id,
        name=held.people.get(row.id, row.name),
        here=bool(row.here),
        representative=row.representative,
        phone=row.phone,
        family_id=row.family_id,
        family=held.family(row.family_id, row.family) if row.family_id is not None else "",
        family_phone=row.family_phone or "",
        head_name=row.head_name or "",
        head_phone=row.head_phone or "",
    )


def missing_lines(people: Iterable[Looked]) -> list[MissingLine]:
    """Family by family in the order given; a family of whom nobody is missing has no line. Pure."""
    groups: dict[int | None, list[Looked]] = {}
    for each in people:
        groups.setdefault(each.family_id, []).append(each)
    return [_line(group) for group in groups.values() if not all(each.here for each in group)]


def _line(group: Sequence[Looked]) -> MissingLine:
    first = group[0]
    absent = [each for each in group if not each.here]
    if first.family_id is None:  # of people beside the families each has the own number
        called = next((each for each in absent if each.phone), None)
        phone, who = (called.phone, called.name) if called else ("", "")
    else:
        called = next((each for each in group if each.representative), first)
        phone, who = first.family_phone or called.phone, called.name
        if not phone and (other := next((each for each in group if each.phone), None)) is not None:
            phone, who = other.phone, other.name
    if not phone:
        phone, who = first.head_phone, first.head_name
    return MissingLine(first.family, tuple(each.name for each in absent), len(group), phone, who)
