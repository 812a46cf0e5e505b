"""How are many rows written by one statement, and a row that is there already passed over?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.core.database import db


def table(model: type[Any]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def database() -> str:
    """The name of the database's dialect: a statement that is asked often is put together once for each."""
    return db.session.get_bind().dialect.name


def insert_or_pass(model: type[Any], of_database: str = "") -> PostgresqlInsert | SqliteInsert:
    """INSERT of the database's own dialect, for ON CONFLICT."""
    postgresql = (of_database or database()) == "postgresql"
    return postgresql_insert(table(model)) if postgresql else sqlite_insert(table(model))


def run(statement: Executable, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
    """Many rows by one statement on the tables themselves: the mapper would split them by which values are None."""
    return db.session.connection().execute(statement, rows)


def alone_on(model: type[Any]) -> None:
    """Until this transaction ends nobody else writes to the table: what is read from now on stays true.

    For what no constraint can say ("the first of all"). SQLite has one writer at a time anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        name = db.session.get_bind().dialect.identifier_preparer.format_table(table(model))
        db.session.connection().exec_driver_sql(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")
