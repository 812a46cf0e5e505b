"""A contest says what everybody may know once it is published: prizes, places, or marks

Revision: 0028
After: 0027
"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # what was published before showed its prizes alone
    op.execute(
        "ALTER TABLE contest ADD COLUMN published TEXT DEFAULT 'prizes' NOT NULL "
        "CONSTRAINT ck_contest_published_known CHECK (published IN ('prizes', 'standings', 'marks'))"
    )


def downgrade() -> None:
    op.drop_column("contest", "published")
