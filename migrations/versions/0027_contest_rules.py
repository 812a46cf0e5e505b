"""A contest may drop the highest and lowest, take the median or add places; criteria have a weight and may take off; deductions

Revision: 0027
After: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")

# Each check before and after, by table.
CHECKS = {
    "contest": ("aggregate_known", "aggregate IN ('mean', 'deviation_drop')",
                "aggregate IN ('mean', 'deviation_drop', 'trimmed_mean', 'median', 'rank_sum')"),
    "criterion": ("scale", "min_milli >= 0 AND max_milli > min_milli AND step_milli > 0",
                  "max_milli > min_milli AND step_milli > 0"),
}  # fmt: skip
RENAMED = {
    "mark": (("not_negative", "milli >= 0"), ("within_reach", "milli BETWEEN -10000000 AND 10000000")),
    "overtime": (("not_negative", "seconds >= 0"), ("within_reach", "seconds BETWEEN -36000 AND 36000000")),
}
NEW_CHECKS = {
    "contest": {
        "rounding_known": "rounding IN ('half_up', 'truncate')",
        "attempts_count_known": "attempts_count IN ('best', 'sum', 'mean')",
        "drops_not_negative": "drop_high >= 0 AND drop_low >= 0",
        "undertime_not_negative": "least_s >= 0 AND undertime_penalty_milli >= 0",
    },
    "criterion": {
        "weighted_marks_whole":
            "weight_milli > 0 AND weight_milli * step_milli % 1000 = 0 AND weight_milli * min_milli % 1000 = 0",
    },
}  # fmt: skip
NEW_COLUMNS = {
    "contest": (
        ("least_s", WHOLE_NUMBER, "0"),
        ("undertime_penalty_milli", WHOLE_NUMBER, "0"),
        ("undertime_limit_milli", WHOLE_NUMBER, None),
        ("deductions", sa.Text(), None),
        ("rounding", sa.Text(), "half_up"),
        ("delta_percent_milli", WHOLE_NUMBER, None),
        ("drop_high", WHOLE_NUMBER, "0"),
        ("drop_low", WHOLE_NUMBER, "0"),
        ("drop_by_panel", sa.Text(), None),
        ("attempts_count", sa.Text(), "best"),
    ),
    "criterion": (("weight_milli", WHOLE_NUMBER, "1000"),),
}


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, WHOLE_NUMBER, nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _added(table: str, *, after: bool) -> list[sa.schema.SchemaItem]:
    if not after:
        return []
    return [
        *(
            sa.Column(name, kind, nullable=default is None, server_default=default)
            for name, kind, default in NEW_COLUMNS[table]
        ),
        *(_check(table, name, condition) for name, condition in NEW_CHECKS[table].items()),
    ]


def contest(*, after: bool) -> sa.Table:
    """The tables before and after: SQLite copies them, and would lose checks and STRICT if it had to guess them."""
    return sa.Table(
        "contest",
        sa.MetaData(),
        _whole("id"),
        _whole("festival_id"),
        *map(_text, ("code", "name", "part_code", "part_name")),
        _whole("position"),
        *map(_text, ("result_kind", "entrant", "secrecy", "state")),
        _whole("entries_per_delegation"),
        _whole("performers_min"),
        _whole("performers_max", nullable=True),
        *map(_whole, ("duration_min", "changeover_min", "together_min", "grace_s", "overtime_penalty_milli")),
        _whole("overtime_limit_milli", nullable=True),
        _whole("panel_size"),
        _text("aggregate"),
        _whole("delta_milli"),
        sa.Column("drop_strict", FLAG, nullable=False),
        *map(_whole, ("drop_passes", "smallest_panel")),
        *map(_text, ("drop_below", "all_dropped")),
        *map(_whole, ("round_milli", "attempts")),
        sa.Column("lower_wins", FLAG, nullable=False),
        _text("unit_label"),
        _whole("points_per_answer_milli"),
        _whole("best_possible", nullable=True),
        *map(_text, ("tie_ladder", "place_points", "prizes", "special_prizes")),
        sa.Column("rules_fixed_at", MOMENT, nullable=True),
        sa.Column("ledger_name", sa.Text(), nullable=False, server_default=""),
        _whole("entries_min", nullable=True),
        sa.Column("points_scale", sa.Text(), nullable=True),
        _whole("shared_from", nullable=True),
        _check("contest", CHECKS["contest"][0], CHECKS["contest"][1 + after]),
        _check("contest", "shortfall_known",
               "drop_below IN ('keep_all', 'not_valid') AND all_dropped IN ('keep_all', 'not_valid')"),
        _check("contest", "entrant_known", "entrant IN ('family', 'team')"),
        _check("contest", "result_kind_known", "result_kind IN ('rubric', 'count', 'time', 'match', 'answers')"),
        _check("contest", "secrecy_known", "secrecy IN ('secret', 'at_once')"),
        _check("contest", "state_known",
               "state IN ('open', 'locked', 'signed', 'decided', 'released', 'published')"),
        _check("contest", "attempts_some", "attempts >= 1"),
        _check("contest", "points_not_negative", "delta_milli >= 0 AND overtime_penalty_milli >= 0"),
        _check("contest", "drop_strict_flag", "drop_strict IN (FALSE, TRUE)"),
        _check("contest", "times_not_negative",
               "duration_min > 0 AND changeover_min >= 0 AND grace_s >= 0 AND together_min >= 0"),
        _check("contest", "entries_some", "entries_per_delegation >= 1"),
        _check("contest", "lower_wins_flag", "lower_wins IN (FALSE, TRUE)"),
        _check("contest", "panel_rule", "smallest_panel >= 1 AND drop_passes >= 1 AND round_milli >= 1"),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_contest_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("festival_id", "code", name=op.f("uq_contest_festival_id_code")),
        *_added("contest", after=after),
        sqlite_strict=True,
    )  # fmt: skip


def criterion(*, after: bool) -> sa.Table:
    return sa.Table(
        "criterion",
        sa.MetaData(),
        *map(_whole, ("id", "contest_id", "position")),
        *map(_text, ("code", "name", "descriptor")),
        *map(_whole, ("min_milli", "max_milli", "step_milli")),
        _check("criterion", "step_divides", "(max_milli - min_milli) % step_milli = 0"),
        _check("criterion", CHECKS["criterion"][0], CHECKS["criterion"][1 + after]),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_criterion_contest_id_contest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("contest_id", "code", name=op.f("uq_criterion_contest_id_code")),
        sa.UniqueConstraint("contest_id", "position", name=op.f("uq_criterion_contest_id_position")),
        *_added("criterion", after=after),
        sqlite_strict=True,
    )


def mark(*, after: bool) -> sa.Table:
    return sa.Table(
        "mark",
        sa.MetaData(),
        *map(_whole, ("sheet_id", "criterion_id", "milli")),
        _check("mark", *RENAMED["mark"][after]),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_mark_criterion_id_criterion")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheet.id"], name=op.f("fk_mark_sheet_id_score_sheet"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sheet_id", "criterion_id", name=op.f("pk_mark")),
        sqlite_strict=True,
    )


def overtime(*, after: bool) -> sa.Table:
    return sa.Table(
        "overtime",
        sa.MetaData(),
        *map(_whole, ("entry_id", "seconds")),
        _whole("noted_by", nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        _check("overtime", *RENAMED["overtime"][after]),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_overtime_entry_id_entry")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_overtime_noted_by_user_account")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_overtime")),
        sqlite_strict=True,
    )


def _change(*, forward: bool) -> None:
    for made in (contest, criterion):
        table = made.__name__
        with op.batch_alter_table(table, copy_from=made(after=not forward)) as batch_op:
            if forward:
                for name, kind, default in NEW_COLUMNS[table]:
                    batch_op.add_column(sa.Column(name, kind, nullable=default is None, server_default=default))
                for name, condition in NEW_CHECKS[table].items():
                    batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)
            else:
                for name in NEW_CHECKS[table]:
                    batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
                for name, _kind, _default in NEW_COLUMNS[table]:
                    batch_op.drop_column(name)
            check = op.f(f"ck_{table}_{CHECKS[table][0]}")
            batch_op.drop_constraint(check, type_="check")
            batch_op.create_check_constraint(check, CHECKS[table][1 + forward])
    for made in (mark, overtime):
        table = made.__name__
        with op.batch_alter_table(table, copy_from=made(after=not forward)) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_{RENAMED[table][not forward][0]}"), type_="check")
            name, condition = RENAMED[table][forward]
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def upgrade() -> None:
    _change(forward=True)
    op.create_table(
        "deduction",
        *map(_whole, ("id", "entry_id", "number")),
        *map(_text, ("code", "reason")),
        _whole("points_milli"),
        _whole("given_by", nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        _whole("taken_back_by", nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        _text("taken_back_reason"),
        _check("deduction", "takes_something", "points_milli > 0"),
        _check("deduction", "reason_given", "reason <> ''"),
        _check("deduction", "no_reason_before", "taken_back_at IS NOT NULL OR taken_back_reason = ''"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_deduction_entry_id_entry")),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_deduction_{name}_user_account"))
            for name in ("given_by", "taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deduction")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_deduction_entry_id_number")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("deduction")
    _change(forward=False)
