"""Where does a reveal stand, in which order are the contests revealed, and which scripts were printed?

Revision: 0075
After: 0074
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
RUNS = sa.text("ended_at IS NULL")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.create_table(
        "reveal",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("practice", FLAG, nullable=False),
        sa.Column("step", WHOLE_NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("moved_by", WHOLE_NUMBER, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        _rule("reveal", "practice_flag", "practice IN (FALSE, TRUE)"),
        _rule("reveal", "step_counted", "step >= 0"),
        _rule("reveal", "version_counted", "version > 0"),
        _key("reveal", "festival_id", "festival"),
        _key("reveal", "moved_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("uq_reveal_running", "reveal", ["festival_id"], unique=True, sqlite_where=RUNS, postgresql_where=RUNS)
    op.create_table(
        "reveal_order",
        sa.Column("festival_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        _rule("reveal_order", "version_counted", "version > 0"),
        _key("reveal_order", "festival_id", "festival"),
        sa.PrimaryKeyConstraint("festival_id", name=op.f("pk_reveal_order")),
        sqlite_strict=True,
    )
    op.create_table(
        "script_print",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        _rule("script_print", "number_counted", "number > 0"),
        _key("script_print", "festival_id", "festival"),
        _key("script_print", "by_user", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_print")),
        sa.UniqueConstraint("festival_id", "number", name=op.f("uq_script_print_festival_id_number")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("script_print")
    op.drop_table("reveal_order")
    op.drop_table("reveal")
