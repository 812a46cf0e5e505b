"""Long work that the worker does in pieces

What was asked for, how far it is, what became of it. Going down forgets it; what was made is thrown away as files without
a row.

Revision: 0003
After: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
UNFINISHED = sa.text("state IN ('waiting', 'working')")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", WHOLE_NUMBER, nullable=False),
        sa.Column("whole", WHOLE_NUMBER, nullable=False),
        sa.Column("tries", WHOLE_NUMBER, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("size_bytes", WHOLE_NUMBER, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("done >= 0 AND (done <= whole OR whole = 0)", name=op.f("ck_job_done_within_whole")),
        sa.CheckConstraint(
            "state IN ('waiting', 'working', 'ready', 'failed')", name=op.f("ck_job_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("code", name=op.f("uq_job_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_job_subject", "job", ["kind", "subject"], unique=False)
    op.create_index(
        "uq_job_unfinished",
        "job",
        ["kind", "subject", "language"],
        unique=True,
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )


def downgrade() -> None:
    op.drop_index("uq_job_unfinished", table_name="job")
    op.drop_index("ix_job_subject", table_name="job")
    op.drop_table("job")
