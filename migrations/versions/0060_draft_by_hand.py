"""Which steps made the draft, what in it is locked, which stage is closed, which way out is kept ready?

Revision: 0060
After: 0059
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
FLAGS = (("stage", "closed"), ("session", "locked"), ("act", "locked"))


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    # with their rules in one statement: SQLite adds none to a table that stands
    flag = FLAG.compile(dialect=op.get_bind().dialect)
    for table, column in FLAGS:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {flag} DEFAULT FALSE NOT NULL"
            f" CONSTRAINT ck_{table}_{column}_flag CHECK ({column} IN (FALSE, TRUE))"
        )
    op.create_table(
        "draft_step",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("by", WHOLE_NUMBER, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone", FLAG, nullable=False),
        sa.CheckConstraint("undone IN (FALSE, TRUE)", name=op.f("ck_draft_step_undone_flag")),
        _key("draft_step", "festival_id", "festival"),
        _key("draft_step", "by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
        sqlite_strict=True,
    )
    op.create_index("ix_draft_step_festival", "draft_step", ["festival_id", "id"])
    op.create_table(
        "way_out",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("made_by", WHOLE_NUMBER, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        _key("way_out", "festival_id", "festival"),
        _key("way_out", "made_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way_out")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("way_out")
    op.drop_index("ix_draft_step_festival", table_name="draft_step")
    op.drop_table("draft_step")
    for table, column in reversed(FLAGS):
        op.drop_column(table, column)
