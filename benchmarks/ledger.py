"""How long does it take to hold every table against the ledger, beside following the chains alone?

The made-up festival with corrected sheets until the ledger has the lines asked for: each correction is a line, a version and new
marks, so the tables grow with it.
"""

from __future__ import annotations

import time
import uuid

from sqlalchemy import func, select

from benchmarks.load import Outcome
from benchmarks.measure import SEED, Bench, report
from festival.contests.models import Contest, Criterion, Judge
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.demo.build import build
from festival.judging.models import ScoreSheet
from festival.judging.sheet_messages import SheetMessage
from festival.judging.taking_sheets import take_sheets
from festival.roster.models import Entry

BATCH = 500


def verify(bench: Bench, database: str, lines: int = 40_000, families: int = 500) -> None:
    """Both, one after the other, three times; a latency is one verification of everything."""
    app, _config = bench.festival(database)
    with app.app_context():
        build(families, SEED, "")
        db.session.remove()
        _correct(lines)
        chain, whole = Outcome(), Outcome()
        for _again in range(3):
            began = time.perf_counter()
            with seals.snapshot():
                faults = [fault for stream in ledger.streams() for fault in ledger.verify(stream)]
            chain.latencies_s.append(time.perf_counter() - began)
            began = time.perf_counter()
            with seals.snapshot():
                found = seals.inspect()
            whole.latencies_s.append(time.perf_counter() - began)
            if faults or not found.clean:
                whole.errors.append(f"{len(faults)} faults, {len(found.named())} differences")
        chain.elapsed_s, whole.elapsed_s = sum(chain.latencies_s), sum(whole.latencies_s)
        written = sum(stream.lines for stream in found.streams)
        db.session.remove()
    report(f"ledger, chains alone, {written} lines", database, chain, workers=1)
    ratio = round(whole.elapsed_s / chain.elapsed_s, 2)
    report(
        f"ledger, chains and {found.counts.rows} rows of the tables, {ratio} times as long",
        database,
        whole,
        workers=1,
    )


def _correct(lines: int) -> None:
    """Every sheet anew, round after round."""
    with reading():
        scales: dict[int, dict[str, tuple[int, int]]] = {}
        for each in db.session.scalars(select(Criterion)):
            scales.setdefault(each.contest_id, {})[each.code] = (each.min_milli, each.max_milli)
        sheets = db.session.execute(
            select(Judge.user_id, Entry.code, Contest.id.label("contest"), ScoreSheet.version)
            .join(Judge, Judge.id == ScoreSheet.judge_id)
            .join(Entry, Entry.id == ScoreSheet.entry_id)
            .join(Contest, Contest.id == Entry.contest_id)
            .where(ScoreSheet.state == "marked")
        ).all()
        written = db.session.scalar(select(func.count()).select_from(LedgerEntry)) or 0
    again = 0
    while written < lines:
        again += 1
        for start in range(0, len(sheets), BATCH):
            messages = [
                SheetMessage(
                    str(uuid.uuid4()),
                    row.user_id,
                    row.code,
                    1,
                    "send",
                    {"marks": {code: scale[again % 2] for code, scale in scales[row.contest].items()}},
                    row.version + again - 1,
                    now(),
                )
                for row in sheets[start : start + BATCH]
            ]
            with transaction():
                written += len(take_sheets(messages))
