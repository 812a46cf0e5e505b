"""Is the number of a row that is gone ever given to another one? Not on SQLite either, where lines of the ledger, steps, addresses
or papers speak of it.

PostgreSQL counts on by itself. SQLite copies the tables; a table is made from its own words, so nothing of it is guessed.

Revision: 0068
After: 0067
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

TABLES = (
    "user_account", "contest", "judge", "entry", "session", "act", "later_match", "turn_change", "declared_relation",
)  # fmt: skip
COUNTED = "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"
PLAIN = "id INTEGER NOT NULL"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            key = rf",\s*CONSTRAINT pk_{table} PRIMARY KEY \(id\)"
            _copied(table, (rf"\b{PLAIN}(?=,)", COUNTED), (key, ""))
        _above_what_is_gone()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            key = f", CONSTRAINT pk_{table} PRIMARY KEY (id),"
            _copied(table, (rf"\b{COUNTED}(?=,)", PLAIN), (r",(?=\s*CONSTRAINT\b)", key))


def _copied(table: str, *changes: tuple[str, str]) -> None:
    """The table with other words, its rows and its indexes; foreign keys are off meanwhile, and checked at the end."""
    connection = op.get_bind()
    stored = sa.text("SELECT type, sql FROM sqlite_schema WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY type DESC")
    words = connection.execute(stored, {"name": table}).all()
    (made,) = (row.sql for row in words if row.type == "table")
    for said, instead in changes:
        made, count = re.subn(said, instead, made, count=1)
        if not count:
            raise RuntimeError(f"{table}: not found in its words: {said}")
    new, count = re.subn(rf'^CREATE TABLE "?{table}"?', f'CREATE TABLE "new_{table}"', made)
    if not count:
        raise RuntimeError(f"{table}: its words do not begin as expected")
    for statement in (
        new,
        f"INSERT INTO new_{table} SELECT * FROM {table}",  # noqa: S608
        f"DROP TABLE {table}",
        f"ALTER TABLE new_{table} RENAME TO {table}",
        *(row.sql for row in words if row.type == "index"),
    ):
        connection.exec_driver_sql(statement)


def _above_what_is_gone() -> None:
    """Sessions that were taken out are told by the ledger: the next one has a higher number than any of them."""
    op.get_bind().exec_driver_sql(
        """UPDATE sqlite_sequence SET seq = max(seq, coalesce((
             SELECT max(json_extract(subject, '$.session')) FROM ledger_entry WHERE kind = 'session_removed'), 0))
           WHERE name = 'session'"""
    )
