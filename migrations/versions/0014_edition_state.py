"""Which edition is current is chosen, and an edition can be put away

Of the editions that are there the latest becomes the chosen one: it was the one the pages spoke of. Going down forgets
the choice, and that an edition was put away.

Revision: 0014
After: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
CURRENT = sa.text("state = 'current'")


def upgrade() -> None:
    op.create_table(
        "edition_state",
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('current', 'put_away')", name=op.f("ck_edition_state_state_known")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_edition_state_festival_id_festival")),
        sa.PrimaryKeyConstraint("festival_id", name=op.f("pk_edition_state")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_edition_state_current", "edition_state", ["state"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )
    op.execute(
        "INSERT INTO edition_state (festival_id, state, reason, since) "
        "SELECT id, 'current', '', created_at FROM festival ORDER BY starts_on DESC, id DESC LIMIT 1"
    )


def downgrade() -> None:
    op.drop_index("uq_edition_state_current", table_name="edition_state")
    op.drop_table("edition_state")
