"""Judges in reserve, a judge replaced in the middle, ties to single families, relations a judge declared

Revision: 0031
After: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
SEATS_BEFORE = ("chair", "member", "secretary")
SEATS = (*SEATS_BEFORE, "reserve", "replaced", "stood_down")
SEAT_KNOWN = "ck_judge_seat_known"
ONE_OF_TWO = "(unit_id IS NULL) <> (family_id IS NULL)"
FAMILY = "fk_unavailability_family_id_family"
FAMILY_ONCE = "uq_unavailability_judge_id_family_id"
ONE = "ck_unavailability_a_unit_or_a_family"


def known(seats: tuple[str, ...]) -> str:
    return f"seat IN ({', '.join(repr(each) for each in seats)})"


def judge(seats: tuple[str, ...]) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them."""
    return sa.Table(
        "judge",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("marks", FLAG, nullable=False),
        sa.Column("unit_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint(known(seats), name=op.f(SEAT_KNOWN)),
        sa.CheckConstraint("marks IN (FALSE, TRUE)", name=op.f("ck_judge_marks_flag")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_judge_contest_id_contest")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_judge_unit_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_judge_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge")),
        sa.UniqueConstraint("contest_id", "letter", name=op.f("uq_judge_contest_id_letter")),
        sa.UniqueConstraint("contest_id", "user_id", "seat", name=op.f("uq_judge_contest_id_user_id_seat")),
        sqlite_strict=True,
    )


def unavailability(*, of_families: bool) -> sa.Table:
    table = sa.Table(
        "unavailability",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("unit_id", WHOLE_NUMBER, nullable=of_families),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_unavailability_judge_id_judge")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unavailability_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unavailability")),
        sa.UniqueConstraint("judge_id", "unit_id", name=op.f("uq_unavailability_judge_id_unit_id")),
        sqlite_strict=True,
    )
    if of_families:
        table.append_column(sa.Column("family_id", WHOLE_NUMBER, nullable=True))
        table.append_constraint(sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f(FAMILY), ondelete="CASCADE"))
        table.append_constraint(sa.UniqueConstraint("judge_id", "family_id", name=op.f(FAMILY_ONCE)))
        table.append_constraint(sa.CheckConstraint(ONE_OF_TWO, name=op.f(ONE)))
    return table


def _key(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **how)


def upgrade() -> None:
    with op.batch_alter_table("judge", copy_from=judge(SEATS_BEFORE)) as batch_op:
        batch_op.drop_constraint(op.f(SEAT_KNOWN), type_="check")
        batch_op.create_check_constraint(op.f(SEAT_KNOWN), known(SEATS))
    with op.batch_alter_table("unavailability", copy_from=unavailability(of_families=False)) as batch_op:
        batch_op.alter_column("unit_id", existing_type=WHOLE_NUMBER, nullable=True)
        batch_op.add_column(sa.Column("family_id", WHOLE_NUMBER, nullable=True))
        batch_op.create_foreign_key(op.f(FAMILY), "family", ["family_id"], ["id"], ondelete="CASCADE")
        batch_op.create_unique_constraint(op.f(FAMILY_ONCE), ["judge_id", "family_id"])
        batch_op.create_check_constraint(op.f(ONE), ONE_OF_TWO)
    op.add_column("contest", sa.Column("marked_by_both", sa.Text(), server_default="first", nullable=False))
    op.create_table(
        "seat_replacement",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("root_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("out_id", WHOLE_NUMBER, nullable=False),
        sa.Column("in_id", WHOLE_NUMBER, nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.Column("chair_id", WHOLE_NUMBER, nullable=True),
        sa.Column("secretary_id", WHOLE_NUMBER, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_why", sa.Text(), nullable=False),
        sa.CheckConstraint("out_id <> in_id", name=op.f("ck_seat_replacement_another_person")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_seat_replacement_counted_from_one")),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_why = '')", name=op.f("ck_seat_replacement_taken_back_with_reason")
        ),
        _key("seat_replacement", "root_id", "judge"),
        _key("seat_replacement", "out_id", "judge"),
        _key("seat_replacement", "in_id", "judge"),
        _key("seat_replacement", "chair_id", "user_account"),
        _key("seat_replacement", "secretary_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_replacement")),
        sa.UniqueConstraint("root_id", "number", name=op.f("uq_seat_replacement_root_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "declared_relation",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=False),
        sa.Column("unit_id", WHOLE_NUMBER, nullable=True),
        sa.Column("family_id", WHOLE_NUMBER, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.CheckConstraint(ONE_OF_TWO, name=op.f("ck_declared_relation_a_unit_or_a_family")),
        _key("declared_relation", "festival_id", "festival"),
        _key("declared_relation", "user_id", "user_account"),
        _key("declared_relation", "unit_id", "unit"),
        _key("declared_relation", "family_id", "family", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_relation")),
        sa.UniqueConstraint(
            "festival_id", "user_id", "unit_id", name=op.f("uq_declared_relation_festival_id_user_id_unit_id")
        ),
        sa.UniqueConstraint(
            "festival_id", "user_id", "family_id", name=op.f("uq_declared_relation_festival_id_user_id_family_id")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "relation_dismissed",
        sa.Column("judge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("relation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dismissed_at", MOMENT, nullable=False),
        sa.Column("dismissed_by", WHOLE_NUMBER, nullable=True),
        _key("relation_dismissed", "judge_id", "judge", ondelete="CASCADE"),
        _key("relation_dismissed", "relation_id", "declared_relation", ondelete="CASCADE"),
        _key("relation_dismissed", "dismissed_by", "user_account"),
        sa.PrimaryKeyConstraint("judge_id", "relation_id", name=op.f("pk_relation_dismissed")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """The earlier release knows one judge a seat: sheets of who was replaced, of reserves, and ties to families go."""
    op.drop_table("relation_dismissed")
    op.drop_table("declared_relation")
    op.drop_table("seat_replacement")
    op.drop_column("contest", "marked_by_both")
    op.execute("DELETE FROM unavailability WHERE unit_id IS NULL")
    with op.batch_alter_table("unavailability", copy_from=unavailability(of_families=True)) as batch_op:
        batch_op.drop_constraint(op.f(ONE), type_="check")
        batch_op.drop_constraint(op.f(FAMILY_ONCE), type_="unique")
        batch_op.drop_constraint(op.f(FAMILY), type_="foreignkey")
        batch_op.drop_column("family_id")
        batch_op.alter_column("unit_id", existing_type=WHOLE_NUMBER, nullable=False)
    for own in ("reserve", "replaced", "stood_down"):
        _forget(own)
    with op.batch_alter_table("judge", copy_from=judge(SEATS)) as batch_op:
        batch_op.drop_constraint(op.f(SEAT_KNOWN), type_="check")
        batch_op.create_check_constraint(op.f(SEAT_KNOWN), known(SEATS_BEFORE))


def _forget(seat: str) -> None:
    """Rows of a seat that the earlier release does not know, with what hangs on them."""
    gone = f"(SELECT id FROM judge WHERE seat = '{seat}')"
    sheets = f"(SELECT id FROM score_sheet WHERE judge_id IN {gone})"
    for table in ("mark", "sheet_revision"):
        op.execute(f"DELETE FROM {table} WHERE sheet_id IN {sheets}")
    for table in ("score_sheet", "refused_sheet", "unavailability"):
        op.execute(f"DELETE FROM {table} WHERE judge_id IN {gone}")
    op.execute(f"DELETE FROM judge WHERE seat = '{seat}'")
