"""Which passes are valid now?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select

from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.roster.models import (
    Family,
    Person,
)


def passes(festival_id: int, delegation_id: int | None = None) -> list[Pass]:
    """Valid passes of a festival or of one delegation (its own, its families', its people's)."""
    query = select(Pass).where(Pass.festival_id == festival_id, Pass.replaced_at.is_(None)).order_by(Pass.id)
    if delegation_id is not None:
        query = query.where(
            or_(
                Pass.delegation_id == delegation_id,
                Pass.family_id.in_(select(Family.id).where(Family.delegation_id == delegation_id)),
                Pass.person_id.in_(select(Person.id).where(Person.delegation_id == delegation_id)),
            )
        )
    return list(db.session.scalars(query))


def places(festival_id: int) -> list[Row[Any]]:
    """All valid passes of families and delegations as (id, family, delegation), in one statement of plain rows."""
    query = (
        select(Pass.id, Pass.family_id, func.coalesce(Pass.delegation_id, Family.delegation_id).label("delegation_id"))
        .outerjoin(Family, Family.id == Pass.family_id)
        .where(Pass.festival_id == festival_id, Pass.replaced_at.is_(None), Pass.person_id.is_(None))
    )
    return list(db.session.execute(query))


def by_id(ids: Sequence[int]) -> dict[int, Pass]:
    """These passes."""
    return {row.id: row for row in db.session.scalars(select(Pass).where(Pass.id.in_(ids)))}


def first_form_left(festival_id: int) -> bool:
    """Whether a valid pass is still of the first form, so that its codes must be read."""
    held = select(Pass.id).where(
        Pass.festival_id == festival_id, Pass.replaced_at.is_(None), Pass.typed_attempt.is_(None)
    )
    return db.session.scalar(held.limit(1)) is not None


def pass_of_typed(festival_id: int, typed: str) -> Pass | None:
    """The pass with this typed code, a replaced one too; the table holds a keyed hash of it."""
    return db.session.scalar(
        select(Pass).where(Pass.festival_id == festival_id, Pass.typed_hash == look_up_hash(typed))
    )


def delegation_pass(delegation_id: int) -> Pass | None:
    """The delegation's own valid pass; None before its first approved family."""
    return db.session.scalar(select(Pass).where(Pass.delegation_id == delegation_id, Pass.replaced_at.is_(None)))


def festival_of(row: Pass) -> Festival:
    """Whose festival a pass opens."""
    return db.session.scalars(select(Festival).where(Festival.id == row.festival_id)).one()


def family_pass(family_id: int) -> Pass | None:
    """The family's valid pass, None before approval."""
    return db.session.scalar(select(Pass).where(Pass.family_id == family_id, Pass.replaced_at.is_(None)))
