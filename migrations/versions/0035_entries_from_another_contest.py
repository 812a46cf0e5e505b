"""Entries of a contest may come from another contest; a final keeps who went on, and when that was announced

Nothing is filled in: every entry was registered. Going down forgets where entries came from; the entries stay.

Revision: 0035
After: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def _refer(table: str, column: str, target: str) -> None:
    # A column with its own reference is added in place: nothing that hangs on an entry or a contest is copied.
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    key = f"CONSTRAINT fk_{table}_{column}_{target} REFERENCES {target} (id)"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {number} {key}")


def upgrade() -> None:
    _refer("contest", "entries_from_id", "contest")
    for name, kind in (("after", sa.Text()), ("cut", sa.Text()), ("cut_announced_at", MOMENT)):
        op.add_column("contest", sa.Column(name, kind, nullable=True))
    _refer("entry", "from_id", "entry")
    op.create_index("uq_entry_from", "entry", ["contest_id", "from_id"], unique=True)
    op.create_index("ix_entry_from", "entry", ["from_id"])


def downgrade() -> None:
    op.drop_index("ix_entry_from", table_name="entry")
    op.drop_index("uq_entry_from", table_name="entry")
    op.drop_column("entry", "from_id")
    for name in ("cut_announced_at", "cut", "after", "entries_from_id"):
        op.drop_column("contest", name)
