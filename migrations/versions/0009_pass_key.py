"""With which pass key were the codes of this database made

Only the key's fingerprint. The row of a database that holds codes already is written after the upgrade, by who can ask
whether the key at hand made them (core/pass_key.py). Going down forgets it.

Revision: 0009
After: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
UNFINISHED = sa.text("state <> 'former'")


def upgrade() -> None:
    op.create_table(
        "pass_key",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('current', 'coming', 'former')", name=op.f("ck_pass_key_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_pass_key_state",
        "pass_key",
        ["state"],
        unique=True,
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )


def downgrade() -> None:
    op.drop_index("uq_pass_key_state", table_name="pass_key")
    op.drop_table("pass_key")
