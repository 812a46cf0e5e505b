"""Does a request get a living connection after PostgreSQL has ended the ones that were kept, and does one remember its statements?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from festival.core.database import db
from festival.core.pool import resting
from festival.core.transaction import reading
from festival.core.web.access import public
from festival.core.web.errors import Busy
from festival.core.web.limiter import SharedStorage


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


def test_a_server_that_ends_behind_the_page_is_no_error_of_the_page(app: Flask) -> None:
    """The page was drawn and its reading is ended as the last thing of the request."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no server that could end a connection")

    @public
    def last_page() -> str:
        db.session.scalar(select(1))
        end_them_all(app)
        return "drawn"

    with app.test_request_context("/"):
        db.session.scalar(select(1))
        end_them_all(app)
        with pytest.raises(OperationalError):
            db.session.remove()  # the control: as Flask-SQLAlchemy ends it
        db.session.registry.clear()
    app.view_functions["programme.home"], before = last_page, app.view_functions["programme.home"]
    answer = app.test_client().get("/")
    app.view_functions["programme.home"] = before
    assert (answer.status_code, answer.text) == (200, "drawn")
    with app.app_context():
        assert asked() == 1


def test_counts_go_on_after_the_server_came_back(app: Flask) -> None:
    """Each thread counts on a connection of its own; the first count after a restart was refused on each of them."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no server that could end a connection")
    store = SharedStorage(f"festival-counts://{app.config['SQLALCHEMY_DATABASE_URI']}")
    counted, ended = Barrier(17), Barrier(17)

    def once(_number: int) -> int:
        store.incr("somebody", 60)
        counted.wait(60)
        ended.wait(60)
        return store.incr("somebody", 60)

    with ThreadPoolExecutor(16) as threads:
        found = threads.map(once, range(16))
        counted.wait(60)
        end_them_all(app)
        ended.wait(60)
        assert sorted(found) == list(range(17, 33))


def test_without_a_server_a_count_says_that_it_is_busy() -> None:
    store = SharedStorage("festival-counts://postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(Busy):
        store.incr("somebody", 60)


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
