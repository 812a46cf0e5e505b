"""The document behind points of a delegation may be photographed or scanned.

Revision: 0084
After: 0083
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
TRUTH = sa.Boolean().with_variant(sa.Integer(), "sqlite")
TABLE = "signed_scan_use"
KNOWN = ("kind IN ('minutes', 'decision')", "kind IN ('minutes', 'decision', 'points')")
WHOLE = ("shown AND contest_id IS NULL", "shown AND contest_id IS NULL AND points_id IS NULL")
RULES = (
    ("of_paper_or_points", "(kind = 'points') = (points_id IS NOT NULL) AND (kind = 'points') = (paper_id IS NULL)"),
    ("points_of_the_whole", "points_id IS NULL OR contest_id IS NULL"),
)


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{column}_{target}"))


def _unique(name: str, column: str, condition: str) -> sa.Index:
    where = sa.text(condition)
    return sa.Index(f"uq_{TABLE}_shown_{name}", column, "kind", unique=True, sqlite_where=where, postgresql_where=where)


def uses(after: bool) -> sa.Table:
    """SQLite copies the table, and would lose its checks and STRICT if it had to guess them."""
    points = [sa.Column("points_id", WHOLE_NUMBER, nullable=True), _key("points_id", "delegation_points")]
    rules = [sa.CheckConstraint(condition, name=op.f(f"ck_{TABLE}_{name}")) for name, condition in RULES]
    return sa.Table(
        TABLE,
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("scan_id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("paper_id", WHOLE_NUMBER, nullable=after),
        sa.Column("shown", TRUTH, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        *(points if after else ()),
        sa.CheckConstraint(KNOWN[after], name=op.f(f"ck_{TABLE}_kind_known")),
        sa.CheckConstraint("shown IN (FALSE, TRUE)", name=op.f(f"ck_{TABLE}_shown_flag")),
        sa.CheckConstraint("NOT shown OR reason = ''", name=op.f(f"ck_{TABLE}_taken_back_not_shown")),
        *(rules if after else ()),
        _key("scan_id", "signed_scan"),
        _key("festival_id", "festival"),
        _key("contest_id", "contest"),
        _key("paper_id", "signed_paper"),
        _key("changed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.Index("ix_signed_scan_use_scan", "scan_id"),
        _unique("contest", "contest_id", "shown AND contest_id IS NOT NULL"),
        _unique("whole", "festival_id", WHOLE[after]),
        *([_unique("points", "points_id", "shown AND points_id IS NOT NULL")] if after else ()),
        sqlite_strict=True,
    )


def _whole(after: bool) -> None:
    name, where = f"uq_{TABLE}_shown_whole", sa.text(WHOLE[after])
    op.create_index(name, TABLE, ["festival_id", "kind"], unique=True, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    with op.batch_alter_table(TABLE, copy_from=uses(after=False)) as batch_op:
        batch_op.drop_index(f"uq_{TABLE}_shown_whole")
        batch_op.drop_constraint(op.f(f"ck_{TABLE}_kind_known"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{TABLE}_kind_known"), KNOWN[True])
        batch_op.alter_column("paper_id", existing_type=WHOLE_NUMBER, nullable=True)
        batch_op.add_column(sa.Column("points_id", WHOLE_NUMBER, nullable=True))
        batch_op.create_foreign_key(
            op.f(f"fk_{TABLE}_points_id_delegation_points"), "delegation_points", ["points_id"], ["id"]
        )
        for name, condition in RULES:
            batch_op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), condition)
    _whole(after=True)
    where = sa.text("shown AND points_id IS NOT NULL")
    op.create_index(
        f"uq_{TABLE}_shown_points",
        TABLE,
        ["points_id", "kind"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """An earlier release knows no such documents: they go."""
    gone = "SELECT scan_id FROM signed_scan_use WHERE kind = 'points'"
    op.execute(f"CREATE TABLE gone_scan AS {gone}")
    op.execute("DELETE FROM signed_scan_use WHERE kind = 'points'")
    op.execute("DELETE FROM signed_scan_page WHERE scan_id IN (SELECT scan_id FROM gone_scan)")
    op.execute("DELETE FROM signed_scan WHERE id IN (SELECT scan_id FROM gone_scan)")
    op.execute("DROP TABLE gone_scan")
    with op.batch_alter_table(TABLE, copy_from=uses(after=True)) as batch_op:
        batch_op.drop_index(f"uq_{TABLE}_shown_points")
        batch_op.drop_index(f"uq_{TABLE}_shown_whole")
        for name, _condition in RULES:
            batch_op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), type_="check")
        batch_op.drop_constraint(op.f(f"fk_{TABLE}_points_id_delegation_points"), type_="foreignkey")
        batch_op.drop_column("points_id")
        batch_op.drop_constraint(op.f(f"ck_{TABLE}_kind_known"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{TABLE}_kind_known"), KNOWN[False])
        batch_op.alter_column("paper_id", existing_type=WHOLE_NUMBER, nullable=False)
    _whole(after=False)
