"""Does every test really stand on a database of its own, of both kinds?"""

from __future__ import annotations

from flask import Flask
from sqlalchemy import inspect, text

from festival.core.database import Base, db
from tests.harness.served import Served


def test_database_is_fresh_and_finished(app: Flask) -> None:
    with app.app_context():
        assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())
        with db.engine.begin() as connection:
            assert connection.execute(text("SELECT count(*) FROM ledger_head")).scalar_one() == 0
            connection.execute(text("INSERT INTO ledger_head (stream, size, hash) VALUES ('x', 0, 'y')"))


def test_live_server_answers(live_server: Served, page) -> None:
    answer = page.request.get("/healthz")
    assert (answer.status, answer.json()) == (200, {"status": "ok"})
