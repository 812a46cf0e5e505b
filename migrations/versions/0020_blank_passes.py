"""Blank passes are printed in number and claimed on the day; the back of an edition's cards can be written

A claimed blank pass is a pass of its new holder whose codes are those of the blank one. Going down, passes that were
claimed are taken out of use (their codes are known to this release only), unclaimed ones and written backs are forgotten.

Revision: 0020
After: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "blank_pass",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_blank_pass_number_positive")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_blank_pass_festival_id_festival")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_blank_pass_made_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blank_pass")),
        sa.UniqueConstraint("festival_id", "number", name=op.f("uq_blank_pass_festival_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "card_back",
        sa.Column("festival_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("help_lines", sa.Text(), nullable=False),
        sa.Column("directions", sa.Text(), nullable=False),
        sa.Column("map_link", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["user_account.id"], name=op.f("fk_card_back_changed_by_user_account")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_card_back_festival_id_festival")),
        sa.PrimaryKeyConstraint("festival_id", name=op.f("pk_card_back")),
        sqlite_strict=True,
    )
    op.add_column("pass", sa.Column("blank_id", WHOLE_NUMBER, nullable=True))
    op.create_index("uq_pass_blank", "pass", ["blank_id"], unique=True)


def downgrade() -> None:
    op.execute("UPDATE pass SET replaced_at = issued_at WHERE blank_id IS NOT NULL AND replaced_at IS NULL")
    op.drop_index("uq_pass_blank", table_name="pass")
    op.drop_column("pass", "blank_id")
    op.drop_table("card_back")
    op.drop_table("blank_pass")
