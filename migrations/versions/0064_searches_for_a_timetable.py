"""Which search for a timetable was asked for, and what has it found?

Revision: 0064
After: 0063
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
STATES = "state IN ('waiting', 'running', 'found', 'failed', 'dropped', 'taken')"
UNDER_WAY = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "fill_run",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stopping", FLAG, nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("limit_s", WHOLE_NUMBER, nullable=False),
        sa.Column("step", WHOLE_NUMBER, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), server_default="{}", nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", WHOLE_NUMBER, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_fill_run_state_known")),
        sa.CheckConstraint("stopping IN (FALSE, TRUE)", name=op.f("ck_fill_run_stopping_flag")),
        sa.CheckConstraint("limit_s BETWEEN 1 AND 3600", name=op.f("ck_fill_run_limit_bounded")),
        sa.CheckConstraint(
            "state <> 'running' OR (started_at IS NOT NULL AND seen_at IS NOT NULL)",
            name=op.f("ck_fill_run_running_since"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state IN ('waiting', 'running'))", name=op.f("ck_fill_run_ended_then")
        ),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_fill_run_festival_id_festival")),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_fill_run_asked_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fill_run")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_fill_run_under_way", "fill_run", ["festival_id"], unique=True,
        sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY,
    )  # fmt: skip
    op.create_index("ix_fill_run_festival", "fill_run", ["festival_id", "id"])


def downgrade() -> None:
    op.drop_table("fill_run")
