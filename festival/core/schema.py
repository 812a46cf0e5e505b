"""How does an empty database get its tables? By the migrations; `create_schema` is what they must amount to."""

from __future__ import annotations

from sqlalchemy import Connection, text

from festival.core.database import Base, db
from festival.core.ledger import TRIGGERS


def install_triggers(connection: Connection) -> None:
    """Make the ledger's triggers (again): a batch migration on SQLite drops those of a table it copies."""
    for statement in TRIGGERS[connection.dialect.name]:
        connection.execute(text(statement.replace(":", "\\:")) if ":" in statement else text(statement))


def create_schema() -> None:
    """All tables and triggers at once."""
    with db.engine.begin() as connection:
        Base.metadata.create_all(connection)
        install_triggers(connection)
