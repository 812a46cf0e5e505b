"""A printed script or sheet keeps a digest of each of its parts, so that a page can say what has changed since.

Revision: 0087
After: 0086
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

PRINTS = ("script_print", "ceremony_print")


def upgrade() -> None:
    for table in PRINTS:
        op.add_column(table, sa.Column("parts", sa.Text(), server_default="{}", nullable=False))


def downgrade() -> None:
    for table in reversed(PRINTS):
        op.drop_column(table, "parts")
