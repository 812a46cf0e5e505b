"""Which draw stands, what was changed after it, when is the stage tried, which meeting drew and what did its minutes say?

Revision: 0061
After: 0060
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
TRUTH = sa.Boolean().with_variant(sa.Integer(), "sqlite")
STANDS = sa.text("voided_at IS NULL")
STATES = "state IN ('printed', 'signed', 'replaced', 'annulled')"
LETTER = "state <> 'signed' OR (signed_at IS NOT NULL AND turn > 0 AND letter_number <> '' AND letter_day IS NOT NULL)"


def _key(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _draw(*more: sa.Column[object] | sa.UniqueConstraint) -> sa.Table:
    """The table before or after: SQLite copies it, and would lose its check and STRICT if it had to guess them."""
    return sa.Table(
        "draw",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("drawn_by", WHOLE_NUMBER, nullable=True),
        *more,
        sa.CheckConstraint("method IN ('hand', 'seeded')", name=op.f("ck_draw_method_known")),
        _key("draw", "contest_id", "contest"),
        _key("draw", "drawn_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sqlite_strict=True,
    )


def _once() -> sa.UniqueConstraint:
    return sa.UniqueConstraint("contest_id", name=op.f("uq_draw_contest_id"))


def _blocks() -> sa.Column[object]:
    return sa.Column("blocks", sa.Text(), server_default="[]", nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("draw", copy_from=_draw(_once())) as batch_op:
        batch_op.drop_constraint(op.f("uq_draw_contest_id"), type_="unique")
        batch_op.add_column(_blocks())
        batch_op.add_column(sa.Column("voided_at", MOMENT, nullable=True))
    op.create_index("uq_draw_standing", "draw", ["contest_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS)
    op.create_table(
        "draw_change",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("draw_id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", WHOLE_NUMBER, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", WHOLE_NUMBER, nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=False),
        _rule("draw_change", "kind_known", "kind IN ('swapped', 'corrected', 'added')"),
        _rule("draw_change", "reason_said", "kind = 'added' OR reason <> ''"),
        _rule("draw_change", "undone_why_said", "(undone_at IS NULL) = (undone_why = '')"),
        _key("draw_change", "draw_id", "draw"),
        _key("draw_change", "made_by", "user_account"),
        _key("draw_change", "undone_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_change")),
        sqlite_strict=True,
    )
    op.create_index("ix_draw_change_draw", "draw_change", ["draw_id"])
    op.create_table(
        "stage_trial",
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("stage_id", WHOLE_NUMBER, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("minutes", WHOLE_NUMBER, nullable=False),
        sa.Column("taken_back", TRUTH, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        _rule("stage_trial", "minutes_some", "minutes BETWEEN 1 AND 240"),
        _rule("stage_trial", "taken_back_flag", "taken_back IN (FALSE, TRUE)"),
        _key("stage_trial", "contest_id", "contest"),
        _key("stage_trial", "stage_id", "stage", cascade=True),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_stage_trial")),
        sqlite_strict=True,
    )
    op.create_table(
        "draw_meeting",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("held_on", DAY, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=False),
        sa.Column("secretary", sa.Text(), nullable=False),
        sa.Column("contests", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Text(), nullable=False),
        sa.Column("witnesses", sa.Text(), nullable=False),
        sa.Column("dropped", TRUTH, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        _rule("draw_meeting", "dropped_flag", "dropped IN (FALSE, TRUE)"),
        _key("draw_meeting", "festival_id", "festival"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_meeting")),
        sa.UniqueConstraint("festival_id", "number", name=op.f("uq_draw_meeting_festival_id_number")),
        sqlite_strict=True,
    )
    _minutes()


def _minutes() -> None:
    op.create_table(
        "draw_minutes",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("meeting", WHOLE_NUMBER, nullable=False),
        sa.Column("replaced_by", WHOLE_NUMBER, nullable=True),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("editable", sa.LargeBinary(), nullable=False),
        sa.Column("editable_sha256", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("static_tree", sa.Text(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("letter_number", sa.Text(), nullable=False),
        sa.Column("letter_day", DAY, nullable=True),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("turn", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        _rule("draw_minutes", "state_known", STATES),
        _rule("draw_minutes", "signed_with_letter", LETTER),
        _rule("draw_minutes", "taken_back_why", "state <> 'annulled' OR reason <> ''"),
        _rule("draw_minutes", "turn_counted", "turn >= 0"),
        _key("draw_minutes", "festival_id", "festival"),
        _key("draw_minutes", "replaced_by", "draw_minutes"),
        *(_key("draw_minutes", column, "user_account") for column in ("printed_by", "signed_by", "changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_minutes")),
        sa.UniqueConstraint("festival_id", "meeting", "number", name=op.f("uq_draw_minutes_festival_id_meeting_number")),
        sqlite_strict=True,
    )
    for state in ("printed", "signed"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_draw_minutes_{state}", "draw_minutes", ["festival_id", "meeting"], unique=True,
            sqlite_where=only, postgresql_where=only,
        )  # fmt: skip
    op.create_table(
        "draw_minutes_page",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("minutes_id", WHOLE_NUMBER, nullable=False),
        sa.Column("turn", WHOLE_NUMBER, nullable=False),
        sa.Column("page", WHOLE_NUMBER, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.Column("put_by", WHOLE_NUMBER, nullable=True),
        _rule("draw_minutes_page", "format_known", "format IN ('jpeg', 'pdf')"),
        _rule("draw_minutes_page", "pages_counted", "turn > 0 AND page > 0"),
        _key("draw_minutes_page", "minutes_id", "draw_minutes", cascade=True),
        _key("draw_minutes_page", "put_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_minutes_page")),
        sa.UniqueConstraint("minutes_id", "turn", "page", name=op.f("uq_draw_minutes_page_minutes_id_turn_page")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("draw_minutes_page", "draw_minutes", "draw_meeting", "stage_trial", "draw_change"):
        op.drop_table(name)
    op.execute("DELETE FROM draw WHERE voided_at IS NOT NULL")  # 0.6 knew only the one that stands
    op.drop_index("uq_draw_standing", "draw")
    after = _draw(_blocks(), sa.Column("voided_at", MOMENT, nullable=True))
    with op.batch_alter_table("draw", copy_from=after) as batch_op:
        batch_op.drop_column("voided_at")
        batch_op.drop_column("blocks")
        batch_op.create_unique_constraint(op.f("uq_draw_contest_id"), ["contest_id"])
