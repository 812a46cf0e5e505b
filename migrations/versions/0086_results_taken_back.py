"""A published result is taken back; the proof page says so, and says the whole delegation's result.

Revision: 0086
After: 0085
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")

# kinds of lines, and which lines are of a contest: before, after
KINDS = (("rules", "heads", "result"), ("rules", "heads", "result", "taken_back"))
OF = (
    "(what = 'result' AND contest <> '') OR what = 'rules' OR (what = 'heads' AND contest = '')",
    "what <> 'heads' OR contest = ''",
)


def _known(after: int) -> str:
    return f"what IN ({', '.join(map(repr, KINDS[after]))})"


def _proof_line(after: int) -> sa.Table:
    table = sa.Table(
        "proof_line",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("n", WHOLE_NUMBER, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("contest", sa.Text(), nullable=False),
        sa.Column("evening", DAY, nullable=True),
        sa.Column("late", FLAG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("opens", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("n >= 1", name=op.f("ck_proof_line_counted_from_one")),
        sa.CheckConstraint(_known(after), name=op.f("ck_proof_line_what_known")),
        sa.CheckConstraint("late IN (FALSE, TRUE)", name=op.f("ck_proof_line_late_flag")),
        sa.CheckConstraint("evening IS NULL OR what = 'heads'", name=op.f("ck_proof_line_evening_of_heads")),
        sa.CheckConstraint(OF[after], name=op.f("ck_proof_line_of_a_contest")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_proof_line_festival_id_festival")),
        sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f("fk_proof_line_by_user_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_line")),
        sa.UniqueConstraint("festival_id", "n", name=op.f("uq_proof_line_festival_id_n")),
        sa.UniqueConstraint("festival_id", "evening", name=op.f("uq_proof_line_festival_id_evening")),
        sqlite_strict=True,
    )
    return table


def _lines(before: int, after: int) -> None:
    with op.batch_alter_table("proof_line", copy_from=_proof_line(before)) as batch_op:
        for name, words in (("what_known", _known(after)), ("of_a_contest", OF[after])):
            batch_op.drop_constraint(op.f(f"ck_proof_line_{name}"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_proof_line_{name}"), words)


def upgrade() -> None:
    kind = MOMENT.compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE contest ADD COLUMN taken_back_at {kind} CONSTRAINT ck_contest_taken_back_is_lower "
        "CHECK (taken_back_at IS NULL OR state IN ('decided', 'released'))"
    )
    op.create_table(
        "result_taken_back",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.Column("with_user", WHOLE_NUMBER, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by", WHOLE_NUMBER, nullable=True),
        sa.Column("published_note", sa.Text(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("released_by", WHOLE_NUMBER, nullable=True),
        sa.Column("released_with", WHOLE_NUMBER, nullable=True),
        sa.Column("released_note", sa.Text(), nullable=False),
        sa.CheckConstraint("code IN ('early', 'wrong')", name=op.f("ck_result_taken_back_code_known")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_result_taken_back_reason_given")),
        sa.CheckConstraint("by_user <> with_user", name=op.f("ck_result_taken_back_two_people")),
        sa.CheckConstraint(
            "(code = 'early' AND published_at IS NOT NULL AND released_at IS NULL)"
            " OR (code = 'wrong' AND released_at IS NOT NULL)",
            name=op.f("ck_result_taken_back_what_goes"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_result_taken_back_contest_id_contest")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["user_account.id"], name=op.f(f"fk_result_taken_back_{name}_user_account")
            )
            for name in ("by_user", "with_user", "published_by", "released_by", "released_with")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_taken_back")),
        sa.UniqueConstraint(
            "contest_id", "published_at", name=op.f("uq_result_taken_back_contest_id_published_at")
        ),
        sa.UniqueConstraint(
            "contest_id", "released_at", name=op.f("uq_result_taken_back_contest_id_released_at")
        ),
        sqlite_strict=True,
    )
    _lines(0, 1)


def downgrade() -> None:
    op.execute("DELETE FROM proof_line WHERE what = 'taken_back' OR (what = 'result' AND contest = '')")
    _lines(1, 0)
    op.drop_table("result_taken_back")
    op.drop_column("contest", "taken_back_at")
