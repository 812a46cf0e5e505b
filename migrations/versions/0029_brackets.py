"""Knock-outs have a bracket: how it was drawn, what was typed of each match, and how sets are counted

Revision: 0029
After: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
IN_FORCE = sa.text("ended_at IS NULL")


def _key(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **how)


def upgrade() -> None:
    op.add_column("contest", sa.Column("bracket", sa.Text(), nullable=True))
    op.create_table(
        "bracket_draw",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("drawing", WHOLE_NUMBER, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("drawn_by", WHOLE_NUMBER, nullable=True),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("ended_by", WHOLE_NUMBER, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.CheckConstraint("drawing >= 1", name=op.f("ck_bracket_draw_counted_from_one")),
        _key("bracket_draw", "contest_id", "contest"),
        _key("bracket_draw", "drawn_by", "user_account"),
        _key("bracket_draw", "ended_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bracket_draw")),
        sa.UniqueConstraint("contest_id", "drawing", name=op.f("uq_bracket_draw_contest_id_drawing")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_bracket_draw_in_force", "bracket_draw", ["contest_id"], unique=True,
        sqlite_where=IN_FORCE, postgresql_where=IN_FORCE,
    )  # fmt: skip
    op.create_table(
        "played_match",
        sa.Column("draw_id", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("a_id", WHOLE_NUMBER, nullable=False),
        sa.Column("b_id", WHOLE_NUMBER, nullable=False),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("winner_id", WHOLE_NUMBER, nullable=True),
        sa.Column("sets", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("typed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("mid", sa.Text(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(winner_id IS NOT NULL) = (how IS NOT NULL AND how <> 'nobody')",
            name=op.f("ck_played_match_winner_when_ended"),
        ),
        sa.CheckConstraint(
            "winner_id IS NULL OR winner_id = a_id OR winner_id = b_id", name=op.f("ck_played_match_winner_played")
        ),
        sa.CheckConstraint("a_id <> b_id", name=op.f("ck_played_match_two_sides")),
        sa.CheckConstraint(
            "round >= 1 AND number >= 1 AND version >= 0", name=op.f("ck_played_match_counted_from_one")
        ),
        sa.CheckConstraint(
            "how IN ('played', 'walkover', 'retired', 'disqualified', 'nobody')", name=op.f("ck_played_match_how_known")
        ),
        _key("played_match", "draw_id", "bracket_draw", ondelete="CASCADE"),
        _key("played_match", "a_id", "entry"),
        _key("played_match", "b_id", "entry"),
        _key("played_match", "winner_id", "entry"),
        _key("played_match", "typed_by", "user_account"),
        sa.PrimaryKeyConstraint("draw_id", "round", "number", name=op.f("pk_played_match")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("played_match")
    op.drop_index("uq_bracket_draw_in_force", table_name="bracket_draw")
    op.drop_table("bracket_draw")
    op.drop_column("contest", "bracket")
