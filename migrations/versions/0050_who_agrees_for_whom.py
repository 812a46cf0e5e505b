"""Who said no, which father, mother or guardian has a link of the own, which sheet was signed, who was reminded?

Revision: 0050
After: 0048
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0048"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
BEFORE = ("taking_part", "child_own", "publish", "allergy", "support")
AFTER = ("taking_part", "child_own", "publish", "child_publish", "allergy", "support")
STANDING = sa.text("withdrawn_at IS NULL")
UNENDED = sa.text("ended_at IS NULL")
KEPT = sa.text("taken_back_at IS NULL")


def known(purposes: tuple[str, ...]) -> str:
    return f"purpose IN ({', '.join(repr(each) for each in purposes)})"


def _key(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE" if cascade else None)


def consent_text(purposes: tuple[str, ...]) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them."""
    return sa.Table(
        "consent_text",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(known(purposes), name=op.f("ck_consent_text_purpose_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint("purpose", "version", name=op.f("uq_consent_text_purpose_version")),
        sqlite_strict=True,
    )


def consent(purposes: tuple[str, ...]) -> sa.Table:
    table = sa.Table(
        "consent",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("text_id", WHOLE_NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_as", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_how", sa.Text(), nullable=True),
        sa.CheckConstraint(known(purposes), name=op.f("ck_consent_purpose_known")),
        _key("consent", "person_id", "person", cascade=True),
        _key("consent", "text_id", "consent_text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_strict=True,
    )
    sa.Index(
        "uq_consent_standing", table.c.person_id, table.c.purpose, unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip
    return table


def purposes_from(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    for made in (consent_text, consent):
        name = f"ck_{made.__name__}_purpose_known"
        with op.batch_alter_table(made.__name__, copy_from=made(before)) as batch_op:
            batch_op.drop_constraint(op.f(name), type_="check")
            batch_op.create_check_constraint(op.f(name), known(after))


def upgrade() -> None:
    purposes_from(BEFORE, AFTER)
    op.create_table(
        "consent_refusal",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("text_id", WHOLE_NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_as", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(known(AFTER), name=op.f("ck_consent_refusal_purpose_known")),
        _key("consent_refusal", "person_id", "person", cascade=True),
        _key("consent_refusal", "text_id", "consent_text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_refusal")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_consent_refusal_standing", "consent_refusal", ["person_id", "purpose"], unique=True,
        sqlite_where=UNENDED, postgresql_where=UNENDED,
    )  # fmt: skip
    op.create_table(
        "parent_link",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("given_as", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("children", sa.Text(), nullable=False),
        sa.Column("issue", WHOLE_NUMBER, nullable=False),
        sa.Column("link_hash", sa.Text(), nullable=True),
        sa.Column("misses", WHOLE_NUMBER, nullable=False),
        sa.Column("then_send", FLAG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_how", sa.Text(), nullable=True),
        sa.CheckConstraint("given_as IN ('father', 'mother', 'guardian')", name=op.f("ck_parent_link_given_as_known")),
        sa.CheckConstraint("misses >= 0 AND misses <= 10", name=op.f("ck_parent_link_misses_counted")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_parent_link_ended_somehow")),
        sa.CheckConstraint("then_send IN (FALSE, TRUE)", name=op.f("ck_parent_link_then_send_flag")),
        _key("parent_link", "family_id", "family", cascade=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parent_link")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_parent_link_link_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_parent_link_family", "parent_link", ["family_id"])
    op.create_table(
        "agreement_sheet",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("kept_by", WHOLE_NUMBER, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_by", WHOLE_NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("taken_back_at IS NULL OR reason <> ''", name=op.f("ck_agreement_sheet_taken_back_why")),
        _key("agreement_sheet", "family_id", "family", cascade=True),
        _key("agreement_sheet", "kept_by", "user_account"),
        _key("agreement_sheet", "taken_back_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_sheet")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_agreement_sheet_kept", "agreement_sheet", ["family_id"], unique=True,
        sqlite_where=KEPT, postgresql_where=KEPT,
    )  # fmt: skip
    op.create_table(
        "agreement_reminder",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=False),
        sa.Column("times", WHOLE_NUMBER, nullable=False),
        _key("agreement_reminder", "family_id", "family", cascade=True),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_agreement_reminder")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("agreement_reminder", "agreement_sheet", "parent_link", "consent_refusal"):
        op.drop_table(table)
    op.execute("DELETE FROM consent WHERE purpose = 'child_publish'")
    op.execute("DELETE FROM consent_text WHERE purpose = 'child_publish'")
    purposes_from(AFTER, BEFORE)
