"""The panel may leave a prize empty, recorded among its decisions

Revision: 0070
After: 0069
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
KNOWN = "ck_jury_decision_kind_known"
BEFORE = "kind IN ('tie', 'prize', 'marking', 'draw', 'out')"
AFTER = "kind IN ('tie', 'prize', 'vacant', 'marking', 'draw', 'out')"


def jury_decision(known: str) -> sa.Table:
    """SQLite copies the table, and would lose its checks and STRICT if it had to guess them."""
    return sa.Table(
        "jury_decision",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("noted_by", WHOLE_NUMBER, nullable=True),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint(known, name=op.f(KNOWN)),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_jury_decision_reason_given")),
        sa.CheckConstraint("(contest_id IS NULL) <> (festival_id IS NULL)", name=op.f("ck_jury_decision_one_subject")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_jury_decision_contest_id_contest")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_jury_decision_noted_by_user_account")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_jury_decision_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_decision")),
        sa.Index("ix_jury_decision_contest", "contest_id"),
        sa.Index("ix_jury_decision_festival", "festival_id"),
        sqlite_strict=True,
    )


def _known(before: str, after: str) -> None:
    with op.batch_alter_table("jury_decision", copy_from=jury_decision(before)) as batch_op:
        batch_op.drop_constraint(op.f(KNOWN), type_="check")
        batch_op.create_check_constraint(op.f(KNOWN), after)


def upgrade() -> None:
    _known(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM jury_decision WHERE kind = 'vacant'")
    # a release before this one would read the line that takes a decision back as one that gives nothing
    for row in op.get_bind().execute(sa.text("SELECT id, content FROM jury_decision WHERE kind = 'prize'")).all():
        content = json.loads(row.content)
        if "takes_back" in content:
            both = {"own": row.id, "other": content["takes_back"]}
            op.get_bind().execute(sa.text("DELETE FROM jury_decision WHERE id IN (:own, :other)"), both)
    _known(AFTER, BEFORE)
