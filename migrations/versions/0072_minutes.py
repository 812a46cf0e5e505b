"""On what are the minutes founded, who was at the panel's meeting, and the document beside a kept paper?

Revision: 0072
After: 0071
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _said(table: str) -> list[sa.Column | sa.Constraint]:
    return [
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("says", sa.Text()),
        sa.Column("before", sa.Text()),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("said_by", WHOLE),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f(f"ck_{table}_counted_from_one")),
        sa.ForeignKeyConstraint(["said_by"], ["user_account.id"], name=op.f(f"fk_{table}_said_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.create_table(
        "founding_paper",
        sa.Column("festival_id", WHOLE, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        *_said("founding_paper"),
        sa.CheckConstraint(
            "what IN ('committee', 'jury', 'secretaries')", name=op.f("ck_founding_paper_what_known")
        ),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_founding_paper_festival_id_festival")),
        sa.UniqueConstraint("festival_id", "what", name=op.f("uq_founding_paper_festival_id_what")),
        sqlite_strict=True,
    )
    op.create_table(
        "panel_meeting",
        sa.Column("contest_id", WHOLE, nullable=False),
        *_said("panel_meeting"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_panel_meeting_contest_id_contest")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_panel_meeting_contest_id")),
        sqlite_strict=True,
    )
    op.add_column("signed_paper", sa.Column("editable", sa.LargeBinary(), nullable=True))
    op.add_column("signed_paper", sa.Column("editable_sha256", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("signed_paper", "editable_sha256")
    op.drop_column("signed_paper", "editable")
    op.drop_table("panel_meeting")
    op.drop_table("founding_paper")
