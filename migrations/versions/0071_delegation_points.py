"""Which points did the organiser give a delegation or take off it, by which document, and were they taken back?

Revision: 0071
After: 0070
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

TABLE = "delegation_points"
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
CHECKS = {
    "number_counted": "number > 0",
    "some_points": "points_milli <> 0 AND points_milli BETWEEN -10000000 AND 10000000",
    "reason_given": "reason <> ''",
    "document_named": "document <> ''",
    "no_reason_before": "taken_back_at IS NOT NULL OR taken_back_reason = ''",
}
REFERS = {
    "festival_id": "festival",
    "delegation_id": "delegation",
    "given_by": "user_account",
    "taken_back_by": "user_account",
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        *(sa.Column(name, WHOLE_NUMBER, nullable=False) for name in ("id", "festival_id", "delegation_id", "number")),
        sa.Column("points_milli", WHOLE_NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "document")),
        sa.Column("day", DAY, nullable=False),
        sa.Column("given_by", WHOLE_NUMBER, nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("taken_back_by", WHOLE_NUMBER, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_reason", sa.Text(), nullable=False),
        *(sa.CheckConstraint(said, name=op.f(f"ck_{TABLE}_{name}")) for name, said in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{TABLE}_{column}_{table}"))
            for column, table in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("festival_id", "number", name=op.f(f"uq_{TABLE}_festival_id_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_delegation_points_delegation", TABLE, ["delegation_id"])


def downgrade() -> None:
    op.drop_index("ix_delegation_points_delegation", table_name=TABLE)
    op.drop_table(TABLE)
