"""Which accounts were made from one pasted list is known, so that the list can be printed again or undone

Revision: 0018
After: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("batch", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("user_account", "batch")
