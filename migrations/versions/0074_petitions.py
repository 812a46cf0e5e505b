"""Which petitions were lodged, what was done with each, on what does an amendment stand?

Revision: 0074
After: 0073
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
DEEDS = "deed IN ('moved', 'withdrawn', 'accepted', 'partly', 'refused', 'handed_on', 'carried', 'amended')"


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _petitions()
    _steps()


def _petitions() -> None:
    op.create_table(
        "petition",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("road", sa.Text(), nullable=False),
        sa.Column("lodged_by", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lodged_at", MOMENT, nullable=False),
        sa.Column("taken_by", WHOLE_NUMBER, nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("late", FLAG, nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("carried", FLAG, nullable=False),
        sa.Column("told", FLAG, nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("photo_sha256", sa.Text(), nullable=False),
        _rule("petition", "number_counted", "number > 0"),
        _rule("petition", "words_given", "words <> ''"),
        _rule("petition", "of_a_contest", "(about IN ('contest', 'entry')) = (contest_id IS NOT NULL)"),
        _rule("petition", "of_an_entry", "(about = 'entry') = (entry_id IS NOT NULL)"),
        _rule("petition", "paper_taken", "(road = 'paper') = (taken_by IS NOT NULL)"),
        _rule("petition", "about_known", "about IN ('contest', 'entry', 'whole', 'organisation')"),
        _rule("petition", "title_known", "title IN ('petition', 'complaint')"),
        _rule("petition", "road_known", "road IN ('link', 'paper')"),
        _rule("petition", "late_flag", "late IN (FALSE, TRUE)"),
        _rule("petition", "desk_known", "desk IN ('panel', 'office')"),
        _rule(
            "petition", "state_known", "state IN ('open', 'accepted', 'partly', 'refused', 'handed_on', 'withdrawn')"
        ),
        _rule("petition", "carried_flag", "carried IN (FALSE, TRUE)"),
        _rule("petition", "told_flag", "told IN (FALSE, TRUE)"),
        _key("petition", "taken_by", "user_account"),
        _key("petition", "festival_id", "festival"),
        _key("petition", "contest_id", "contest"),
        _key("petition", "entry_id", "entry"),
        _key("petition", "delegation_id", "delegation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
        sa.UniqueConstraint("festival_id", "number", name=op.f("uq_petition_festival_id_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_petition_contest", "petition", ["contest_id", "state"])
    op.create_index("ix_petition_delegation", "petition", ["delegation_id"])


def _steps() -> None:
    op.create_table(
        "petition_step",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("petition_id", WHOLE_NUMBER, nullable=False),
        sa.Column("ordinal", WHOLE_NUMBER, nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.Column("with_user", WHOLE_NUMBER, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("told", FLAG, nullable=False),
        sa.Column("paper_id", WHOLE_NUMBER, nullable=True),
        _rule("petition_step", "ordinal_counted", "ordinal > 0"),
        _rule("petition_step", "words_given", "words <> ''"),
        _rule("petition_step", "two_people", "by_user <> with_user"),
        _rule("petition_step", "paper_of_amendment", "(deed = 'amended') = (paper_id IS NOT NULL)"),
        _rule("petition_step", "deed_known", DEEDS),
        _rule("petition_step", "told_flag", "told IN (FALSE, TRUE)"),
        _key("petition_step", "petition_id", "petition"),
        _key("petition_step", "by_user", "user_account"),
        _key("petition_step", "with_user", "user_account"),
        _key("petition_step", "paper_id", "signed_paper"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_step")),
        sa.UniqueConstraint("petition_id", "ordinal", name=op.f("uq_petition_step_petition_id_ordinal")),
        sqlite_strict=True,
    )
    op.create_table(
        "amendment_ground",
        sa.Column("paper_id", WHOLE_NUMBER, nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("petition_id", WHOLE_NUMBER, nullable=True),
        _rule("amendment_ground", "petition_named", "(ground = 'petition') = (petition_id IS NOT NULL)"),
        _rule("amendment_ground", "ground_known", "ground IN ('unlock_refused', 'petition', 'late_slip', 'other')"),
        _key("amendment_ground", "paper_id", "signed_paper"),
        _key("amendment_ground", "petition_id", "petition"),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_amendment_ground")),
        sqlite_strict=True,
    )
    op.create_table(
        "head_guard",
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("issue", WHOLE_NUMBER, nullable=False),
        sa.Column("misses", WHOLE_NUMBER, nullable=False),
        _rule("head_guard", "misses_counted", "misses >= 0 AND misses <= 10"),
        _key("head_guard", "delegation_id", "delegation"),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_head_guard")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("amendment_ground", "petition_step", "petition", "head_guard"):
        op.drop_table(table)
