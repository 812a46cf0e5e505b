"""A draft of a post may be put away and taken back.

Revision: 0088
After: 0087
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DRAFTS = "away_at IS NULL OR (shown IS NULL AND first_shown_at IS NULL)"


def post(*more: sa.Column | sa.CheckConstraint) -> sa.Table:
    """SQLite copies the table, and would lose its checks and STRICT if it had to guess them."""
    return sa.Table(
        "post",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("typed_key", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("shown", WHOLE_NUMBER, nullable=True),
        sa.Column("step", WHOLE_NUMBER, nullable=False),
        sa.Column("first_shown_at", MOMENT, nullable=True),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("down_why", sa.Text(), nullable=False),
        *more,
        sa.CheckConstraint("version > 0 AND step > 0", name=op.f("ck_post_counted")),
        sa.CheckConstraint("shown IS NULL OR (shown > 0 AND shown <= version)", name=op.f("ck_post_shown_is_written")),
        sa.CheckConstraint("shown IS NULL OR (shown_at IS NOT NULL AND down_why = '')", name=op.f("ck_post_shown_since")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_post_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("slug", name=op.f("uq_post_slug")),
        sa.UniqueConstraint("typed_key", name=op.f("uq_post_typed_key")),
        sa.Index("ix_post_festival", "festival_id"),
        sqlite_strict=True,
    )


def upgrade() -> None:
    with op.batch_alter_table("post", copy_from=post()) as batch_op:
        batch_op.add_column(sa.Column("away_at", MOMENT, nullable=True))
        batch_op.create_check_constraint(op.f("ck_post_away_is_draft"), DRAFTS)


def downgrade() -> None:
    away = sa.Column("away_at", MOMENT, nullable=True), sa.CheckConstraint(DRAFTS, name=op.f("ck_post_away_is_draft"))
    with op.batch_alter_table("post", copy_from=post(*away)) as batch_op:
        batch_op.drop_constraint(op.f("ck_post_away_is_draft"), type_="check")
        batch_op.drop_column("away_at")
