"""Lists to sign for money, meals and keepsakes: their lines, who received, and what was printed.

Revision: 0080
After: 0079
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
KNOWN = "kind IN ('prizes', 'meals', 'gifts', 'panels', 'staff', 'transport')"


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _numbered(*, versioned: bool) -> str:
    return "number >= 1 AND version >= 1" if versioned else "number >= 1"


def upgrade() -> None:
    op.create_table(
        "pay_list",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("festival_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("dropped", sa.Text(), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("said_by", WHOLE, nullable=True),
        sa.Column("said_at", MOMENT, nullable=False),
        _rule("pay_list", "counted_from_one", _numbered(versioned=True)),
        _rule("pay_list", "kind_known", KNOWN),
        _key("pay_list", "festival_id", "festival"),
        _key("pay_list", "said_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_list")),
        _once("pay_list", "festival_id", "number"),
        sqlite_strict=True,
    )
    op.create_table(
        "pay_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("list_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("said_by", WHOLE, nullable=True),
        sa.Column("said_at", MOMENT, nullable=False),
        _rule("pay_line", "counted_from_one", _numbered(versioned=True)),
        _key("pay_line", "list_id", "pay_list"),
        _key("pay_line", "said_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_line")),
        _once("pay_line", "list_id", "number"),
        _once("pay_line", "list_id", "source"),
        sqlite_strict=True,
    )
    op.create_table(
        "pay_sheet",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("list_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("editable", sa.LargeBinary(), nullable=False),
        sa.Column("editable_sha256", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("static_tree", sa.Text(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by", WHOLE, nullable=True),
        _rule("pay_sheet", "counted_from_one", _numbered(versioned=False)),
        _key("pay_sheet", "list_id", "pay_list"),
        _key("pay_sheet", "printed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_sheet")),
        _once("pay_sheet", "list_id", "number"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("pay_sheet", "pay_line", "pay_list"):
        op.drop_table(table)
