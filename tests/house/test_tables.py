"""Is every table made so that both databases hold the same truth and refuse the same nonsense?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import BigInteger, LargeBinary, MetaData, inspect, text
from sqlalchemy.exc import DBAPIError

from festival.core.database import Base, db
from festival.core.types import Day, EnumText, Flag, JsonText, PlainText, UtcTime

ALLOWED = (BigInteger, PlainText, LargeBinary, Flag, UtcTime, Day, EnumText, JsonText)
# The migrations' own bookkeeping.
NOT_OURS = {"alembic_version", "rate_count"}


def test_only_types_that_both_databases_keep_exactly() -> None:
    odd = [
        f"{column}: {column.type!r}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if type(column.type) not in ALLOWED
    ]
    assert odd == []


def test_every_table_is_strict_on_sqlite(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            loose = connection.execute(text("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0"))
            assert {row.name for row in loose if not row.name.startswith("sqlite_")} - NOT_OURS == set()
        found = set(inspect(connection).get_table_names()) - NOT_OURS
        assert found == set(Base.metadata.tables)


def test_database_refuses_an_unknown_word_and_half_a_truth(app: Flask) -> None:
    with app.app_context():
        for wrong in ("2", "'maybe'"):
            with pytest.raises(DBAPIError), db.engine.begin() as connection:
                connection.execute(
                    text(
                        "INSERT INTO user_account (login, name, phone, password_hash, demo, created_at, active)"
                        f" VALUES ('a', 'b', '', '', FALSE, '2024-06-14T00:00:00.000000Z', {wrong})"
                    )
                )


def test_every_constraint_and_index_has_a_name() -> None:
    metadata: MetaData = Base.metadata
    nameless = [
        f"{table.name}: {constraint!r}"
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert nameless == []


def test_foreign_keys_hold_on_both(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text("INSERT INTO ledger_payload (stream, seq) VALUES ('nowhere', 1)"))
