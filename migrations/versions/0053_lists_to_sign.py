"""Which list did a delegation or a commune of it have signed, what came back, and must one be signed before approval?

Revision: 0053
After: 0052
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def _key(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def upgrade() -> None:
    op.create_table(
        "signing_list",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("unit_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("editable", sa.LargeBinary(), nullable=False),
        sa.Column("editable_sha256", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("static_tree", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("letter_number", sa.Text(), nullable=False),
        sa.Column("letter_day", DAY, nullable=True),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("turn", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("changed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("replaced_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint(
            "state IN ('printed', 'signed', 'replaced', 'annulled')", name=op.f("ck_signing_list_state_known")
        ),
        sa.CheckConstraint(
            "state <> 'signed' OR (signed_at IS NOT NULL AND turn > 0 AND letter_number <> '' AND letter_day IS NOT NULL)",
            name=op.f("ck_signing_list_signed_with_letter"),
        ),
        sa.CheckConstraint("state <> 'annulled' OR reason <> ''", name=op.f("ck_signing_list_taken_back_why")),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_signing_list_turn_counted")),
        _key("signing_list", "festival_id", "festival"),
        _key("signing_list", "delegation_id", "delegation"),
        _key("signing_list", "unit_id", "unit"),
        _key("signing_list", "printed_by", "user_account"),
        _key("signing_list", "signed_by", "user_account"),
        _key("signing_list", "changed_by", "user_account"),
        _key("signing_list", "replaced_by", "signing_list"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_list")),
        sa.UniqueConstraint(
            "delegation_id", "unit_id", "number", name=op.f("uq_signing_list_delegation_id_unit_id_number")
        ),
        sqlite_strict=True,
    )
    for state in ("printed", "signed"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_signing_list_{state}", "signing_list", ["delegation_id", "unit_id"], unique=True,
            sqlite_where=only, postgresql_where=only,
        )  # fmt: skip
    op.create_index("ix_signing_list_festival", "signing_list", ["festival_id"])
    op.create_table(
        "list_page",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("list_id", WHOLE_NUMBER, nullable=False),
        sa.Column("turn", WHOLE_NUMBER, nullable=False),
        sa.Column("page", WHOLE_NUMBER, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.Column("put_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("format IN ('jpeg', 'pdf')", name=op.f("ck_list_page_format_known")),
        sa.CheckConstraint("turn > 0 AND page > 0", name=op.f("ck_list_page_pages_counted")),
        _key("list_page", "list_id", "signing_list", cascade=True),
        _key("list_page", "put_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_page")),
        sa.UniqueConstraint("list_id", "turn", "page", name=op.f("uq_list_page_list_id_turn_page")),
        sqlite_strict=True,
    )
    op.create_index("ix_list_page_sha256", "list_page", ["sha256"])
    op.create_table(
        "delegation_commune",
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("unit_id", WHOLE_NUMBER, nullable=False),
        sa.Column("position", WHOLE_NUMBER, nullable=False),
        _key("delegation_commune", "delegation_id", "delegation"),
        _key("delegation_commune", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("delegation_id", "unit_id", name=op.f("pk_delegation_commune")),
        sqlite_strict=True,
    )
    op.create_table(
        "family_commune",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("unit_id", WHOLE_NUMBER, nullable=False),
        _key("family_commune", "family_id", "family", cascade=True),
        _key("family_commune", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_family_commune")),
        sqlite_strict=True,
    )
    op.create_table(
        "signing_rule",
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("required", FLAG, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint("required IN (FALSE, TRUE)", name=op.f("ck_signing_rule_required_flag")),
        _key("signing_rule", "festival_id", "festival"),
        sa.PrimaryKeyConstraint("festival_id", name=op.f("pk_signing_rule")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("signing_rule", "family_commune", "delegation_commune", "list_page", "signing_list"):
        op.drop_table(table)
