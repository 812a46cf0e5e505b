"""Whose records must be made anew? The versions of the families and their passes, laid beside those of the list before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, type_coerce
from sqlalchemy.types import NullType

from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.statements import table
from festival.passes.models import Pass
from festival.roster.models import Family, FamilyState

AnyRow = tuple[Any, ...]

MANY = 60  # so many delegations at once are no faster than all


@dataclass(frozen=True, slots=True)
class RowsSeen:
    """By id: families (id, version, decided, delegation), passes (id, list id, family, delegation, person, blank)."""

    families: Mapping[int, AnyRow]
    passes: Mapping[int, AnyRow]
    replaced: tuple[str, ...]

    def lists_of(self, delegations: frozenset[int]) -> set[str]:
        """The list ids of these delegations and of their families."""
        families = {each for each, row in self.families.items() if row[3] in delegations}
        return {row[1] for row in self.passes.values() if row[3] in delegations or row[2] in families}


_FAMILY, _PASS = table(Family), table(Pass)

_OF_FESTIVAL = _PASS.c.festival_id == bindparam("festival")

# The moment is only laid beside another: it stays as the driver gives it.
_DECIDED = type_coerce(_FAMILY.c.decided_at, NullType()).label("decided")

_FAMILIES = Prepared(
    lambda _database: select(_FAMILY.c.id, _FAMILY.c.version, _DECIDED, _FAMILY.c.delegation_id).where(
        _FAMILY.c.festival_id == bindparam("festival"), _FAMILY.c.state == FamilyState.APPROVED
    )
)

_PASSES = Prepared(
    lambda _database: select(
        _PASS.c.id, _PASS.c.list_id, _PASS.c.family_id, _PASS.c.delegation_id, _PASS.c.person_id, _PASS.c.blank_id
    ).where(_OF_FESTIVAL, _PASS.c.replaced_at.is_(None))
)

_REPLACED = Prepared(lambda _database: select(_PASS.c.list_id).where(_OF_FESTIVAL, _PASS.c.replaced_at.is_not(None)))


def seen_now(festival_id: int) -> RowsSeen:
    """Three statements of plain rows."""
    own = {"festival": festival_id}
    connection = db.session.connection()
    families, passes, gone = (each(connection, own) for each in (_FAMILIES, _PASSES, _REPLACED))
    return RowsSeen({row[0]: row for row in families}, {row[0]: row for row in passes}, tuple(row[0] for row in gone))


def touched(before: RowsSeen, after: RowsSeen) -> frozenset[int] | None:
    """The delegations in which something is another; None = make all anew: a person's own or a blank pass changed, or many."""
    families = _changed(before.families, after.families)
    delegations: set[int] = set()
    for row in _changed(before.passes, after.passes).values():
        _, _, family, delegation, person, blank = row
        if person is not None or blank is not None:
            return None
        delegations |= {delegation} - {None}
        held = after.families.get(family) or before.families.get(family)
        delegations |= {held[3]} if held else set()
    for each in families:
        delegations |= {held[each][3] for held in (before.families, after.families) if each in held}
    return frozenset(delegations) if len(delegations) < MANY else None


def _changed(before: Mapping[int, AnyRow], after: Mapping[int, AnyRow]) -> dict[int, AnyRow]:
    gone = {each: row for each, row in before.items() if each not in after}
    return gone | {each: row for each, row in after.items() if before.get(each) != row}
