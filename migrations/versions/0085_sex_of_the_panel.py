"""Of people in panels the organiser may write down the sex, for the report.

Revision: 0085
After: 0084
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
TABLE = "report_line"
BEFORE = (
    *("income", "expenditure", "article", "post", "broadcast", "lesson"),
    *("commend_family", "commend_person", "commend_unit"),
)
PANEL = ("panel_woman", "panel_man")
COMMENDED = sa.text("taken_back_at IS NULL AND kind IN ('commend_family', 'commend_person', 'commend_unit')")
OF_PANEL = sa.text("taken_back_at IS NULL AND kind IN ('panel_woman', 'panel_man')")
KNOWN = f"ck_{TABLE}_kind_known"


def _known(kinds: tuple[str, ...]) -> str:
    return "kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


def lines(kinds: tuple[str, ...]) -> sa.Table:
    """SQLite copies the table, and would lose its checks and STRICT if it had to guess them."""
    return sa.Table(
        TABLE,
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("amount_vnd", WHOLE_NUMBER, nullable=True),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("typed_at", MOMENT, nullable=False),
        sa.Column("typed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.CheckConstraint(_known(kinds), name=op.f(KNOWN)),
        sa.CheckConstraint("name <> ''", name=op.f(f"ck_{TABLE}_name_given")),
        sa.CheckConstraint(
            "(kind IN ('income', 'expenditure')) = (amount_vnd IS NOT NULL)", name=op.f(f"ck_{TABLE}_amount_of_money")
        ),
        sa.CheckConstraint("amount_vnd > 0", name=op.f(f"ck_{TABLE}_amount_some")),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f(f"fk_{TABLE}_festival_id_festival")),
        sa.ForeignKeyConstraint(["typed_by"], ["user_account.id"], name=op.f(f"fk_{TABLE}_typed_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.Index("ix_report_line_festival", "festival_id", "kind"),
        sa.Index(
            "uq_report_line_commended", "festival_id", "kind", "name", "grounds", unique=True,
            sqlite_where=COMMENDED, postgresql_where=COMMENDED,
        ),
        sqlite_strict=True,
    )  # fmt: skip


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    with op.batch_alter_table(TABLE, copy_from=lines(before)) as batch_op:
        batch_op.drop_constraint(op.f(KNOWN), type_="check")
        batch_op.create_check_constraint(op.f(KNOWN), _known(after))


def upgrade() -> None:
    _change(BEFORE, (*BEFORE, *PANEL))
    op.create_index(
        "uq_report_line_panel", TABLE, ["festival_id", "name"], unique=True,
        sqlite_where=OF_PANEL, postgresql_where=OF_PANEL,
    )  # fmt: skip


def downgrade() -> None:
    """An earlier release counts these people as not written down."""
    op.drop_index("uq_report_line_panel", TABLE)
    op.execute("DELETE FROM report_line WHERE kind IN ('panel_woman', 'panel_man')")
    _change((*BEFORE, *PANEL), BEFORE)
