"""Final orders of matches, what a result said before, contests opened again; quotas and codes that were passed over

An edition that was imported before gets the values its file states and nobody kept: at least so many contests a family,
entries a delegation, the codes of delegations. A contest that is still open and whose file names no smallest panel asks
from now on for more than half of its panel; one that was locked stays as it was locked. Going down forgets the new facts.

Revision: 0011
After: 0009
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
COLUMNS = (
    ("contest", "entries_min", WHOLE_NUMBER),
    ("contest", "points_scale", sa.Text()),
    ("contest", "shared_from", WHOLE_NUMBER),
    ("festival", "contests_per_family_min", WHOLE_NUMBER),
    ("delegation", "rule_code", sa.Text()),
)


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "final_order",
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("typed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_final_order_contest_id_contest")),
        sa.ForeignKeyConstraint(["typed_by"], ["user_account.id"], name=op.f("fk_final_order_typed_by_user_account")),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_final_order")),
        sqlite_strict=True,
    )
    op.create_table(
        "measure_revision",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("round", WHOLE_NUMBER, nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (round IS NULL)", name=op.f("ck_measure_revision_a_try_or_an_order")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_measure_revision_changed_by_user_account")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_measure_revision_contest_id_contest")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_measure_revision_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_revision")),
        sqlite_strict=True,
    )
    op.create_index("ix_measure_revision_contest", "measure_revision", ["contest_id"], unique=False)
    people = ("by_user", "with_user", "locked_by", "locked_with")
    op.create_table(
        "unlocking",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.Column("with_user", WHOLE_NUMBER, nullable=True),
        sa.Column("locked_at", MOMENT, nullable=False),
        sa.Column("locked_by", WHOLE_NUMBER, nullable=True),
        sa.Column("locked_with", WHOLE_NUMBER, nullable=True),
        sa.Column("locked_note", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_unlocking_reason_given")),
        sa.CheckConstraint(
            "code IN ('panel', 'sheets', 'wrong_mark', 'other')", name=op.f("ck_unlocking_code_known")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_unlocking_contest_id_contest")),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_unlocking_{name}_user_account"))
            for name in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unlocking")),
        sqlite_strict=True,
    )
    op.create_index("ix_unlocking_contest", "unlocking", ["contest_id"], unique=False)
    _keep_what_files_state()


def _keep_what_files_state() -> None:
    connection = op.get_bind()
    for festival_id, kept in connection.execute(sa.text("SELECT id, ruleset FROM festival")).all():
        stated = json.loads(kept)
        family = stated.get("quotas", {}).get("contests_per_family") or {}
        if family:
            connection.execute(
                sa.text("UPDATE festival SET contests_per_family_min = :least WHERE id = :id"),
                {"least": int(family["min"]), "id": festival_id},
            )
        for contest in stated.get("contests", ()):
            _keep_contest(connection, festival_id, contest)
        for position, delegation in enumerate(stated.get("delegations", ()), start=1):
            connection.execute(
                sa.text(
                    "UPDATE delegation SET rule_code = :code "
                    "WHERE festival_id = :id AND position = :position AND name = :name"
                ),
                {
                    "code": delegation["code"],
                    "id": festival_id,
                    "position": position,
                    "name": delegation["name"].strip(),
                },
            )


def _keep_contest(connection: sa.Connection, festival_id: int, contest: dict[str, Any]) -> None:
    known = {"id": festival_id, "code": contest["code"]}
    entries = contest.get("entries_per_delegation") or {}
    if entries:
        connection.execute(
            sa.text("UPDATE contest SET entries_min = :least WHERE festival_id = :id AND code = :code"),
            known | {"least": int(entries["min"])},
        )
    scale = [{"points": _milli(step["points"]), "reach": _milli(step["reach"])} for step in contest.get("points_scale", ())]
    if scale or contest.get("shared_from"):
        connection.execute(
            sa.text(
                "UPDATE contest SET points_scale = :scale, shared_from = :shared WHERE festival_id = :id AND code = :code"
            ),
            known
            | {
                "scale": json.dumps(scale, sort_keys=True, separators=(",", ":")) if scale else None,
                "shared": contest.get("shared_from"),
            },
        )
    scoring = contest.get("scoring") or {}
    if scoring and scoring.get("smallest_panel") is None:
        connection.execute(
            sa.text(
                "UPDATE contest SET smallest_panel = panel_size / 2 + 1 "
                "WHERE festival_id = :id AND code = :code AND state = 'open'"
            ),
            known,
        )


def _milli(number: float) -> int:
    return round(number * 1000)


def downgrade() -> None:
    op.drop_index("ix_unlocking_contest", table_name="unlocking")
    op.drop_table("unlocking")
    op.drop_index("ix_measure_revision_contest", table_name="measure_revision")
    op.drop_table("measure_revision")
    op.drop_table("final_order")
    for table, name, _kind in reversed(COLUMNS):
        op.drop_column(table, name)
