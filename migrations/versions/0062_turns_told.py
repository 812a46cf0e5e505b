"""Which turns was a family, or a delegation's group, told, from which version, and was that taken back?

Revision: 0062
After: 0061
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def _key(column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_turns_told_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    op.create_table(
        "turns_told",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=True),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("turns", sa.Text(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("told_by", WHOLE_NUMBER, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.CheckConstraint("way IN ('letter', 'hand')", name=op.f("ck_turns_told_way_known")),
        sa.CheckConstraint("version > 0", name=op.f("ck_turns_told_version_some")),
        _key("delegation_id", "delegation", cascade=True),
        _key("family_id", "family", cascade=True),
        _key("told_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns_told")),
        sqlite_strict=True,
    )
    op.create_index("ix_turns_told_whose", "turns_told", ["delegation_id", "family_id"])


def downgrade() -> None:
    op.drop_index("ix_turns_told_whose", "turns_told")
    op.drop_table("turns_told")
