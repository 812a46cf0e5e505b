"""What was a family before it was withdrawn, and through whose door did it go; what was changed of an approved one?

Revision: 0048
After: 0047
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

STATES = "('draft', 'submitted', 'returned', 'approved', 'rejected', 'withdrawn')"


WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
WAITING = sa.text("state = 'waiting'")


def _key(column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_family_change_{column}_{target}"), **how)


def _changes() -> None:
    op.create_table(
        "family_change",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("stood", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("road", sa.Text(), nullable=False),
        sa.Column("asked_by", WHOLE_NUMBER, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("road IN ('link', 'officer', 'office')", name=op.f("ck_family_change_road_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'refused', 'taken_back', 'undone')", name=op.f("ck_family_change_state_known")
        ),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_family_change_decided_then")),
        _key("family_id", "family", ondelete="CASCADE"),
        _key("asked_by", "user_account"),
        _key("decided_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_change")),
        sa.UniqueConstraint("family_id", "number", name=op.f("uq_family_change_family_id_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_family_change_waiting", "family_change", ["family_id"], unique=True, sqlite_where=WAITING, postgresql_where=WAITING
    )


def upgrade() -> None:
    _changes()
    # with their rules in one statement: SQLite adds none to a table that stands
    op.execute(
        f"ALTER TABLE family ADD COLUMN withdrawn_from TEXT CONSTRAINT ck_family_withdrawn_from_known"
        f" CHECK (withdrawn_from IN {STATES})"
        " CONSTRAINT ck_family_withdrawn_from_something CHECK (withdrawn_from IS NULL OR state = 'withdrawn')"
    )
    op.execute(
        "ALTER TABLE family ADD COLUMN withdrawn_road TEXT CONSTRAINT ck_family_withdrawn_road_known"
        " CHECK (withdrawn_road IN ('link', 'officer', 'office'))"
    )


def downgrade() -> None:
    op.drop_table("family_change")
    op.drop_column("family", "withdrawn_road")
    op.drop_column("family", "withdrawn_from")
