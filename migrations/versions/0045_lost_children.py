"""Children who are missing or were found: what was said, by whom, when, and to whom they were handed

Revision: 0045
After: 0044
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(column: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_child_step_{column}_{target}"), **more)


def upgrade() -> None:
    op.create_table(
        "child_step",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("child", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at_ms", WHOLE_NUMBER, nullable=False),
        sa.Column("device_number", WHOLE_NUMBER, nullable=False),
        sa.Column("seq", WHOLE_NUMBER, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=True),
        sa.Column("person_id", WHOLE_NUMBER, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Text(), nullable=True),
        _key("festival_id", "festival"),
        _key("user_id", "user_account"),
        _key("person_id", "person", ondelete="CASCADE"),
        sa.CheckConstraint(
            "kind IN ('missing', 'found', 'handed', 'undone')", name=op.f("ck_child_step_kind_known")
        ),
        sa.CheckConstraint("(kind = 'undone') = (undoes IS NOT NULL)", name=op.f("ck_child_step_undone_names_a_step")),
        sa.CheckConstraint(
            "kind NOT IN ('handed', 'undone') OR words <> ''", name=op.f("ck_child_step_words_given")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('missing', 'found') OR words <> '' OR person_id IS NOT NULL",
            name=op.f("ck_child_step_somebody_meant"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_step")),
        sa.UniqueConstraint("key", name=op.f("uq_child_step_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_child_step_festival", "child_step", ["festival_id", "at_ms"])
    op.create_index("ix_child_step_person", "child_step", ["person_id"])


def downgrade() -> None:
    op.drop_table("child_step")
