"""People outside families stand on lists, with a title, a seat and an order; a class of badges more, and classes of an edition's own

SQLite changes a check by copying its table. The copy is made from what the table says of itself, so that a column that came
in between is not lost. Going down turns whoever serves into a helper of a delegation, and forgets lists and titles.

Revision: 0021
After: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
BEFORE = "'family', 'officer', 'guest', 'press', 'jury', 'committee', 'volunteer', 'crew'"
AFTER = f"{BEFORE}, 'service'"
PRESENT = sa.text("identity <> ''")
OPEN = sa.text("delegation_id IS NULL AND closed_at IS NULL")


def upgrade() -> None:
    _badges_known(BEFORE, AFTER)
    op.create_table(
        "badge_list",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("(delegation_id IS NULL) = (name <> '')", name=op.f("ck_badge_list_named_or_of_delegation")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_badge_list_festival_id_festival")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_badge_list_delegation_id_delegation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_list")),
        sa.UniqueConstraint("code", name=op.f("uq_badge_list_code")),
        sa.UniqueConstraint("delegation_id", name=op.f("uq_badge_list_delegation_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_badge_list_name", "badge_list", ["festival_id", "folded"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "badge_kind",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint(f"base IN ({AFTER})", name=op.f("ck_badge_kind_base_known")),
        sa.CheckConstraint("base <> 'family'", name=op.f("ck_badge_kind_outside_families")),
        sa.CheckConstraint("word <> ''", name=op.f("ck_badge_kind_word_given")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_badge_kind_festival_id_festival")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_badge_kind_code")),
        sa.UniqueConstraint("festival_id", "folded", name=op.f("uq_badge_kind_festival_id_folded")),
        sqlite_strict=True,
    )
    op.create_table(
        "badge_import",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("list_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("created_by", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("applied_at", MOMENT, nullable=True),
        sa.Column("written", WHOLE_NUMBER, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["badge_list.id"], name=op.f("fk_badge_import_list_id_badge_list")),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_badge_import_created_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_import")),
        sa.UniqueConstraint("code", name=op.f("uq_badge_import_code")),
        sqlite_strict=True,
    )
    op.create_index("ix_badge_import_list", "badge_import", ["list_id"])
    op.create_table(
        "badge_holder",
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("list_id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind_id", WHOLE_NUMBER, nullable=True),
        sa.Column("honorific", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rank", WHOLE_NUMBER, nullable=True),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("import_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("rank IS NULL OR rank BETWEEN 1 AND 9999", name=op.f("ck_badge_holder_rank_counted")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_badge_holder_person_id_person")),
        sa.ForeignKeyConstraint(["list_id"], ["badge_list.id"], name=op.f("fk_badge_holder_list_id_badge_list")),
        sa.ForeignKeyConstraint(["kind_id"], ["badge_kind.id"], name=op.f("fk_badge_holder_kind_id_badge_kind")),
        sa.ForeignKeyConstraint(["import_id"], ["badge_import.id"], name=op.f("fk_badge_holder_import_id_badge_import")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_badge_holder")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_badge_holder_identity",
        "badge_holder",
        ["list_id", "identity"],
        unique=True,
        sqlite_where=PRESENT,
        postgresql_where=PRESENT,
    )
    op.create_index("ix_badge_holder_kind", "badge_holder", ["kind_id"])
    op.create_index("ix_badge_holder_import", "badge_holder", ["import_id"])


def downgrade() -> None:
    for table in ("badge_holder", "badge_import", "badge_kind", "badge_list"):
        op.drop_table(table)
    op.execute("UPDATE person SET badge = 'crew' WHERE badge = 'service'")
    _badges_known(AFTER, BEFORE)


def _badges_known(before: str, after: str) -> None:
    """Another list of classes in the check of `person`."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_person_badge_known"), "person", type_="check")
        op.create_check_constraint(op.f("ck_person_badge_known"), "person", f"badge IN ({after})")
        return
    written = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'person' AND sql IS NOT NULL"
    parts = connection.exec_driver_sql(written).all()
    (table,) = (sql for kind, sql in parts if kind == "table")
    if f"badge IN ({before})" not in table:
        raise RuntimeError("the table of people is not as the migration before left it")
    head, columns = table.split("(", 1)
    changed = columns.replace(f"badge IN ({before})", f"badge IN ({after})")
    connection.exec_driver_sql(f"{head.replace('person', 'person_anew', 1)}({changed}")
    connection.exec_driver_sql("INSERT INTO person_anew SELECT * FROM person")
    connection.exec_driver_sql("DROP TABLE person")
    connection.exec_driver_sql("ALTER TABLE person_anew RENAME TO person")
    for kind, sql in parts:
        if kind != "table":
            connection.exec_driver_sql(sql)
