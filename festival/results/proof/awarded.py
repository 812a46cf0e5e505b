"""Who got which prize, by codes: what an export tells, and what a published hash is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.results.models import Award
from festival.roster.models import Delegation, Entry


def awards_told(contest_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """By contest, in their order."""
    rows = db.session.execute(
        select(Award.contest_id, Entry.code, Award.prize, Award.special)
        .join(Entry, Entry.id == Award.entry_id)
        .where(Award.contest_id.in_(contest_ids))
        .order_by(Award.special, Award.position, Entry.code)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.contest_id].append({"entry": row.code, "prize": row.prize, "special": row.special})
    return found


def whole_awards_told(festival_id: int) -> list[dict[str, Any]]:
    """Of the delegations as a whole, highest prize first."""
    rows = db.session.execute(
        select(Delegation.code, Award.prize)
        .join(Delegation, Delegation.id == Award.delegation_id)
        .where(Award.festival_id == festival_id, Award.contest_id.is_(None))
        .order_by(Award.position, Delegation.code)
    )
    return [{"delegation": row.code, "prize": row.prize} for row in rows]
