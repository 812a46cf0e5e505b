"""Whose is a form that is still being typed, and what did a registration say before each change?

Going down forgets forms that change a registered family, those an officer types, and what registrations said before.

Revision: 0047
After: 0046
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
OWNED = (("family_id", "family", "CASCADE"), ("delegation_id", "delegation", None), ("owner_id", "user_account", None))
BEGUN_FROM = "(family_id IS NULL) = (base_version IS NULL)"


def _key(table: str, column: str, target: str, ending: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ending)


def registration_draft(*, owned: bool) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them."""
    more: list[sa.schema.SchemaItem] = []
    if owned:
        more = [
            *(sa.Column(name, WHOLE_NUMBER, nullable=True) for name, _target, _ending in OWNED),
            sa.Column("base_version", WHOLE_NUMBER, nullable=True),
            sa.CheckConstraint(BEGUN_FROM, name=op.f("ck_registration_draft_begun_from")),
            *(_key("registration_draft", *each) for each in OWNED),
            sa.UniqueConstraint("family_id", "owner_id", name=op.f("uq_registration_draft_family_id_owner_id")),
        ]
    return sa.Table(
        "registration_draft",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        _key("registration_draft", "festival_id", "festival"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_draft")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registration_draft_token_hash")),
        *more,
        sqlite_strict=True,
    )


def upgrade() -> None:
    with op.batch_alter_table("registration_draft", copy_from=registration_draft(owned=False)) as batch_op:
        for name, target, ending in OWNED:
            batch_op.add_column(sa.Column(name, WHOLE_NUMBER, nullable=True))
            batch_op.create_foreign_key(
                op.f(f"fk_registration_draft_{name}_{target}"), target, [name], ["id"], ondelete=ending
            )
        batch_op.add_column(sa.Column("base_version", WHOLE_NUMBER, nullable=True))
        batch_op.create_check_constraint(op.f("ck_registration_draft_begun_from"), BEGUN_FROM)
        batch_op.create_unique_constraint(
            op.f("uq_registration_draft_family_id_owner_id"), ["family_id", "owner_id"]
        )
    op.create_index("ix_registration_draft_owner", "registration_draft", ["owner_id", "delegation_id"])
    op.create_table(
        "former_registration",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("household", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        _key("former_registration", "family_id", "family", "CASCADE"),
        _key("former_registration", "changed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_registration")),
        sa.UniqueConstraint("family_id", "version", name=op.f("uq_former_registration_family_id_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("former_registration")
    op.execute("DELETE FROM registration_draft WHERE family_id IS NOT NULL OR owner_id IS NOT NULL")
    op.drop_index("ix_registration_draft_owner", table_name="registration_draft")
    with op.batch_alter_table("registration_draft", copy_from=registration_draft(owned=True)) as batch_op:
        batch_op.drop_constraint(op.f("uq_registration_draft_family_id_owner_id"), type_="unique")
        batch_op.drop_constraint(op.f("ck_registration_draft_begun_from"), type_="check")
        for name, target, _ending in OWNED:
            batch_op.drop_constraint(op.f(f"fk_registration_draft_{name}_{target}"), type_="foreignkey")
        for name in ("base_version", *(name for name, _target, _ending in reversed(OWNED))):
            batch_op.drop_column(name)
