"""What is allotted to one delegation, until when may it register, who was reminded; who was invited and asks to be let in?

Revision: 0054
After: 0053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    # with their rules in one statement: SQLite adds none to a table that stands
    dialect = op.get_bind().dialect
    flag, number, moment = (each.compile(dialect=dialect) for each in (FLAG, WHOLE_NUMBER, MOMENT))
    op.execute(
        f"ALTER TABLE delegation ADD COLUMN families_own {flag} DEFAULT FALSE NOT NULL"
        " CONSTRAINT ck_delegation_families_own_flag CHECK (families_own IN (FALSE, TRUE))"
    )
    op.execute(
        f"ALTER TABLE delegation ADD COLUMN people_max {number}"
        " CONSTRAINT ck_delegation_people_some CHECK (people_max >= 1)"
    )
    op.add_column("delegation", sa.Column("extended_why", sa.Text(), server_default="", nullable=False))
    op.execute(
        f"ALTER TABLE delegation ADD COLUMN extended_until {moment}"
        " CONSTRAINT ck_delegation_extended_with_a_reason CHECK (extended_until IS NULL OR extended_why <> '')"
    )
    op.add_column("delegation", sa.Column("places_version", WHOLE_NUMBER, server_default="1", nullable=False))
    op.execute(
        f"ALTER TABLE contest_place ADD COLUMN entries_most {number}"
        " CONSTRAINT ck_contest_place_entries_kept CHECK (entries_most >= taken)"
    )
    op.execute(
        f"ALTER TABLE contest_place ADD COLUMN performers_most {number}"
        " CONSTRAINT ck_contest_place_performers_not_negative CHECK (performers_most >= 0)"
    )
    op.create_table(
        "delegation_reminder",
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=False),
        sa.Column("times", WHOLE_NUMBER, nullable=False),
        _check("delegation_reminder", "times_counted", "times > 0"),
        _key("delegation_reminder", "delegation_id", "delegation"),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_delegation_reminder")),
        sqlite_strict=True,
    )
    op.create_table(
        "invitation",
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("issue", WHOLE_NUMBER, nullable=False),
        sa.Column("link_hash", sa.Text(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _check("invitation", "issue_counted", "issue > 0"),
        _key("invitation", "delegation_id", "delegation"),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_invitation_link_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "account_request",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("issue", WHOLE_NUMBER, nullable=False),
        sa.Column("once_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("user_id", WHOLE_NUMBER, nullable=True),
        _check("account_request", "name_given", "name <> ''"),
        _check("account_request", "confirmed_with_an_account", "state <> 'confirmed' OR user_id IS NOT NULL"),
        _check("account_request", "state_known", "state IN ('waiting', 'confirmed', 'refused')"),
        _key("account_request", "decided_by", "user_account"),
        _key("account_request", "delegation_id", "delegation"),
        _key("account_request", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
        sa.UniqueConstraint("code", name=op.f("uq_account_request_code")),
        sa.UniqueConstraint("once_hash", name=op.f("uq_account_request_once_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_account_request_phone", "account_request", ["phone"])
    op.create_index("ix_account_request_delegation", "account_request", ["delegation_id"])


def downgrade() -> None:
    for table in ("account_request", "invitation", "delegation_reminder"):
        op.drop_table(table)
    for column in ("performers_most", "entries_most"):
        op.drop_column("contest_place", column)
    for column in ("places_version", "extended_until", "extended_why", "people_max", "families_own"):
        op.drop_column("delegation", column)
