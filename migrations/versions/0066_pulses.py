"""When did the worker last say that it lives, when was a copy made, until when is the address certified?

Revision: 0066
After: 0065
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pulse",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('worker', 'backup', 'certificate', 'drill')", name=op.f("ck_pulse_kind_known")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_pulse")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("pulse")
