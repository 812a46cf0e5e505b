"""A sheet that is sent costs the database as much beside many stored sheets as beside few, alone and in a batch.

No clock: on SQLite the steps of its machine are counted, on PostgreSQL the rows and entries of indices it read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select

from festival.core.database import db
from festival.core.transaction import reading
from festival.judging.models import ScoreSheet
from tests.devices.kit import Phone, verdicts
from tests.harness.waiting import wait_until
from tests.judging.panel_cast import cast, marks, more_entries
from tests.judging.test_tablet_sync import tablet

FEW, MANY, BATCH = 20, 420, 20
GROWTH = 1.2
READ = """SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes),
  (SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE relname = 'device')"""


def steps(engine: Engine, work: Callable[[], object]) -> int:
    """Of SQLite's machine."""
    counted = 0

    def step() -> int:
        nonlocal counted
        counted += 1
        return 0

    def taken(connection: Any, *_more: object) -> None:
        connection.set_progress_handler(step, 1)

    engine.dispose()  # every connection is taken anew, counted
    event.listen(engine, "checkout", taken)
    try:
        work()
    finally:
        event.remove(engine, "checkout", taken)
        engine.dispose()
    return counted


def rows(engine: Engine, work: Callable[[], object]) -> int:
    """Read by PostgreSQL; its processes tell when they end."""
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def told() -> tuple[int, int]:
        with psycopg.connect(address) as connection:
            (found,) = connection.execute(READ).fetchall()
            return int(found[0]), int(found[1])

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE")
    engine.dispose()
    before = told()
    work()
    engine.dispose()
    wait_until(lambda: told()[1] > before[1], "what the database read")
    return told()[0] - before[0]


def test_neither_a_sheet_nor_a_batch_costs_more_beside_many(app: Flask, client: FlaskClient) -> None:
    # the rule that asks most: it looks at the acts and at what the tablet said before
    with app.app_context():
        panel = cast(corrections="next_act")
        codes = more_entries(panel, MANY + BATCH + 3)
        engine = db.engine
    tablets = [tablet(app, client, panel, who) for who in ("chair", "hung")]
    cost = steps if engine.dialect.name == "sqlite" else rows
    sent = dict.fromkeys(range(len(tablets)), 0)

    def send(at: int, many: int) -> None:
        phone: Phone = tablets[at]
        wanted = codes[sent[at] : sent[at] + many]
        sent[at] += many
        told = phone.send(
            *(phone.write("sheet.send", f"{code}/1", {"marks": marks(40_000, 40_000)}) for code in wanted)
        )
        assert verdicts(told) == ["applied"] * many

    def fill(until: int) -> None:
        for at in sent:
            send(at, until - sent[at])

    def naive() -> None:
        """What must not be done for a sheet: to read all the others of its judge."""
        send(0, 1)
        with app.app_context(), reading():
            own = select(func.sum(ScoreSheet.total_milli)).where(ScoreSheet.judge_id == panel.judges["chair"])
            db.session.scalar(own)

    found: list[tuple[int, int]] = []
    for stored in (FEW, MANY):
        fill(stored)
        send(0, 1)  # what a process does once is done
        found.append((cost(engine, lambda: send(0, 1)), cost(engine, lambda: send(1, BATCH))))
    (few, few_in_batch), (many, many_in_batch) = found
    assert few > 0 and many <= few * GROWTH, found
    assert many_in_batch <= few_in_batch * GROWTH, found
    assert many_in_batch / BATCH <= many * GROWTH, found
    careless = cost(engine, naive)
    assert careless > few * GROWTH
