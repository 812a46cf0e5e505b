"""How are thousands of made-up families taken in without a minute for each thousand?

Writes what `registration.decisions.approve` writes for complete families that fit their quotas (the demo's do: the rule
set grows with it), in a handful of statements for each delegation. tests/demo compares the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert, select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.passes.tokens import new_pass_values
from festival.roster.models import ContestPlace, Delegation, Entry, EntryState, Family, FamilyState

CHUNK = 500


def take_in(festival_id: int, delegation: Delegation, family_ids: Sequence[int], by: int) -> None:
    """Approve the families: state, entries, places, passes and the lines of the ledger."""
    festival = db.session.get_one(Festival, festival_id)
    for start in range(0, len(family_ids), CHUNK):
        _take_chunk(festival, delegation, family_ids[start : start + CHUNK], by)


def _take_chunk(festival: Festival, delegation: Delegation, family_ids: Sequence[int], by: int) -> None:
    at = now()
    connection = db.session.connection()
    families, entries = _table(Family), _table(Entry)
    connection.execute(
        update(families)
        .where(families.c.id.in_(family_ids), families.c.state == FamilyState.SUBMITTED)
        .values(state=FamilyState.APPROVED, version=families.c.version + 1, decided_at=at, decided_by=by)
    )
    enrolled = connection.execute(
        update(entries)
        .where(entries.c.family_id.in_(family_ids), entries.c.state == EntryState.PROPOSED)
        .values(state=EntryState.ENROLLED)
        .returning(entries.c.contest_id)
    ).scalars()
    _count_places(delegation, Counter(enrolled))
    connection.execute(
        update(_table(Delegation))
        .where(_table(Delegation).c.id == delegation.id)
        .values(approved_count=_table(Delegation).c.approved_count + len(family_ids))
    )
    connection.execute(
        insert(_table(Pass)),
        [
            {
                "festival_id": festival.id,
                "family_id": family_id,
                "issue": 1,
                "issued_at": at,
                **new_pass_values("family", family_id, 1),
            }
            for family_id in family_ids
        ],
    )
    rows = connection.execute(
        select(families.c.code, families.c.name, families.c.version)
        .where(families.c.id.in_(family_ids))
        .order_by(families.c.id)
    )
    ledger.append_many(
        f"decisions:{festival.code}",
        [
            ("registration.approved", {"family": row.code, "version": row.version}, {"family": row.name, "by": by})
            for row in rows
        ],
    )


def _count_places(delegation: Delegation, taken: Counter[int]) -> None:
    places = _table(ContestPlace)
    connection = db.session.connection()
    for contest_id, count in sorted(taken.items()):
        known = (places.c.delegation_id == delegation.id) & (places.c.contest_id == contest_id)
        changed = connection.execute(update(places).where(known).values(taken=places.c.taken + count))
        if changed.rowcount == 0:
            connection.execute(insert(places).values(delegation_id=delegation.id, contest_id=contest_id, taken=count))


def _table(model: type[Any]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
