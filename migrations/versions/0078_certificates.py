"""Layouts of an edition's certificates, one row a saving.

Revision: 0078
After: 0077
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate_layout",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("layout", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_certificate_layout_version_counted")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_certificate_layout_festival_id_festival")),
        sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f("fk_certificate_layout_by_user_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_layout")),
        sa.UniqueConstraint("festival_id", "version", name=op.f("uq_certificate_layout_festival_id_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("certificate_layout")
