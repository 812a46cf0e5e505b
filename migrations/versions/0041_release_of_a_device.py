"""Of which release is the page that a device has open?

Revision: 0041
After: 0040
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("app", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("device", "app")
