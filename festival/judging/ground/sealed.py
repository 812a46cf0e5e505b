"""What stands in the tables of the ground, for the comparison with the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.compare import Key
from festival.judging.ground.models import GroundContest, GroundReading, MeasureSeen, ReadingState
from festival.roster.models import Entry


def given(contest_ids: Sequence[int]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Which device was given which of these contests."""
    wanted = select(GroundContest.device_id, GroundContest.contest_id, GroundContest.given_by)
    for row in db.session.execute(wanted.where(GroundContest.contest_id.in_(contest_ids))):
        yield (row.device_id, row.contest_id), row._asdict()


def readings(contest_ids: Sequence[int]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """What devices typed beside the results. What came after the lock has no line in the ledger of the marks."""
    wanted = (
        select(
            GroundReading.mid,
            GroundReading.entry_id,
            GroundReading.round,
            GroundReading.state,
            GroundReading.value,
            GroundReading.answers,
            GroundReading.met_version,
            GroundReading.became,
            GroundReading.device_id,
        )
        .join(Entry, Entry.id == GroundReading.entry_id)
        .where(Entry.contest_id.in_(contest_ids), GroundReading.became != ReadingState.REFUSED)
    )
    for row in db.session.execute(wanted):
        yield (row.mid,), row._asdict()


def seen(contest_ids: Sequence[int]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Which versions of results the heads of teams have seen."""
    wanted = (
        select(
            MeasureSeen.entry_id,
            MeasureSeen.round,
            MeasureSeen.version,
            MeasureSeen.how,
            MeasureSeen.agrees,
            MeasureSeen.note,
            MeasureSeen.device_id,
            MeasureSeen.noted_by,
        )
        .join(Entry, Entry.id == MeasureSeen.entry_id)
        .where(Entry.contest_id.in_(contest_ids))
    )
    for row in db.session.execute(wanted):
        yield (row.entry_id, row.round, row.version), row._asdict()
