"""What stands in the tables of the ground, for the comparison with the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.compare import Key
from festival.judging.ground.models import GroundContest


def given(contest_ids: Sequence[int]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Which device was given which of these contests."""
    wanted = select(GroundContest.device_id, GroundContest.contest_id, GroundContest.given_by)
    for row in db.session.execute(wanted.where(GroundContest.contest_id.in_(contest_ids))):
        yield (row.device_id, row.contest_id), row._asdict()
