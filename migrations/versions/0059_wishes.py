"""What was wished of the timetable, and which contests does a stage take?

Revision: 0059
After: 0058
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
KINDS = ("away", "pause", "window", "before", "opening", "closing", "minutes", "change")
WHO = (
    "CASE WHEN family_id IS NULL THEN 0 ELSE 1 END + CASE WHEN delegation_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END + CASE WHEN contest_id IS NULL OR kind = 'change' THEN 0 ELSE 1 END"
    " = CASE WHEN kind = 'away' THEN 1 ELSE 0 END"
)
ONE = {
    "uq_wish_of_entry": (["kind", "entry_id"], "kind IN ('closing', 'minutes', 'opening', 'window')"),
    "uq_wish_before": (["entry_id", "other_id"], "kind = 'before'"),
    "uq_wish_change": (["contest_id"], "kind = 'change' AND contest_id IS NOT NULL"),
    "uq_wish_change_all": (["festival_id"], "kind = 'change' AND contest_id IS NULL"),
}


def _key(table: str, column: str, target: str, *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def _rule(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_wish_{name}"))


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("other_id", WHOLE_NUMBER, nullable=True),
        sa.Column("family_id", WHOLE_NUMBER, nullable=True),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=True),
        sa.Column("user_id", WHOLE_NUMBER, nullable=True),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("stage_id", WHOLE_NUMBER, nullable=True),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("minutes", WHOLE_NUMBER, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        _rule("kind_known", f"kind IN ({', '.join(repr(each) for each in KINDS)})"),
        _rule("version_counted", "version > 0"),
        _rule("times_in_order", "ends_at > starts_at"),
        _rule("minutes_plausible", "minutes BETWEEN 0 AND 240"),
        _rule(
            "of_an_entry",
            "(entry_id IS NOT NULL) = (kind IN ('before', 'closing', 'minutes', 'opening', 'window'))",
        ),
        _rule("before_another", "(other_id IS NOT NULL) = (kind = 'before') AND other_id <> entry_id"),
        _rule("minutes_of", "(minutes IS NOT NULL) = (kind IN ('change', 'minutes'))"),
        _rule("minutes_some", "kind <> 'minutes' OR minutes > 0"),
        _rule("from_until", "kind NOT IN ('away', 'pause') OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)"),
        _rule(
            "an_hour",
            "(kind = 'window') = (kind NOT IN ('away', 'pause') AND (starts_at IS NOT NULL OR ends_at IS NOT NULL))",
        ),
        _rule("stage_of_a_pause", "stage_id IS NULL OR kind = 'pause'"),
        _rule("who", WHO),
        _key("wish", "festival_id", "festival", cascade=False),
        _key("wish", "entry_id", "entry"),
        _key("wish", "other_id", "entry"),
        _key("wish", "family_id", "family"),
        _key("wish", "delegation_id", "delegation"),
        _key("wish", "user_id", "user_account", cascade=False),
        _key("wish", "contest_id", "contest"),
        _key("wish", "stage_id", "stage"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sqlite_strict=True,
    )
    for name, (columns, where) in ONE.items():
        stands = sa.text(f"taken_back_at IS NULL AND {where}")
        op.create_index(name, "wish", columns, unique=True, sqlite_where=stands, postgresql_where=stands)
    op.create_index("ix_wish_festival", "wish", ["festival_id", "taken_back_at"])
    op.create_index("ix_wish_family", "wish", ["family_id"])
    op.create_table(
        "stage_takes",
        sa.Column("stage_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        _key("stage_takes", "stage_id", "stage"),
        _key("stage_takes", "contest_id", "contest"),
        sa.PrimaryKeyConstraint("stage_id", "contest_id", name=op.f("pk_stage_takes")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("stage_takes")
    op.drop_table("wish")
