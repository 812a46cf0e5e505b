"""Is SQLite's log folded in by the worker, beside the writers, and never by a commit that others wait for?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pysqlite3
import pytest
from sqlalchemy import text

from festival.core import ledger
from festival.core.database import LOG_PAGES_MAX, db, fold_log
from festival.core.transaction import reading, transaction


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """PostgreSQL looks after its log itself."""
    shutil.copyfile(sqlite_template, tmp_path / "festival.sqlite3")
    return f"sqlite:///{tmp_path / 'festival.sqlite3'}"


def write(lines: int) -> None:
    with transaction():
        ledger.append_many("x", [("said", {"n": n}, {"text": "á" * 1000}) for n in range(lines)])


def held_by(path: Path) -> int:
    """Lines in the database file alone, without its log, as somebody sees who copies only the file."""
    copy = path.with_suffix(".alone")
    shutil.copyfile(path, copy)
    connection = pysqlite3.connect(copy)
    try:
        return int(connection.execute("SELECT count(*) FROM ledger_entry").fetchone()[0])
    finally:
        connection.close()


def test_more_than_a_thousand_pages_stay_in_the_log_until_the_worker_folds_them(app, config):
    with app.app_context():
        write(3000)
        assert held_by(config.sqlite_path) == 0
        assert config.sqlite_path.with_name("festival.sqlite3-wal").stat().st_size > 1_000 * 4_096
        assert fold_log() == 0
        assert held_by(config.sqlite_path) == 3000
        with reading():
            assert ledger.verify("x") == []


def test_a_reader_keeps_what_it_sees_and_holds_up_nobody(app, config):
    with app.app_context(), db.engine.connect() as reader:
        seen = "SELECT count(*) FROM ledger_entry"
        assert reader.execute(text(seen)).scalar_one() == 0
        write(50)
        assert fold_log() > 0
        assert reader.execute(text(seen)).scalar_one() == 0
        reader.rollback()
        assert fold_log() == 0
        assert reader.execute(text(seen)).scalar_one() == 50


def test_the_worker_does_it_and_a_server_without_one_has_an_end(app):
    assert [(c.name, c.work) for c in app.extensions["chores"] if c.name == "fold the log"] == [
        ("fold the log", fold_log)
    ]
    with app.app_context(), db.engine.connect() as connection:
        assert connection.execute(text("PRAGMA wal_autocheckpoint")).scalar_one() == LOG_PAGES_MAX
