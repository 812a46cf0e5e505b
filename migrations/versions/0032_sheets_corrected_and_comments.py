"""Until when a judge corrects a sheet is a rule of the contest; judges may write to the family

Revision: 0032
After: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
KNOWN = "CONSTRAINT ck_contest_corrections_known CHECK (corrections IN ('until_lock', 'next_act', 'secretary'))"
TRUTH = "CONSTRAINT ck_contest_comments_flag CHECK (comments IN (FALSE, TRUE))"


def _key(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **how)


def upgrade() -> None:
    # A column with its own CHECK is added and dropped in place: nothing that hangs on a contest is copied.
    flag, no = ("INTEGER", "0") if op.get_bind().dialect.name == "sqlite" else ("BOOLEAN", "false")
    op.execute(f"ALTER TABLE contest ADD COLUMN corrections TEXT DEFAULT 'until_lock' NOT NULL {KNOWN}")
    op.execute(f"ALTER TABLE contest ADD COLUMN comments {flag} DEFAULT {no} NOT NULL {TRUTH}")
    op.create_table(
        "sheet_comment",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("held_by", WHOLE_NUMBER, nullable=True),
        sa.Column("held_at", MOMENT, nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_sheet_comment_counted_from_one")),
        _key("sheet_comment", "judge_id", "judge"),
        _key("sheet_comment", "entry_id", "entry"),
        _key("sheet_comment", "held_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_comment")),
        sa.UniqueConstraint("judge_id", "entry_id", name=op.f("uq_sheet_comment_judge_id_entry_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sheet_comment_entry"), "sheet_comment", ["entry_id"])


def downgrade() -> None:
    op.drop_table("sheet_comment")
    op.drop_column("contest", "comments")
    op.drop_column("contest", "corrections")
