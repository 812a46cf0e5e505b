"""Requests about somebody's data have a number and a clock; days off are written down; who waits for an agreement is counted

Revision: 0026
After: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
STANDING = sa.text("closed_at IS NULL")
TAKEN_BACK_NEVER = sa.text("withdrawn_at IS NULL")


def _key(table: str, column: str, target: str, **how: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), **how)


def upgrade() -> None:
    op.create_table(
        "privacy_request",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=True),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("asked_by", WHOLE_NUMBER, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_privacy_request_number_counted")),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('done', 'refused', 'taken_back'))",
            name=op.f("ck_privacy_request_closed_with_its_state"),
        ),
        sa.CheckConstraint(
            "kind IN ('see', 'correct', 'withdraw', 'erase')", name=op.f("ck_privacy_request_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'erasing', 'done', 'refused', 'taken_back')",
            name=op.f("ck_privacy_request_state_known"),
        ),
        _key("privacy_request", "festival_id", "festival"),
        _key("privacy_request", "family_id", "family", ondelete="CASCADE"),
        _key("privacy_request", "person_id", "person", ondelete="SET NULL"),
        _key("privacy_request", "asked_by", "user_account"),
        _key("privacy_request", "decided_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request")),
        sa.UniqueConstraint("code", name=op.f("uq_privacy_request_code")),
        sa.UniqueConstraint("festival_id", "number", name=op.f("uq_privacy_request_festival_id_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_privacy_request_standing", "privacy_request", ["family_id", "person_code", "kind"], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip
    op.create_index("ix_privacy_request_state", "privacy_request", ["festival_id", "state"])
    op.create_table(
        "day_off",
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _key("day_off", "festival_id", "festival", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("festival_id", "day", name=op.f("pk_day_off")),
        sqlite_strict=True,
    )
    op.create_table(
        "waiting_family",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("warned", WHOLE_NUMBER, nullable=False),
        sa.Column("warned_at", MOMENT, nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.CheckConstraint("warned >= 0 AND warned <= 2", name=op.f("ck_waiting_family_warned_counted")),
        _key("waiting_family", "family_id", "family", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_waiting_family")),
        sqlite_strict=True,
    )
    op.create_table(
        "ethnic_group",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("text_version", WHOLE_NUMBER, nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_as", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_how", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR group_code = ''", name=op.f("ck_ethnic_group_gone_when_taken_back")
        ),
        _key("ethnic_group", "person_id", "person", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ethnic_group")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_ethnic_group_standing", "ethnic_group", ["person_id"], unique=True,
        sqlite_where=TAKEN_BACK_NEVER, postgresql_where=TAKEN_BACK_NEVER,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_ethnic_group_standing", table_name="ethnic_group")
    op.drop_table("ethnic_group")
    op.drop_table("waiting_family")
    op.drop_table("day_off")
    op.drop_index("ix_privacy_request_state", table_name="privacy_request")
    op.drop_index("uq_privacy_request_standing", table_name="privacy_request")
    op.drop_table("privacy_request")
