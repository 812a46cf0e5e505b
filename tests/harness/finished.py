"""An empty database of this release at once: its tables, and the mark by which a server sees that nothing is to be brought up."""

from __future__ import annotations

from sqlalchemy import text

from festival.core.database import db
from festival.operations.migrations import last_step
from festival.operations.schema import create_schema


def finished_schema() -> None:
    """In the present application's database; the migrations, which take longer, amount to the same (test_migrations)."""
    create_schema()
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:step)"), {"step": last_step()})
