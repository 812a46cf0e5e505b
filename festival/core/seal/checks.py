"""Do the tables still say what the ledger says, when was that last looked at, and what was found?

Each room says how its lines become rows again (`register_seal`, from its wiring); here all streams are read once, their
chains checked and their lines replayed, and the outcome is kept (`ledger_check`), nightly by the worker, after a restore,
and when somebody asks. Everything is read in one snapshot, so that what is written meanwhile is no difference. A kept
outcome names rows by their keys only: no value, no name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy import CheckConstraint, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from festival.core import ledger
from festival.core.chain import ChainCheck, Fault, Head, Payload
from festival.core.clock import VIETNAM, local, now
from festival.core.database import Base, db
from festival.core.seal.compare import RecordLine, SealCounts, SealDifference, difference_from_json
from festival.core.sentence import N_, Sentence
from festival.core.statements import insert_or_pass
from festival.core.transaction import reading, transaction
from festival.core.types import EnumText, JsonText

NIGHTLY_AT = time(2, 30)  # in Vietnam: the last judges have gone, the first gate is not open yet
LEASE = timedelta(hours=1)  # a check that was begun and not finished by then died, and is done again
KEPT = timedelta(days=400)
SHOWN = 200  # differences of one check that are named; all are counted
PERIOD_S = 20


class Replay(Protocol):
    """What one room makes of the lines of one stream."""

    def take(self, line: RecordLine) -> None:
        """The next line; a kind of another room is passed over."""

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        """Rows against lines, once all were taken; a constant number of statements."""


@dataclass(frozen=True, slots=True)
class Seal:
    """How a room compares. `streams`: every stream the room's rows are recorded in, with what `begin` needs of it.

    `begin` gets None for a stream of this prefix that no row asks for. `words`: where a difference is, in words.
    """

    name: str
    prefix: str
    streams: Callable[[], Mapping[str, Any]]
    begin: Callable[[str, Any], Replay]
    words: Callable[[Sequence[SealDifference]], list[Sentence]]


def register_seal(app: Flask, seal: Seal) -> None:
    """Let the check compare what this room keeps."""
    app.extensions.setdefault("seals", {})[seal.name] = seal


def register_news(app: Flask, tell: Callable[[LedgerCheck], None]) -> None:
    """Let a room tell of each finished check, inside the transaction that keeps it."""
    app.extensions.setdefault("seal_news", []).append(tell)


class CheckCause(StrEnum):
    """Why the ledger was checked."""

    NIGHTLY = "nightly"
    RESTORE = "restore"
    ASKED = "asked"


class LedgerCheck(Base):
    """A check of the ledger against the tables: asked for, begun, finished, what it found."""

    __tablename__ = "ledger_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[CheckCause] = mapped_column(EnumText(CheckCause))
    night: Mapped[str | None] = mapped_column(unique=True)  # the Vietnamese date of a nightly one: one a night
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lines: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    erased: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)  # of the chain
    differences: Mapped[int] = mapped_column(default=0)  # between ledger and tables
    found: Mapped[dict[str, Any]] = mapped_column(JsonText)  # {"faults": […], "differences": […]}, at most SHOWN each

    __table_args__ = (CheckConstraint("(cause = 'nightly') = (night IS NOT NULL)", name="night_of_nightly"),)

    @property
    def clean(self) -> bool:
        return not (self.faults or self.differences)


@dataclass(slots=True)
class SealedStream:
    """What was found in one stream."""

    name: str
    lines: int
    faults: list[Fault]
    differences: list[tuple[str, SealDifference]] = field(default_factory=list)  # with the name of the seal
    counted: int = 0

    @property
    def clean(self) -> bool:
        return not (self.faults or self.counted)


@dataclass(slots=True)
class SealReport:
    """What a check found."""

    streams: list[SealedStream] = field(default_factory=list)
    counts: SealCounts = field(default_factory=SealCounts)

    @property
    def clean(self) -> bool:
        return all(stream.clean for stream in self.streams)

    def named(self) -> list[tuple[str, SealDifference]]:
        return [each for stream in self.streams for each in stream.differences][:SHOWN]


@contextmanager
def snapshot() -> Iterator[None]:
    """A read in which ledger and tables are of one moment, also on PostgreSQL, where each statement has its own."""
    with reading():
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield


def inspect(only: Iterable[str] = (), outside: Mapping[str, list[Head]] | None = None) -> SealReport:
    """Check chains and tables; `only`: these streams. Call it inside `snapshot()`."""
    seals: dict[str, Seal] = current_app.extensions.get("seals", {})
    about = {name: seal.streams() for name, seal in seals.items()}
    known = {stream for each in about.values() for stream in each}
    chosen = list(only) or sorted({*ledger.streams(), *known, *(outside or {})})
    report = SealReport()
    left = SHOWN
    for stream in chosen:
        replays = {
            name: seal.begin(stream, about[name].get(stream))
            for name, seal in seals.items()
            if stream.startswith(seal.prefix)
        }
        sealed = _read(stream, (outside or {}).get(stream, []), list(replays.values()))
        for name, replay in replays.items():
            for difference in replay.differences(report.counts):
                sealed.counted += 1
                if left > 0:
                    sealed.differences.append((name, difference))
                    left -= 1
        report.streams.append(sealed)
    return report


def _read(stream: str, outside: list[Head], replays: Sequence[Replay]) -> SealedStream:
    check = ChainCheck(stream, outside)
    unreadable: list[Fault] = []
    for entry, payload in ledger.lines(stream):
        check.take(entry, payload)
        try:
            line = RecordLine(entry.seq, entry.kind, entry.subject, _content(payload))
            for replay in replays:
                replay.take(line)
        except (AttributeError, KeyError, TypeError, ValueError):
            # Somebody wrote into the ledger itself: told like a broken chain, not by a traceback.
            unreadable.append(Fault(entry.seq, "không đọc được dòng này"))
    return SealedStream(stream, check.size, [*ledger.end_check(check), *unreadable])


def _content(payload: Payload | None) -> Mapping[str, Any] | None:
    if payload is None or payload.content is None:
        return None
    content: Mapping[str, Any] = json.loads(payload.content)
    return content


HOW_WORDS = {
    "changed": N_("%(place)s: bảng khác với sổ", "seal_changed"),
    "missing": N_("%(place)s: có trong sổ, không còn trong bảng", "seal_missing"),
    "unrecorded": N_("%(place)s: có trong bảng, không có trong sổ", "seal_unrecorded"),
}


def worded(named: Sequence[tuple[str, SealDifference]]) -> list[Sentence]:
    """Each difference in words, in the same order; rooms word their own, set by set. No value is in it."""
    seals: dict[str, Seal] = current_app.extensions.get("seals", {})
    said: dict[int, Sentence] = {}
    for name in {name for name, _difference in named}:
        own = [at for at, (whose, _difference) in enumerate(named) if whose == name]
        places = seals[name].words([named[at][1] for at in own])
        for at, place in zip(own, places, strict=True):
            said[at] = HOW_WORDS[named[at][1].how.value].filled(place=place)
    return [said[at] for at in range(len(named))]


def worded_of(report: SealReport) -> list[Sentence]:
    """What a finished check found, in words, in a read of its own."""
    with reading():
        return worded(report.named())


def worded_check(check: LedgerCheck) -> list[Sentence]:
    """The same of a kept outcome."""
    seals = current_app.extensions.get("seals", {})
    return worded(
        [
            (kept["seal"], difference_from_json(kept))
            for kept in check.found.get("differences", [])
            if kept["seal"] in seals
        ]
    )


def last_check() -> LedgerCheck | None:
    """The latest finished check."""
    return db.session.scalars(
        select(LedgerCheck).where(LedgerCheck.finished_at.is_not(None)).order_by(LedgerCheck.id.desc()).limit(1)
    ).one_or_none()


def recent_checks(most: int = 10) -> Sequence[LedgerCheck]:
    """The latest checks, also those that wait or are under way, newest first."""
    return db.session.scalars(select(LedgerCheck).order_by(LedgerCheck.id.desc()).limit(most)).all()


def ask_for_check() -> bool:
    """Let the worker check as soon as it can; False when one waits already."""
    waiting = db.session.scalar(
        select(LedgerCheck.id).where(LedgerCheck.finished_at.is_(None), LedgerCheck.begun_at.is_(None)).limit(1)
    )
    if waiting is None:
        db.session.add(LedgerCheck(cause=CheckCause.ASKED, asked_at=now(), found={}))
        db.session.flush()
    return waiting is None


def check_now(cause: CheckCause) -> SealReport:
    """Check and keep the outcome, in the process that asks (after a restore)."""
    begun = now()
    with snapshot():
        report = inspect()
    with transaction():
        row = LedgerCheck(cause=cause, asked_at=begun, begun_at=begun, found={})
        db.session.add(row)
        _finish(row, report)
    return report


def due_night(at: datetime) -> str:
    """Of which night a check is due by now: of today from `NIGHTLY_AT` on, before it of yesterday."""
    here = local(at)
    passed = here >= datetime.combine(here.date(), NIGHTLY_AT, VIETNAM)
    return (here.date() if passed else here.date() - timedelta(days=1)).isoformat()


def nightly() -> bool:
    """The worker's chore: what is due or was asked for is checked, by one worker; a missed night is made up for once."""
    at = now()
    night = due_night(at)
    undone = or_(LedgerCheck.begun_at.is_(None), LedgerCheck.begun_at < at - LEASE)
    open_ones = select(LedgerCheck.id).where(LedgerCheck.finished_at.is_(None), undone)
    with reading():
        known = db.session.scalar(select(LedgerCheck.id).where(LedgerCheck.night == night))
        waiting = db.session.scalar(open_ones.limit(1))
    if known is not None and waiting is None:
        return False
    with transaction():
        values = {"cause": CheckCause.NIGHTLY, "night": night, "asked_at": at, "found": {}}
        db.session.execute(insert_or_pass(LedgerCheck).values(**values).on_conflict_do_nothing())
        mine = db.session.scalar(open_ones.order_by(LedgerCheck.id).limit(1).with_for_update(skip_locked=True))
        if mine is None:
            return False
        db.session.execute(update(LedgerCheck).where(LedgerCheck.id == mine).values(begun_at=at))
    with snapshot():
        report = inspect()
    with transaction():
        _finish(db.session.get_one(LedgerCheck, mine, populate_existing=True), report)
    return True


def _finish(row: LedgerCheck, report: SealReport) -> None:
    row.finished_at = now()
    row.lines = sum(stream.lines for stream in report.streams)
    row.rows, row.erased, row.unknown = report.counts.rows, report.counts.erased, report.counts.unknown
    row.faults = sum(len(stream.faults) for stream in report.streams)
    row.differences = sum(stream.counted for stream in report.streams)
    faults = [(stream.name, fault) for stream in report.streams for fault in stream.faults][:SHOWN]
    row.found = {
        "faults": [{"stream": stream, "seq": fault.seq, "reason": fault.reason} for stream, fault in faults],
        "differences": [{"seal": name} | difference.as_json() for name, difference in report.named()],
    }
    db.session.flush()
    db.session.execute(delete(LedgerCheck).where(LedgerCheck.finished_at < now() - KEPT))
    for tell in current_app.extensions.get("seal_news", []):
        tell(row)
