"""What did the organiser give delegations or take off them, as the table says it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.compare import Key
from festival.results.models import DelegationPoints

NAMES = ("delegation_id", "points_milli", "reason", "document", "given_by", "taken_back_by", "taken_back_reason")


def points_found(festival_id: int) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Each under its number among those of the festival, its day as the ledger writes it."""
    own = DelegationPoints.festival_id == festival_id
    for row in db.session.scalars(select(DelegationPoints).where(own)):
        values: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
        taken_back = row.taken_back_at is not None
        yield (festival_id, row.number), {**values, "day": row.day.isoformat(), "taken_back": taken_back}
