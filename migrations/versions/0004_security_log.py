"""The security log, and an account's own PIN

Who signed in, made a code, enrolled, exported, restored; append-only by triggers (made after every batch, see env.py).
Going down forgets it.

Revision: 0004
After: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "security_note",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=True),
        sa.Column("device_id", WHOLE_NUMBER, nullable=True),
        sa.Column("sign_in_id", WHOLE_NUMBER, nullable=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("once", sa.Text(), nullable=True),
        sa.CheckConstraint("kind <> '' AND actor <> ''", name=op.f("ck_security_note_kind_and_actor_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_note")),
        sa.UniqueConstraint("once", name=op.f("uq_security_note_once")),
        sqlite_strict=True,
    )
    op.create_index("ix_security_note_at", "security_note", ["at"], unique=False)
    op.create_index("ix_security_note_kind", "security_note", ["kind", "at"], unique=False)
    op.create_index("ix_security_note_user", "security_note", ["user_id", "at"], unique=False)
    op.create_table(
        "account_pin",
        sa.Column("user_id", WHOLE_NUMBER, nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("misses", WHOLE_NUMBER, nullable=False),
        sa.Column("missed_at", MOMENT, nullable=True),
        sa.CheckConstraint("pin_hash <> ''", name=op.f("ck_account_pin_pin_hash_given")),
        sa.CheckConstraint("misses >= 0", name=op.f("ck_account_pin_misses_not_negative")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_account_pin_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_account_pin")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("account_pin")
    op.drop_table("security_note")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION security_note_guard()")
        op.execute("DROP FUNCTION security_note_refuse()")
