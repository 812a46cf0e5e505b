"""In which order does a session go on the day, and who changed it?

Revision: 0063
After: 0062
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def _key(column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_turn_change_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    op.add_column("act", sa.Column("turn", WHOLE_NUMBER, nullable=True))
    op.create_table(
        "turn_change",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("session_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("undone_by IS NULL OR undone_at IS NOT NULL", name=op.f("ck_turn_change_undone_then")),
        _key("session_id", "session", cascade=True),
        _key("entry_id", "entry", cascade=True),
        _key("changed_by", "user_account"),
        _key("undone_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_change")),
        sqlite_strict=True,
    )
    op.create_index("ix_turn_change_session", "turn_change", ["session_id"])


def downgrade() -> None:
    op.drop_table("turn_change")
    op.drop_column("act", "turn")
