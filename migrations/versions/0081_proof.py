"""What was published so that nobody can change it behind: rules, heads of ledgers, results; what heads of delegations read.

Revision: 0081
After: 0080
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.execute(
        "ALTER TABLE contest ADD COLUMN shown_to_heads TEXT DEFAULT 'none' NOT NULL "
        "CONSTRAINT ck_contest_shown_to_heads_known CHECK (shown_to_heads IN ('none', 'sums', 'marks', 'comments'))"
    )
    op.create_table(
        "proof_line",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("n", WHOLE_NUMBER, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("contest", sa.Text(), nullable=False),
        sa.Column("evening", DAY, nullable=True),
        sa.Column("late", FLAG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("opens", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("n >= 1", name=op.f("ck_proof_line_counted_from_one")),
        sa.CheckConstraint("what IN ('rules', 'heads', 'result')", name=op.f("ck_proof_line_what_known")),
        sa.CheckConstraint("late IN (FALSE, TRUE)", name=op.f("ck_proof_line_late_flag")),
        sa.CheckConstraint("evening IS NULL OR what = 'heads'", name=op.f("ck_proof_line_evening_of_heads")),
        sa.CheckConstraint(
            "(what = 'result' AND contest <> '') OR what = 'rules' OR (what = 'heads' AND contest = '')",
            name=op.f("ck_proof_line_of_a_contest"),
        ),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_proof_line_festival_id_festival")),
        sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f("fk_proof_line_by_user_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_line")),
        sa.UniqueConstraint("festival_id", "n", name=op.f("uq_proof_line_festival_id_n")),
        sa.UniqueConstraint("festival_id", "evening", name=op.f("uq_proof_line_festival_id_evening")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("proof_line")
    op.drop_column("contest", "shown_to_heads")
