"""Is this database the copy of a dress rehearsal, or the festival of which there is one?

Revision: 0077
After: 0076
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rehearsal",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("here", FLAG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", DAY, nullable=False),
        sa.Column("real_url", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rehearsal_only_one")),
        sa.CheckConstraint("here IN (FALSE, TRUE)", name=op.f("ck_rehearsal_here_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("rehearsal")
