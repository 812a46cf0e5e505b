"""Does a request get a living connection after PostgreSQL has ended the ones that were kept?"""

from __future__ import annotations

import psycopg
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
