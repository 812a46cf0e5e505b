"""What stands of each try of a contest, and what stands beside it: offers, counts taken blind, who has seen it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from festival.core.database import db
from festival.devices.models import Device
from festival.judging.ground.models import GroundReading, MeasureSeen, ReadingState, SeenHow
from festival.judging.models import Measure, MeasureRevision, MeasureState
from festival.roster.models import Entry


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """What a device typed."""

    mid: str
    device_id: int
    device: int
    station: str
    state: MeasureState | None
    value: int | None
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class SeenLine:
    how: SeenHow
    agrees: bool
    note: str


@dataclass
class TryLine:
    """One try of one entry; `version` 0: nothing stands."""

    entry_id: int
    entry: str
    round: int
    state: MeasureState | None = None
    value: int | None = None
    answers: str | None = None
    version: int = 0
    offers: list[ReadingLine] = field(default_factory=list)
    counts: list[ReadingLine] = field(default_factory=list)
    refused: list[ReadingLine] = field(default_factory=list)
    settled: list[ReadingLine] = field(default_factory=list)
    seen: SeenLine | None = None
    last: int = 0  # nothing stands: the version of what was taken back


def tries_of(contest_ids: Sequence[int]) -> dict[int, list[TryLine]]:
    """By contest, in the order of entries and tries; only tries of which something is known."""
    found: dict[tuple[int, int], TryLine] = {}
    of_contest: dict[int, int] = {}

    def line(entry_id: int, code: str, contest_id: int, round_: int) -> TryLine:
        of_contest[entry_id] = contest_id
        return found.setdefault((entry_id, round_), TryLine(entry_id, code, round_))

    stands = select(
        Entry.id,
        Entry.code,
        Entry.contest_id,
        Measure.round,
        Measure.state,
        Measure.value,
        Measure.answers,
        Measure.version,
    ).join(Measure, Measure.entry_id == Entry.id)
    for row in db.session.execute(stands.where(Entry.contest_id.in_(contest_ids))):
        each = line(row.id, row.code, row.contest_id, row.round)
        each.state, each.value, each.answers, each.version = row.state, row.value, row.answers, row.version
    beside = (
        select(GroundReading, Entry.code, Entry.contest_id, Device.number, Device.station)
        .join(Entry, Entry.id == GroundReading.entry_id)
        .join(Device, Device.id == GroundReading.device_id)
        .where(Entry.contest_id.in_(contest_ids))
        .order_by(GroundReading.id)
    )
    for reading, code, contest_id, number, station in db.session.execute(beside):
        each = line(reading.entry_id, code, contest_id, reading.round)
        said = ReadingLine(
            reading.mid, reading.device_id, number, station, reading.state, reading.value, reading.answers
        )
        if reading.became is ReadingState.OFFERED:
            each.offers.append(said)
        elif reading.became is ReadingState.REFUSED:
            each.refused.append(said)
        elif reading.became is ReadingState.SETTLED:
            each.settled.append(said)
        elif reading.met_version == each.version:
            each.counts.append(said)
    before = (
        select(MeasureRevision.entry_id, MeasureRevision.round, MeasureRevision.content, Entry.code, Entry.contest_id)
        .join(Entry, Entry.id == MeasureRevision.entry_id)
        .where(MeasureRevision.contest_id.in_(contest_ids))
        .order_by(MeasureRevision.id)
    )
    for row in db.session.execute(before):
        line(row.entry_id, row.code, row.contest_id, row.round).last = int(row.content["version"])
    answers = select(MeasureSeen).join(Entry, Entry.id == MeasureSeen.entry_id).where(Entry.contest_id.in_(contest_ids))
    for seen in db.session.scalars(answers):
        stood = found.get((seen.entry_id, seen.round))
        if stood is not None and stood.version == seen.version:
            stood.seen = SeenLine(seen.how, seen.agrees, seen.note)
    by_contest: dict[int, list[TryLine]] = defaultdict(list)
    for key in sorted(found):
        by_contest[of_contest[key[0]]].append(found[key])
    return by_contest
