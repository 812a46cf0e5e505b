"""Which mixed teams were made by name, who is named for them, and what do the rules say of whom a team is made?

Revision: 0056
After: 0055
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def _key(table: str, column: str, target: str, of: str = "id", *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.{of}"], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    op.add_column("contest", sa.Column("composition", sa.Text(), nullable=True))
    op.create_table(
        "mixed_team",
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        _key("mixed_team", "entry_id", "entry", cascade=True),
        _key("mixed_team", "changed_by", "user_account"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_mixed_team")),
        sqlite_strict=True,
    )
    op.create_table(
        "team_member",
        sa.Column("contest_id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        _key("team_member", "contest_id", "contest"),
        _key("team_member", "person_id", "person", cascade=True),
        _key("team_member", "entry_id", "mixed_team", "entry_id", cascade=True),
        sa.PrimaryKeyConstraint("contest_id", "person_id", name=op.f("pk_team_member")),
        sqlite_strict=True,
    )
    op.create_index("ix_team_member_entry", "team_member", ["entry_id"])
    op.create_index("ix_team_member_person", "team_member", ["person_id"])


def downgrade() -> None:
    op.drop_table("team_member")
    op.drop_table("mixed_team")
    op.drop_column("contest", "composition")
