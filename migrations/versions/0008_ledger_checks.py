"""Checks of the ledger against the tables, and streams of a contest of its own

`ledger_check` keeps when the ledger was compared with the tables and what was found; going down forgets it. A contest
knows after what its streams are called: its code, as so far. A contest of a later edition that has the code of an
earlier one and that nobody has judged yet gets streams of its own; one that has lines in the shared stream stays there,
so that what was written verifies as before.

Revision: 0008
After: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_check",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("night", sa.Text(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("lines", WHOLE_NUMBER, nullable=False),
        sa.Column("rows", WHOLE_NUMBER, nullable=False),
        sa.Column("erased", WHOLE_NUMBER, nullable=False),
        sa.Column("unknown", WHOLE_NUMBER, nullable=False),
        sa.Column("faults", WHOLE_NUMBER, nullable=False),
        sa.Column("differences", WHOLE_NUMBER, nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(cause = 'nightly') = (night IS NOT NULL)", name=op.f("ck_ledger_check_night_of_nightly")
        ),
        sa.CheckConstraint("cause IN ('nightly', 'restore', 'asked')", name=op.f("ck_ledger_check_cause_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_check")),
        sa.UniqueConstraint("night", name=op.f("uq_ledger_check_night")),
        sqlite_strict=True,
    )
    # Added in place: a copy of the table would part it from all that refers to it.
    op.add_column("contest", sa.Column("ledger_name", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE contest SET ledger_name = code")
    op.execute(
        """UPDATE contest SET ledger_name = (SELECT f.code FROM festival f WHERE f.id = contest.festival_id)
                                            || '/contest/' || code
           WHERE rules_fixed_at IS NULL AND state = 'open'
             AND EXISTS (SELECT 1 FROM contest earlier WHERE earlier.code = contest.code AND earlier.id < contest.id)"""
    )


def downgrade() -> None:
    op.drop_column("contest", "ledger_name")
    op.drop_table("ledger_check")
