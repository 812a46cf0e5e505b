"""What was a family before it was withdrawn, and through whose door did it go?

Revision: 0048
After: 0047
"""

from __future__ import annotations

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

STATES = "('draft', 'submitted', 'returned', 'approved', 'rejected', 'withdrawn')"


def upgrade() -> None:
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
    op.drop_column("family", "withdrawn_road")
    op.drop_column("family", "withdrawn_from")
