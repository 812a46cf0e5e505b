"""Purposes with their hours; in and out; a scan taken back or forced; how the gates work

Revision: 0042
After: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
HOW = "ck_scan_how_known"
BEFORE = ("camera", "typed", "search", "decided")
AFTER = ("camera", "scanner", "photo", "typed", "search", "phone", "decided", "paper", "desk")


def _whole(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, WHOLE_NUMBER, nullable=nullable, server_default=default)


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _flag(name: str, *, default: bool | None = None) -> sa.Column[bool]:
    return sa.Column(name, FLAG, nullable=False, server_default=None if default is None else sa.false())


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _known(words: tuple[str, ...]) -> str:
    return f"how IN ({', '.join(repr(word) for word in words)})"


def scan(*, after: bool) -> sa.Table:
    """SQLite copies the table, and would lose its checks and STRICT if it had to guess them."""
    table = sa.Table(
        "scan",
        sa.MetaData(),
        *(_whole(name) for name in ("id", "festival_id", "device_id", "device_number", "seq", "at_ms")),
        _text("gate"),
        _whole("pass_id", nullable=after),
        *(_text(name) for name in ("purpose", "day_window", "persons", "how")),
        sa.CheckConstraint(_known(AFTER if after else BEFORE), name=op.f(HOW)),
        _key("scan", "device_id", "device"),
        _key("scan", "festival_id", "festival"),
        _key("scan", "pass_id", "pass"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("device_id", "seq", name=op.f("uq_scan_device_id_seq")),
        sa.Index("ix_scan_when", "festival_id", "at_ms", "device_number", "seq"),
        sqlite_strict=True,
    )
    if after:
        for column in _scan_columns():
            table.append_column(column)
        for name, rule in SCAN_CHECKS.items():
            table.append_constraint(_check("scan", name, rule))
        table.append_constraint(sa.UniqueConstraint("mid", name=op.f("uq_scan_mid")))
    return table


def _scan_columns() -> list[sa.Column[object]]:
    return [
        _text("mid", nullable=True),
        _text("unknown_list", default=""),
        _text("way", default="in"),
        *(_flag(name, default=False) for name in ("forced", "not_allowed", "undone")),
        _whole("unnamed", default="0"),
    ]


SCAN_CHECKS = {
    "way_known": "way IN ('in', 'out')",
    "one_pass": "(pass_id IS NULL) = (unknown_list <> '')",
    "only_by_force": "forced OR NOT not_allowed",
    "unnamed_some": "unnamed BETWEEN 0 AND 1000",
    **{f"{flag}_flag": f"{flag} IN (FALSE, TRUE)" for flag in ("forced", "not_allowed", "undone")},
}


def admission(*, after: bool) -> sa.Table:
    table = sa.Table(
        "admission",
        sa.MetaData(),
        *(_whole(name) for name in ("id", "festival_id", "person_id")),
        *(_text(name) for name in ("purpose", "day_window")),
        *(_whole(name) for name in ("scan_id", "at_ms", "device_number", "seq", "changed_ms")),
        _key("admission", "festival_id", "festival"),
        _key("admission", "person_id", "person"),
        _key("admission", "scan_id", "scan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
        sa.UniqueConstraint(
            "person_id", "purpose", "day_window", name=op.f("uq_admission_person_id_purpose_day_window")
        ),
        sa.Index("ix_admission_changed", "festival_id", "changed_ms"),
        sa.Index("ix_admission_scan", "scan_id"),
        sqlite_strict=True,
    )
    if after:
        for column in _admission_columns():
            table.append_column(column)
        for name, rule in ADMISSION_CHECKS.items():
            table.append_constraint(_check("admission", name, rule))
    return table


def _admission_columns() -> list[sa.Column[object]]:
    return [
        *(_flag(name, default=False) for name in ("annulled", "outside")),
        *(_whole(name, nullable=True) for name in ("last_ms", "last_device", "last_seq")),
        _whole("came", default="0"),
    ]


ADMISSION_CHECKS = {f"{flag}_flag": f"{flag} IN (FALSE, TRUE)" for flag in ("annulled", "outside")}


def upgrade() -> None:
    with op.batch_alter_table("scan", copy_from=scan(after=False)) as batch_op:
        batch_op.drop_constraint(op.f(HOW), type_="check")
        batch_op.create_check_constraint(op.f(HOW), _known(AFTER))
        batch_op.alter_column("pass_id", existing_type=WHOLE_NUMBER, nullable=True)
        for column in _scan_columns():
            batch_op.add_column(column)
        for name, rule in SCAN_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_scan_{name}"), rule)
        batch_op.create_unique_constraint(op.f("uq_scan_mid"), ["mid"])
    # Which message each scan came by: without it nobody could take back what an earlier release wrote.
    op.execute(
        "UPDATE scan SET mid = (SELECT mutation.mid FROM mutation"
        " WHERE mutation.device_id = scan.device_id AND mutation.seq = scan.seq AND mutation.kind = 'scan')"
    )
    with op.batch_alter_table("admission", copy_from=admission(after=False)) as batch_op:
        for column in _admission_columns():
            batch_op.add_column(column)
        for name, rule in ADMISSION_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_admission_{name}"), rule)
    _new_tables()


def _new_tables() -> None:
    op.create_table(
        "scan_undo",
        *(_whole(name) for name in ("id", "festival_id")),
        _text("scan_mid"),
        *(_whole(name) for name in ("device_id", "device_number", "seq", "at_ms")),
        _flag("by_lead"),
        _check("scan_undo", "by_lead_flag", "by_lead IN (FALSE, TRUE)"),
        _key("scan_undo", "festival_id", "festival"),
        _key("scan_undo", "device_id", "device"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_undo")),
        sa.UniqueConstraint("device_id", "seq", name=op.f("uq_scan_undo_device_id_seq")),
        sa.Index("ix_scan_undo_scan", "scan_mid"),
        sqlite_strict=True,
    )
    op.create_table(
        "gate_purpose",
        *(_whole(name) for name in ("id", "festival_id")),
        *(_text(name) for name in ("code", "name", "kind", "every")),
        _flag("again"),
        _text("classes", nullable=True),
        _whole("position"),
        _whole("removed_ms", nullable=True),
        _whole("version"),
        _check("gate_purpose", "kind_known", "kind IN ('entry', 'meal', 'card', 'gift', 'room')"),
        _check("gate_purpose", "every_known", "every IN ('day', 'once', 'hours')"),
        _check("gate_purpose", "name_given", "name <> ''"),
        _check("gate_purpose", "again_flag", "again IN (FALSE, TRUE)"),
        _check("gate_purpose", "counted_from_one", "version >= 1"),
        _key("gate_purpose", "festival_id", "festival"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_purpose")),
        sa.UniqueConstraint("festival_id", "code", name=op.f("uq_gate_purpose_festival_id_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "gate_window",
        *(_whole(name) for name in ("id", "purpose_id")),
        *(_text(name) for name in ("code", "name")),
        *(_whole(name) for name in ("opens_ms", "closes_ms")),
        _whole("removed_ms", nullable=True),
        _whole("version"),
        _check("gate_window", "name_given", "name <> ''"),
        _check("gate_window", "opens_before_it_closes", "opens_ms < closes_ms"),
        _check("gate_window", "counted_from_one", "version >= 1"),
        _key("gate_window", "purpose_id", "gate_purpose"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_window")),
        sa.UniqueConstraint("purpose_id", "code", name=op.f("uq_gate_window_purpose_id_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "gate_setting",
        *(_whole(name) for name in ("id", "festival_id", "countdown_s")),
        _flag("exits"),
        _whole("version"),
        _check("gate_setting", "countdown_known", "countdown_s IN (0, 4, 8)"),
        _check("gate_setting", "exits_flag", "exits IN (FALSE, TRUE)"),
        _check("gate_setting", "counted_from_one", "version >= 1"),
        _key("gate_setting", "festival_id", "festival"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_setting")),
        sa.UniqueConstraint("festival_id", name=op.f("uq_gate_setting_festival_id")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("gate_setting", "gate_window", "gate_purpose", "scan_undo"):
        op.drop_table(name)
    # An earlier release knows neither an exit, nor a pass nobody issued, nor whom nobody let in after all.
    op.execute("DELETE FROM admission WHERE annulled")
    op.execute(
        "DELETE FROM scan WHERE (way = 'out' OR undone OR pass_id IS NULL)"
        " AND id NOT IN (SELECT scan_id FROM admission)"
    )
    op.execute("UPDATE scan SET how = 'camera' WHERE how NOT IN ('camera', 'typed', 'search', 'decided')")
    with op.batch_alter_table("admission", copy_from=admission(after=True)) as batch_op:
        for name in ADMISSION_CHECKS:
            batch_op.drop_constraint(op.f(f"ck_admission_{name}"), type_="check")
        for column in _admission_columns():
            batch_op.drop_column(column.name)
    with op.batch_alter_table("scan", copy_from=scan(after=True)) as batch_op:
        batch_op.drop_constraint(op.f("uq_scan_mid"), type_="unique")
        for name in SCAN_CHECKS:
            batch_op.drop_constraint(op.f(f"ck_scan_{name}"), type_="check")
        for column in _scan_columns():
            batch_op.drop_column(column.name)
        batch_op.drop_constraint(op.f(HOW), type_="check")
        batch_op.create_check_constraint(op.f(HOW), _known(BEFORE))
        batch_op.alter_column("pass_id", existing_type=WHOLE_NUMBER, nullable=False)
