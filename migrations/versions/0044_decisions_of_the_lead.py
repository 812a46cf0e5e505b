"""What the lead decided of readings set aside; incidents of two gates closed with a word

Revision: 0044
After: 0043
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
YES_NO = sa.Boolean().with_variant(sa.Integer(), "sqlite")


def _key(table: str, column: str, target: str, of: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.{of}"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "gate_decision",
        sa.Column("mid", sa.Text(), nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_gate_decision_counted_from_one")),
        sa.CheckConstraint(
            "choice IN ('let_in', 'kept_out', 'open')", name=op.f("ck_gate_decision_choice_known")
        ),
        _key("gate_decision", "mid", "mutation", "mid"),
        _key("gate_decision", "festival_id", "festival"),
        _key("gate_decision", "decided_by", "user_account"),
        sa.PrimaryKeyConstraint("mid", name=op.f("pk_gate_decision")),
        sqlite_strict=True,
    )
    op.create_table(
        "incident_word",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("scans", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("closed", YES_NO, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_incident_word_counted_from_one")),
        sa.CheckConstraint("closed IN (FALSE, TRUE)", name=op.f("ck_incident_word_closed_flag")),
        _key("incident_word", "festival_id", "festival"),
        _key("incident_word", "decided_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_word")),
        sa.UniqueConstraint("festival_id", "scans", name=op.f("uq_incident_word_festival_id_scans")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("incident_word")
    op.drop_table("gate_decision")
