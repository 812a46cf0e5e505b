"""Decisions on the whole delegation, its minutes, and one prize of it per delegation

A decision of the jury is about a contest or about the delegations of a festival. Going down keeps every decision of a
contest; what was decided, signed and awarded of the whole delegation has no place in the tables before this revision.

Revision: 0002
After: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def jury_decision(*, of_festivals: bool) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them."""
    more: list[sa.schema.SchemaItem] = []
    if of_festivals:
        more = [
            sa.Column("festival_id", WHOLE_NUMBER, nullable=True),
            sa.ForeignKeyConstraint(
                ["festival_id"], ["festival.id"], name=op.f("fk_jury_decision_festival_id_festival")
            ),
            sa.CheckConstraint(
                "(contest_id IS NULL) <> (festival_id IS NULL)", name=op.f("ck_jury_decision_one_subject")
            ),
            sa.Index("ix_jury_decision_festival", "festival_id"),
        ]
    return sa.Table(
        "jury_decision",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=of_festivals),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("noted_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("kind IN ('tie', 'prize', 'out')", name=op.f("ck_jury_decision_kind_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_jury_decision_reason_given")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_jury_decision_contest_id_contest")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_jury_decision_noted_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_decision")),
        sa.Index("ix_jury_decision_contest", "contest_id"),
        *more,
        sqlite_strict=True,
    )


def upgrade() -> None:
    with op.batch_alter_table("jury_decision", copy_from=jury_decision(of_festivals=False)) as batch_op:
        batch_op.alter_column("contest_id", existing_type=WHOLE_NUMBER, nullable=True)
        batch_op.add_column(sa.Column("festival_id", WHOLE_NUMBER, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_jury_decision_festival_id_festival"), "festival", ["festival_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_jury_decision_one_subject"), "(contest_id IS NULL) <> (festival_id IS NULL)"
        )
        batch_op.create_index("ix_jury_decision_festival", ["festival_id"], unique=False)
    op.create_table(
        "whole_minutes",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("contests", sa.Text(), nullable=False),
        sa.Column("standings", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f("fk_whole_minutes_by_user_user_account")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_whole_minutes_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whole_minutes")),
        sa.UniqueConstraint("festival_id", name=op.f("uq_whole_minutes_festival_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_award_delegation",
        "award",
        ["festival_id", "delegation_id"],
        unique=True,
        sqlite_where=sa.text("contest_id IS NULL"),
        postgresql_where=sa.text("contest_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_award_delegation", table_name="award")
    op.execute("DELETE FROM award WHERE contest_id IS NULL")
    op.drop_table("whole_minutes")
    op.execute("DELETE FROM jury_decision WHERE contest_id IS NULL")
    with op.batch_alter_table("jury_decision", copy_from=jury_decision(of_festivals=True)) as batch_op:
        batch_op.drop_index("ix_jury_decision_festival")
        batch_op.drop_constraint(op.f("ck_jury_decision_one_subject"), type_="check")
        batch_op.drop_constraint(op.f("fk_jury_decision_festival_id_festival"), type_="foreignkey")
        batch_op.drop_column("festival_id")
        batch_op.alter_column("contest_id", existing_type=WHOLE_NUMBER, nullable=False)
