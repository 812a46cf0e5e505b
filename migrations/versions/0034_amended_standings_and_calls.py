"""Standings are amended after the signature; the secretary calls a seat

Revision: 0034
After: 0033
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
OF_CONTEST = sa.text("contest_id IS NOT NULL")
OF_WHOLE = sa.text("contest_id IS NULL")
NOT_SEEN = sa.text("seen_at IS NULL")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "standing_amendment",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("ordinal", WHOLE_NUMBER, nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("standings", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=False),
        sa.Column("with_user", WHOLE_NUMBER, nullable=False),
        sa.Column("paper_id", WHOLE_NUMBER, nullable=False),
        sa.Column("takes_back", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("by_user <> with_user", name=op.f("ck_standing_amendment_two_people")),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_standing_amendment_ordinal_counted")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_standing_amendment_reason_given")),
        _key("standing_amendment", "festival_id", "festival"),
        _key("standing_amendment", "contest_id", "contest"),
        _key("standing_amendment", "by_user", "user_account"),
        _key("standing_amendment", "with_user", "user_account"),
        _key("standing_amendment", "paper_id", "signed_paper"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_amendment")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_standing_amendment_contest", "standing_amendment", ["contest_id", "ordinal"], unique=True,
        sqlite_where=OF_CONTEST, postgresql_where=OF_CONTEST,
    )  # fmt: skip
    op.create_index(
        "uq_standing_amendment_whole", "standing_amendment", ["festival_id", "ordinal"], unique=True,
        sqlite_where=OF_WHOLE, postgresql_where=OF_WHOLE,
    )  # fmt: skip
    op.create_table(
        "seat_call",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("called_by", WHOLE_NUMBER, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        _key("seat_call", "judge_id", "judge"),
        _key("seat_call", "entry_id", "entry"),
        _key("seat_call", "called_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_call")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_seat_call_open", "seat_call", ["judge_id", "entry_id"], unique=True,
        sqlite_where=NOT_SEEN, postgresql_where=NOT_SEEN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_seat_call_open", table_name="seat_call")
    op.drop_table("seat_call")
    op.drop_index("uq_standing_amendment_whole", table_name="standing_amendment")
    op.drop_index("uq_standing_amendment_contest", table_name="standing_amendment")
    op.drop_table("standing_amendment")
