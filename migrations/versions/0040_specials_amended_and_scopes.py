"""An amendment moves special prizes too; what a judge can judge, and on which days

Revision: 0040
After: 0039
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_judge_scope_{column}_{target}"))


def upgrade() -> None:
    # An amendment of an older release moved none.
    op.execute("ALTER TABLE standing_amendment ADD COLUMN specials_before TEXT DEFAULT '{}' NOT NULL")
    op.execute("ALTER TABLE standing_amendment ADD COLUMN specials TEXT DEFAULT '{}' NOT NULL")
    op.create_table(
        "judge_scope",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("said_by", WHOLE_NUMBER, nullable=True),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_judge_scope_counted_from_one")),
        _key("festival_id", "festival"),
        _key("user_id", "user_account"),
        _key("said_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_scope")),
        sa.UniqueConstraint("festival_id", "user_id", name=op.f("uq_judge_scope_festival_id_user_id")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("judge_scope")
    op.drop_column("standing_amendment", "specials")
    op.drop_column("standing_amendment", "specials_before")
