"""People are found by their folded name: who is registered twice

Revision: 0015
After: 0014
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_person_folded", "person", ["festival_id", "folded"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_person_folded", table_name="person")
