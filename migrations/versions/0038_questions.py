"""Right answers by question

Revision: 0038
After: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contest", sa.Column("questions", sa.Text(), nullable=True))
    op.add_column("measure", sa.Column("answers", sa.Text(), nullable=True))
    op.add_column("ground_reading", sa.Column("answers", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("ground_reading", "answers")
    op.drop_column("measure", "answers")
    op.drop_column("contest", "questions")
