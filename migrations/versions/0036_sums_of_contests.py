"""A contest may be the sum of others: a part with a prize of its own, a family's total

Revision: 0036
After: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KNOWN = "ck_contest_result_kind_known"
KINDS_BEFORE = "'rubric', 'count', 'time', 'match', 'answers'"
KINDS = f"{KINDS_BEFORE}, 'sum'"
BY = "CONSTRAINT ck_contest_sum_by_known CHECK (sum_by IN ('points', 'place_points'))"


def _kinds(before: str, after: str) -> None:
    """Another list of kinds in the check. SQLite copies the table: as it stands, with that one list changed."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.drop_constraint(op.f(KNOWN), "contest", type_="check")
        op.create_check_constraint(op.f(KNOWN), "contest", f"result_kind IN ({after})")
        return
    made = bind.execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'contest'")).scalar_one()
    beside = bind.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = 'contest' AND type = 'index' AND sql IS NOT NULL")
    ).scalars()
    indexes = list(beside)
    body = made[made.index("(") :]
    if body.count(f"({before})") != 1:
        raise RuntimeError("the kinds of a contest are not where they were")
    op.execute(f"CREATE TABLE contest_copied {body.replace(f'({before})', f'({after})')}")
    op.execute("INSERT INTO contest_copied SELECT * FROM contest")
    op.execute("DROP TABLE contest")
    op.execute("ALTER TABLE contest_copied RENAME TO contest")
    for each in indexes:
        op.execute(each)


def upgrade() -> None:
    _kinds(KINDS_BEFORE, KINDS)
    op.execute(f"ALTER TABLE contest ADD COLUMN sum_by TEXT {BY}")
    op.add_column("contest", sa.Column("sum_of", sa.Text(), nullable=True))


def downgrade() -> None:
    # the release before knows no sum: it sees a contest in which nothing was typed
    op.execute("UPDATE contest SET result_kind = 'answers' WHERE result_kind = 'sum'")
    op.drop_column("contest", "sum_by")
    op.drop_column("contest", "sum_of")
    _kinds(KINDS, KINDS_BEFORE)
