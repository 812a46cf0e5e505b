"""How many entries of a contest run at a time, and how many of a drawn order came after the meeting?

Revision: 0067
After: 0066
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contest", sa.Column("lanes", WHOLE_NUMBER, server_default="1", nullable=False))
    op.add_column("draw", sa.Column("late", WHOLE_NUMBER, server_default="0", nullable=False))
    changes = sa.table("draw_change", sa.column("draw_id"), sa.column("kind"), sa.column("entries"), sa.column("undone_at"))
    draws = sa.table("draw", sa.column("id"), sa.column("late"))
    late: dict[int, int] = {}
    added = sa.select(changes.c.draw_id, changes.c.entries).where(
        changes.c.kind == "added", changes.c.undone_at.is_(None)
    )
    for row in op.get_bind().execute(added):
        late[row.draw_id] = late.get(row.draw_id, 0) + len(json.loads(row.entries))
    for draw, many in late.items():
        op.execute(sa.update(draws).where(draws.c.id == draw).values(late=many))


def downgrade() -> None:
    op.drop_column("draw", "late")
    op.drop_column("contest", "lanes")
