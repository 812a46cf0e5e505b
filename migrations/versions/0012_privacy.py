"""Who does not take part any more, how an agreement was taken back, and how long an edition's data is kept

Editions that are there keep what the defaults say. Going down forgets departures, holds and moved days of papers.

Revision: 0012
After: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
STANDING = sa.text("back_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "retention",
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("data_day_set", FLAG, nullable=False),
        sa.Column("papers_until", DAY, nullable=True),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("data_erased_at", MOMENT, nullable=True),
        sa.Column("papers_erased_at", MOMENT, nullable=True),
        sa.CheckConstraint("data_day_set IN (FALSE, TRUE)", name=op.f("ck_retention_data_day_set_flag")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_retention_festival_id_festival")),
        sa.PrimaryKeyConstraint("festival_id", name=op.f("pk_retention")),
        sqlite_strict=True,
    )
    op.create_table(
        "departure",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("seen_by", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_departure_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["user_account.id"], name=op.f("fk_departure_seen_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_departure_standing",
        "departure",
        ["person_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.add_column("consent", sa.Column("withdrawn_how", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("consent", "withdrawn_how")
    op.drop_index("uq_departure_standing", table_name="departure")
    op.drop_table("departure")
    op.drop_table("retention")
