"""Who met about the whole delegation, why it was signed while petitions waited, until when a jury reviews them.

Revision: 0083
After: 0082
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _said(table: str, whose: str) -> None:
    op.create_table(
        table,
        sa.Column(f"{whose}_id", WHOLE_NUMBER, nullable=False),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("says", sa.Text()),
        sa.Column("before", sa.Text()),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("said_by", WHOLE_NUMBER),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f(f"ck_{table}_counted_from_one")),
        sa.ForeignKeyConstraint([f"{whose}_id"], [f"{whose}.id"], name=op.f(f"fk_{table}_{whose}_id_{whose}")),
        sa.ForeignKeyConstraint(["said_by"], ["user_account.id"], name=op.f(f"fk_{table}_said_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(f"{whose}_id", name=op.f(f"uq_{table}_{whose}_id")),
        sqlite_strict=True,
    )


def upgrade() -> None:
    _said("whole_meeting", "festival")
    _said("petition_hour", "contest")
    op.add_column("whole_minutes", sa.Column("petitions_reason", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("whole_minutes", "petitions_reason")
    op.drop_table("petition_hour")
    op.drop_table("whole_meeting")
