"""When did a sealed copy last arrive away from the machine, and how did the last attempt end?

Revision: 0069
After: 0068
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
BEFORE = "kind IN ('worker', 'backup', 'certificate', 'drill')"
AFTER = "kind IN ('worker', 'backup', 'certificate', 'drill', 'away', 'away_try')"


def upgrade() -> None:
    _kinds(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM pulse WHERE kind IN ('away', 'away_try')")
    _kinds(AFTER, BEFORE)


def _kinds(old: str, new: str) -> None:
    # SQLite copies the table, and would lose its check and STRICT if it had to guess them.
    known = op.f("ck_pulse_kind_known")
    table = sa.Table(
        "pulse",
        sa.MetaData(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint(old, name=known),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_pulse")),
        sqlite_strict=True,
    )
    with op.batch_alter_table("pulse", copy_from=table) as batch_op:
        batch_op.drop_constraint(known, type_="check")
        batch_op.create_check_constraint(known, new)
