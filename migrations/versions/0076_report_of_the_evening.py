"""What was typed for the report of an edition, its versions and their documents.

Revision: 0076
After: 0075
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
KINDS = (
    "income", "expenditure", "article", "post", "broadcast", "lesson", "commend_family", "commend_person", "commend_unit",
)  # fmt: skip
FORMS = ("pdf", "docx", "xlsx")
COMMENDED = sa.text("taken_back_at IS NULL AND kind IN ('commend_family', 'commend_person', 'commend_unit')")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{each}'" for each in words)
    return f"{column} IN ({listed})"


def upgrade() -> None:
    op.create_table(
        "report_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("festival_id", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("amount_vnd", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("typed_at", MOMENT, nullable=False),
        sa.Column("typed_by", WHOLE, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        _rule("report_line", "kind_known", _one_of("kind", KINDS)),
        _rule("report_line", "name_given", "name <> ''"),
        _rule("report_line", "amount_of_money", "(kind IN ('income', 'expenditure')) = (amount_vnd IS NOT NULL)"),
        _rule("report_line", "amount_some", "amount_vnd > 0"),
        _key("report_line", "festival_id", "festival"),
        _key("report_line", "typed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_line")),
        sqlite_strict=True,
    )
    op.create_index("ix_report_line_festival", "report_line", ["festival_id", "kind"])
    op.create_index(
        "uq_report_line_commended", "report_line", ["festival_id", "kind", "name", "grounds"], unique=True,
        sqlite_where=COMMENDED, postgresql_where=COMMENDED,
    )  # fmt: skip
    op.create_table(
        "report_version",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("festival_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", WHOLE, nullable=True),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _rule("report_version", "counted", "number >= 1 AND tries >= 0"),
        _rule("report_version", "reason_given", "taken_back_at IS NULL OR reason <> ''"),
        _key("report_version", "festival_id", "festival"),
        _key("report_version", "made_by", "user_account"),
        sa.UniqueConstraint("festival_id", "number", name=op.f("uq_report_version_festival_id_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "report_file",
        sa.Column("report_id", WHOLE, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        _rule("report_file", "form_known", _one_of("form", FORMS)),
        _key("report_file", "report_id", "report_version"),
        sa.PrimaryKeyConstraint("report_id", "form", name=op.f("pk_report_file")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("report_file", "report_version", "report_line"):
        op.drop_table(table)
