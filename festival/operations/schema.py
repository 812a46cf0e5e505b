"""How does an empty database get its tables? By the migrations; `create_schema` is what they must amount to."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from festival.core import ledger, security_log
from festival.core.database import Base, db


def install_triggers(connection: Connection) -> None:
    """Make the triggers of what is append-only (again): a batch migration on SQLite drops those of a table it copies."""
    there = set(inspect(connection).get_table_names())
    append_only = {"ledger_entry": ledger.TRIGGERS, "security_note": security_log.TRIGGERS}
    for statement in (
        statement
        for table, triggers in append_only.items()
        if table in there
        for statement in triggers[connection.dialect.name]
    ):
        connection.execute(text(statement.replace(":", "\\:")) if ":" in statement else text(statement))


def create_schema() -> None:
    """All tables and triggers at once."""
    with db.engine.begin() as connection:
        Base.metadata.create_all(connection)
        install_triggers(connection)
