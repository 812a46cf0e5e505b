"""When and where is a match played whose pair is not known yet?

Revision: 0065
After: 0064
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def _rule(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_later_match_{name}"))


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_later_match_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "later_match",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("to_final", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("session_id", WHOLE_NUMBER, nullable=True),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("duration_min", WHOLE_NUMBER, nullable=False),
        sa.Column("locked", FLAG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        _rule("place_whole", "(session_id IS NULL) = (starts_at IS NULL)"),
        _rule("counted", "to_final >= 0 AND number >= 1"),
        _rule("duration_some", "duration_min > 0"),
        _rule("waits_without_place", "session_id IS NOT NULL OR (state = 'waiting' AND NOT locked)"),
        _rule("locked_flag", "locked IN (FALSE, TRUE)"),
        _rule("state_known", "state IN ('waiting', 'ready', 'on_stage', 'done', 'absent')"),
        _key("contest_id", "contest"),
        _key("session_id", "session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_later_match")),
        sa.UniqueConstraint("contest_id", "to_final", "number", name=op.f("uq_later_match_contest_id_to_final_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_later_match_session", "later_match", ["session_id"])


def downgrade() -> None:
    op.drop_table("later_match")
