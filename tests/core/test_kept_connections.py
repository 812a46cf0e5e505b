"""Does a request get a living connection after PostgreSQL has ended the ones that were kept, and does one remember its statements?"""

from __future__ import annotations

import psycopg
import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from festival.core.database import db
from festival.core.pool import resting
from festival.core.transaction import reading


def asked() -> int | None:
    with reading():
        return db.session.scalar(select(1))


def end_them_all(app: Flask) -> None:
    """As a restart of the server does: every connection that waits in the pool is gone."""
    url = app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_rested_is_asked_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no server that could end a connection")
        monkeypatch.setattr(resting, "PAUSE_S", 0.0)
        assert asked() == 1
        end_them_all(app)
        assert asked() == 1 and asked() == 1
        # the control: one that nobody asks is found dead by the statement, and the next request gets a new one
        monkeypatch.setattr(resting, "PAUSE_S", 3600.0)
        end_them_all(app)
        with pytest.raises(OperationalError):
            asked()
        assert asked() == 1


def read_anew(connection: pysqlite3.Connection) -> int:
    """How many of a dozen statements the database reads again when they are asked a second time, after three hundred others."""
    read: list[int] = []
    # Asked about every part of a statement while it is read, and never while it runs.
    connection.set_authorizer(lambda *_what: read.append(1) or 0)
    for number in range(300):
        connection.execute(f"SELECT {number}").fetchall()
    for _time in range(2):
        read.clear()
        for number in range(12):
            connection.execute(f"SELECT 'one of a scan', {number}").fetchall()
    return len(read)


@pytest.mark.either_database
def test_a_busy_statement_is_read_once_whatever_was_asked_before(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL's driver forgets what was asked longest ago")
        with db.engine.connect() as ours:
            assert read_anew(ours.connection.driver_connection) == 0
    # the control: the driver's own measure, in which the dozen push each other out
    assert read_anew(pysqlite3.connect(":memory:")) == 12
