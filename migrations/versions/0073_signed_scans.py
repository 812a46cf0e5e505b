"""Which signed papers came in before the MC read, why one was not waited for, of which day is the decision?

Revision: 0073
After: 0072
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
TRUTH = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def _key(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def _rule(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.add_column("state_change", sa.Column("papers_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("state_change", sa.Column("paper_day", DAY, nullable=True))
    op.add_column("whole_minutes", sa.Column("papers_reason", sa.Text(), server_default="", nullable=False))
    _award_sheets()
    op.create_table(
        "signed_scan",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("sheet_id", WHOLE_NUMBER, nullable=True),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.Column("put_by", WHOLE_NUMBER, nullable=True),
        _key("signed_scan", "festival_id", "festival"),
        _key("signed_scan", "sheet_id", "award_sheet"),
        _key("signed_scan", "put_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_scan")),
        sqlite_strict=True,
    )
    op.create_index("ix_signed_scan_festival", "signed_scan", ["festival_id"])
    op.create_table(
        "signed_scan_page",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("scan_id", WHOLE_NUMBER, nullable=False),
        sa.Column("page", WHOLE_NUMBER, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        _rule("signed_scan_page", "format_known", "format IN ('jpeg', 'pdf')"),
        _rule("signed_scan_page", "page_counted", "page > 0"),
        _key("signed_scan_page", "scan_id", "signed_scan", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_scan_page")),
        sa.UniqueConstraint("scan_id", "page", name=op.f("uq_signed_scan_page_scan_id_page")),
        sqlite_strict=True,
    )
    op.create_index("ix_signed_scan_page_sha256", "signed_scan_page", ["sha256"])
    op.create_table(
        "signed_scan_use",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("scan_id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("paper_id", WHOLE_NUMBER, nullable=False),
        sa.Column("shown", TRUTH, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        _rule("signed_scan_use", "kind_known", "kind IN ('minutes', 'decision')"),
        _rule("signed_scan_use", "shown_flag", "shown IN (FALSE, TRUE)"),
        _rule("signed_scan_use", "taken_back_not_shown", "NOT shown OR reason = ''"),
        _key("signed_scan_use", "scan_id", "signed_scan"),
        _key("signed_scan_use", "festival_id", "festival"),
        _key("signed_scan_use", "contest_id", "contest"),
        _key("signed_scan_use", "paper_id", "signed_paper"),
        _key("signed_scan_use", "changed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_scan_use")),
        sqlite_strict=True,
    )
    op.create_index("ix_signed_scan_use_scan", "signed_scan_use", ["scan_id"])
    for name, column, condition in (
        ("contest", "contest_id", "shown AND contest_id IS NOT NULL"),
        ("whole", "festival_id", "shown AND contest_id IS NULL"),
    ):
        op.create_index(
            f"uq_signed_scan_use_shown_{name}", "signed_scan_use", [column, "kind"], unique=True,
            sqlite_where=sa.text(condition), postgresql_where=sa.text(condition),
        )  # fmt: skip


def _award_sheets() -> None:
    op.create_table(
        "award_sheet",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("contests", sa.Text(), nullable=False),
        sa.Column("whole", TRUTH, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("editable", sa.LargeBinary(), nullable=False),
        sa.Column("editable_sha256", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("static_tree", sa.Text(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by", WHOLE_NUMBER, nullable=True),
        _rule("award_sheet", "kind_known", "kind IN ('proposal', 'decision')"),
        _rule("award_sheet", "whole_flag", "whole IN (FALSE, TRUE)"),
        _rule("award_sheet", "number_counted", "number > 0"),
        _key("award_sheet", "festival_id", "festival"),
        _key("award_sheet", "printed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_sheet")),
        sa.UniqueConstraint("festival_id", "kind", "number", name=op.f("uq_award_sheet_festival_id_kind_number")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("signed_scan_use", "signed_scan_page", "signed_scan", "award_sheet"):
        op.drop_table(name)
    op.drop_column("whole_minutes", "papers_reason")
    op.drop_column("state_change", "paper_day")
    op.drop_column("state_change", "papers_reason")
