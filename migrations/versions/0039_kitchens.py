"""Criteria stand in groups; a table's dishes and money are typed; a contest is judged blind by plates

Revision: 0039
After: 0038
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
ASKED = ("dishes_least", "dishes_most", "budget_vnd")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    for column in ASKED:
        op.add_column("contest", sa.Column(column, WHOLE_NUMBER, nullable=True))
    op.add_column("criterion", sa.Column("part", sa.Text(), server_default="", nullable=False))
    op.add_column("contest", sa.Column("plates_of", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "plate",
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 9999", name=op.f("ck_plate_number_written")),
        _key("plate", "entry_id", "entry"),
        _key("plate", "contest_id", "contest"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_plate")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_plate_contest_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "kitchen_slip",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("dishes", WHOLE_NUMBER, nullable=True),
        sa.Column("spent_vnd", WHOLE_NUMBER, nullable=True),
        sa.Column("typed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("typed_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_kitchen_slip_counted_from_one")),
        sa.CheckConstraint("dishes IS NULL OR dishes BETWEEN 0 AND 999", name=op.f("ck_kitchen_slip_dishes_some")),
        sa.CheckConstraint(
            "spent_vnd IS NULL OR spent_vnd BETWEEN 0 AND 100000000000", name=op.f("ck_kitchen_slip_money_some")
        ),
        _key("kitchen_slip", "entry_id", "entry"),
        _key("kitchen_slip", "typed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kitchen_slip")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_kitchen_slip_entry_id_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("kitchen_slip")
    op.drop_table("plate")
    op.drop_column("contest", "plates_of")
    op.drop_column("criterion", "part")
    for column in ASKED:
        op.drop_column("contest", column)
