"""Slips of paper are typed twice by two people, their photos lie beside them, and a border check stands before the signature

Nothing is filled in. Going down forgets held typings, decisions, photos, checks and confirmations; sheets stay.

Revision: 0033
After: 0032
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
RULES = (("paper_typing", "by_seat"), ("confirming", "optional"))
TABLES = (
    "sheet_confirmation", "border_typing", "border_check", "slip_photo", "slip_decision", "slip_typing", "paper_seat",
)  # fmt: skip


def _key(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **how)


def _one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    for name, value in RULES:
        op.add_column("contest", sa.Column(name, sa.Text(), server_default=value, nullable=False))
    op.create_table(
        "paper_seat",
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("noted_by", WHOLE_NUMBER, nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        _key("paper_seat", "judge_id", "judge", ondelete="CASCADE"),
        _key("paper_seat", "noted_by", "user_account"),
        sa.PrimaryKeyConstraint("judge_id", name=op.f("pk_paper_seat")),
        sqlite_strict=True,
    )
    op.create_table(
        "slip_typing",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("place", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("total_milli", WHOLE_NUMBER, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("typed_by", WHOLE_NUMBER, nullable=False),
        sa.Column("typed_at", MOMENT, nullable=False),
        sa.CheckConstraint("round >= 1", name=op.f("ck_slip_typing_counted_from_one")),
        sa.CheckConstraint(
            "state IN ('held', 'differs', 'agreed', 'decided', 'dropped')", name=op.f("ck_slip_typing_state_known")
        ),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_slip_typing_two_places")),
        _key("slip_typing", "judge_id", "judge"),
        _key("slip_typing", "typed_by", "user_account"),
        _key("slip_typing", "entry_id", "entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_typing")),
        sqlite_strict=True,
    )
    op.create_index("ix_slip_typing_entry", "slip_typing", ["entry_id"])
    _one(
        "uq_slip_typing_person",
        "slip_typing",
        ["judge_id", "entry_id", "round", "typed_by"],
        "state IN ('held', 'differs')",
    )
    _one(
        "uq_slip_typing_place",
        "slip_typing",
        ["judge_id", "entry_id", "round", "place"],
        "state IN ('held', 'differs')",
    )
    op.create_table(
        "slip_decision",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("total_milli", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("standing", FLAG, nullable=False),
        sa.CheckConstraint("standing IN (FALSE, TRUE)", name=op.f("ck_slip_decision_standing_flag")),
        _key("slip_decision", "decided_by", "user_account"),
        _key("slip_decision", "entry_id", "entry"),
        _key("slip_decision", "judge_id", "judge"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_decision")),
        sqlite_strict=True,
    )
    _one("uq_slip_decision_standing", "slip_decision", ["judge_id", "entry_id", "round"], "standing")
    op.create_table(
        "slip_photo",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("session_id", WHOLE_NUMBER, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kept_by", WHOLE_NUMBER, nullable=True),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("standing", FLAG, nullable=False),
        sa.CheckConstraint(
            "(entry_id IS NULL) <> (session_id IS NULL)", name=op.f("ck_slip_photo_of_a_slip_or_a_page")
        ),
        sa.CheckConstraint("standing IN (FALSE, TRUE)", name=op.f("ck_slip_photo_standing_flag")),
        _key("slip_photo", "judge_id", "judge"),
        _key("slip_photo", "session_id", "session"),
        _key("slip_photo", "entry_id", "entry"),
        _key("slip_photo", "kept_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_photo")),
        sqlite_strict=True,
    )
    _one("uq_slip_photo_entry", "slip_photo", ["judge_id", "entry_id"], "standing AND entry_id IS NOT NULL")
    _one("uq_slip_photo_session", "slip_photo", ["judge_id", "session_id"], "standing AND session_id IS NOT NULL")
    op.create_table(
        "border_check",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("slips", sa.Text(), nullable=False),
        sa.Column("rest", WHOLE_NUMBER, nullable=False),
        sa.Column("begun_by", WHOLE_NUMBER, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("standing", FLAG, nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_border_check_counted_from_one")),
        sa.CheckConstraint("ended IN ('anew', 'unlocked')", name=op.f("ck_border_check_ended_known")),
        sa.CheckConstraint("standing IN (FALSE, TRUE)", name=op.f("ck_border_check_standing_flag")),
        _key("border_check", "begun_by", "user_account"),
        _key("border_check", "contest_id", "contest"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_check")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_border_check_contest_id_number")),
        sqlite_strict=True,
    )
    _one("uq_border_check_standing", "border_check", ["contest_id"], "standing")
    op.create_table(
        "border_typing",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("check_id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("total_milli", WHOLE_NUMBER, nullable=False),
        sa.Column("same", FLAG, nullable=False),
        sa.Column("typed_by", WHOLE_NUMBER, nullable=False),
        sa.Column("typed_at", MOMENT, nullable=False),
        sa.Column("standing", FLAG, nullable=False),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("settled_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("same IN (FALSE, TRUE)", name=op.f("ck_border_typing_same_flag")),
        sa.CheckConstraint("standing IN (FALSE, TRUE)", name=op.f("ck_border_typing_standing_flag")),
        _key("border_typing", "check_id", "border_check"),
        _key("border_typing", "settled_by", "user_account"),
        _key("border_typing", "typed_by", "user_account"),
        _key("border_typing", "entry_id", "entry"),
        _key("border_typing", "judge_id", "judge"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_typing")),
        sqlite_strict=True,
    )
    _one("uq_border_typing_standing", "border_typing", ["check_id", "judge_id", "entry_id"], "standing")
    op.create_table(
        "sheet_confirmation",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("mid", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.Column("with_user", WHOLE_NUMBER, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("standing", FLAG, nullable=False),
        sa.CheckConstraint(
            "(mid IS NULL) = (reason <> '')", name=op.f("ck_sheet_confirmation_confirmed_or_overridden")
        ),
        sa.CheckConstraint("standing IN (FALSE, TRUE)", name=op.f("ck_sheet_confirmation_standing_flag")),
        _key("sheet_confirmation", "with_user", "user_account"),
        _key("sheet_confirmation", "by_user", "user_account"),
        _key("sheet_confirmation", "judge_id", "judge"),
        _key("sheet_confirmation", "contest_id", "contest"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_confirmation")),
        sa.UniqueConstraint("mid", name=op.f("uq_sheet_confirmation_mid")),
        sqlite_strict=True,
    )
    _one("uq_sheet_confirmation_standing", "sheet_confirmation", ["contest_id", "judge_id"], "standing")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for name, _value in RULES:
        op.drop_column("contest", name)
