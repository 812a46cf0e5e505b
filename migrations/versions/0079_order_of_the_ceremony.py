"""The order of the ceremony, one row a saving of a part, and its printed sheets.

Revision: 0079
After: 0078
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    for table, kind, known, said, at in (
        ("ceremony_order", "part", "'opening', 'closing', 'guests', 'keepsakes', 'awards'", "content", "at"),
        ("ceremony_print", "sheet", "'mc', 'reception', 'sound'", "digest", "printed_at"),
    ):
        number = "version" if table == "ceremony_order" else "number"
        op.create_table(
            table,
            sa.Column("id", WHOLE_NUMBER, nullable=False),
            sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
            sa.Column(kind, sa.Text(), nullable=False),
            sa.Column(number, WHOLE_NUMBER, nullable=False),
            sa.Column(said, sa.Text(), nullable=False),
            sa.Column(at, MOMENT, nullable=False),
            sa.Column("by_user", WHOLE_NUMBER, nullable=True),
            sa.CheckConstraint(f"{kind} IN ({known})", name=op.f(f"ck_{table}_{kind}_known")),
            sa.CheckConstraint(f"{number} > 0", name=op.f(f"ck_{table}_{number}_counted")),
            sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f(f"fk_{table}_festival_id_festival")),
            sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f(f"fk_{table}_by_user_user_account")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("festival_id", kind, number, name=op.f(f"uq_{table}_festival_id_{kind}_{number}")),
            sqlite_strict=True,
        )


def downgrade() -> None:
    op.drop_table("ceremony_print")
    op.drop_table("ceremony_order")
