"""Judges' tablets are opened by their judge: activation, sealed cards, and who made a device's code

A judge's tablet of before has no row here: it is opened when its judge has typed the own PIN on it. Going down forgets
who made which code, the cards, and which tablets were opened.

Revision: 0005
After: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
GOOD = sa.text("ended_at IS NULL")
ISSUER = "fk_enrolment_code_issued_by_user_account"


def enrolment_code(*, with_issuer: bool) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them."""
    more: list[sa.schema.SchemaItem] = []
    if with_issuer:
        more = [
            sa.Column("issued_by", WHOLE_NUMBER, nullable=True),
            sa.ForeignKeyConstraint(["issued_by"], ["user_account.id"], name=op.f(ISSUER)),
        ]
    return sa.Table(
        "enrolment_code",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=True),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("device_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint(
            "role IN ('gate', 'desk', 'lead', 'stage', 'ground', 'judge')", name=op.f("ck_enrolment_code_role_known")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_enrolment_code_device_id_device")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_enrolment_code_festival_id_festival")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_enrolment_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_enrolment_code_code_hash")),
        *more,
        sqlite_strict=True,
    )


def upgrade() -> None:
    with op.batch_alter_table("enrolment_code", copy_from=enrolment_code(with_issuer=False)) as batch_op:
        batch_op.add_column(sa.Column("issued_by", WHOLE_NUMBER, nullable=True))
        batch_op.create_foreign_key(op.f(ISSUER), "user_account", ["issued_by"], ["id"])
    op.create_table(
        "activation",
        sa.Column("device_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("misses", WHOLE_NUMBER, nullable=False),
        sa.Column("missed_at", MOMENT, nullable=True),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.CheckConstraint("misses >= 0", name=op.f("ck_activation_misses_not_negative")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_activation_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_activation")),
        sqlite_strict=True,
    )
    op.create_table(
        "sealed_card",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=False),
        sa.Column("issued_by", WHOLE_NUMBER, nullable=True),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("device_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint(
            "device_id IS NULL OR ended_at IS NOT NULL", name=op.f("ck_sealed_card_used_cards_have_ended")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_sealed_card_device_id_device")),
        sa.ForeignKeyConstraint(["issued_by"], ["user_account.id"], name=op.f("fk_sealed_card_issued_by_user_account")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sealed_card_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_card")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_sealed_card_good", "sealed_card", ["user_id"], unique=True, sqlite_where=GOOD, postgresql_where=GOOD
    )


def downgrade() -> None:
    op.drop_index("uq_sealed_card_good", table_name="sealed_card")
    op.drop_table("sealed_card")
    op.drop_table("activation")
    with op.batch_alter_table("enrolment_code", copy_from=enrolment_code(with_issuer=True)) as batch_op:
        batch_op.drop_constraint(op.f(ISSUER), type_="foreignkey")
        batch_op.drop_column("issued_by")
