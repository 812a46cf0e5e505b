"""What was not written of an Excel file, which families it wrote, who took it back; which families stand in reserve?

Revision: 0052
After: 0051
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("skipped_families", WHOLE_NUMBER, server_default="0", nullable=False))
    op.add_column("import_batch", sa.Column("skipped", sa.Text(), server_default="[]", nullable=False))
    op.add_column("import_batch", sa.Column("made", sa.Text(), server_default="[]", nullable=False))
    op.add_column("import_batch", sa.Column("undone_at", MOMENT, nullable=True))
    # with their rules in one statement: SQLite adds none to a table that stands
    kind = FLAG.compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE import_batch ADD COLUMN whole {kind} DEFAULT FALSE NOT NULL"
        " CONSTRAINT ck_import_batch_whole_flag CHECK (whole IN (FALSE, TRUE))"
    )
    number = WHOLE_NUMBER.compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE import_batch ADD COLUMN undone_by {number}"
        " CONSTRAINT fk_import_batch_undone_by_user_account REFERENCES user_account (id)"
    )
    op.execute(
        "ALTER TABLE family ADD COLUMN reserve TEXT"
        " CONSTRAINT ck_family_reserve_known CHECK (reserve IN ('proposed', 'accepted'))"
        " CONSTRAINT ck_family_reserve_holds_no_place CHECK (reserve IS NULL OR (state <> 'approved'"
        " AND (reserve = 'proposed' OR state IN ('submitted', 'withdrawn'))))"
    )


def downgrade() -> None:
    op.drop_column("family", "reserve")
    for column in ("undone_by", "whole", "undone_at", "made", "skipped", "skipped_families"):
        op.drop_column("import_batch", column)
