"""How is a device: battery, unsent, kept data, clock; and who holds it in which shift?

Revision: 0046
After: 0045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
TOLD = ("battery", "unsent", "storage_used", "clock_ms")


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_device_shift_{column}_{target}"))


def upgrade() -> None:
    for column in TOLD:
        op.add_column("device", sa.Column(column, WHOLE_NUMBER, nullable=True))
    kind = FLAG.compile(dialect=op.get_bind().dialect)
    # with its rule in one statement: SQLite adds none to a table that stands
    op.execute(
        f"ALTER TABLE device ADD COLUMN persisted {kind}"
        " CONSTRAINT ck_device_persisted_flag CHECK (persisted IN (FALSE, TRUE))"
    )
    op.create_table(
        "device_shift",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("device_id", WHOLE_NUMBER, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("said_by", WHOLE_NUMBER, nullable=True),
        sa.Column("mid", sa.Text(), nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("mid IS NOT NULL OR said_by IS NOT NULL", name=op.f("ck_device_shift_somebody_said_it")),
        _key("device_id", "device"),
        _key("said_by", "user_account"),
        _key("taken_back_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_shift")),
        sa.UniqueConstraint("mid", name=op.f("uq_device_shift_mid")),
        sqlite_strict=True,
    )
    op.create_index("ix_device_shift_device", "device_shift", ["device_id", "began_at"])


def downgrade() -> None:
    op.drop_table("device_shift")
    op.drop_column("device", "persisted")
    for column in reversed(TOLD):
        op.drop_column("device", column)
