"""Who agreed to be kept for the next edition, which page of a refused form is found again, who was reminded of an act?

Revision: 0058
After: 0057
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
BEFORE = ("taking_part", "child_own", "publish", "child_publish", "allergy", "support")
AFTER = (*BEFORE, "kept")
STANDING = sa.text("withdrawn_at IS NULL")
UNENDED = sa.text("ended_at IS NULL")


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


def consent_refusal(purposes: tuple[str, ...]) -> sa.Table:
    table = sa.Table(
        "consent_refusal",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("text_id", WHOLE_NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_as", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(known(purposes), name=op.f("ck_consent_refusal_purpose_known")),
        _key("consent_refusal", "person_id", "person", cascade=True),
        _key("consent_refusal", "text_id", "consent_text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_refusal")),
        sqlite_strict=True,
    )
    sa.Index(
        "uq_consent_refusal_standing", table.c.person_id, table.c.purpose, unique=True,
        sqlite_where=UNENDED, postgresql_where=UNENDED,
    )  # fmt: skip
    return table


def purposes_from(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    for made in (consent_text, consent, consent_refusal):
        name = f"ck_{made.__name__}_purpose_known"
        with op.batch_alter_table(made.__name__, copy_from=made(before)) as batch_op:
            batch_op.drop_constraint(op.f(name), type_="check")
            batch_op.create_check_constraint(op.f(name), known(after))


def upgrade() -> None:
    purposes_from(BEFORE, AFTER)
    op.create_table(
        "kept_family",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("kept_until", DAY, nullable=False),
        sa.Column("household", sa.Text(), nullable=True),
        sa.Column("link_hash", sa.Text(), nullable=True),
        _key("kept_family", "family_id", "family", cascade=True),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_kept_family")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_kept_family_link_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "refused_page",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_page")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refused_page_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "act_reminder",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=False),
        sa.Column("times", WHOLE_NUMBER, nullable=False),
        _key("act_reminder", "family_id", "family", cascade=True),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_act_reminder")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("act_reminder")
    op.drop_table("refused_page")
    op.drop_table("kept_family")
    for table in ("consent_refusal", "consent", "consent_text"):
        op.execute(f"DELETE FROM {table} WHERE purpose = 'kept'")
    purposes_from(AFTER, BEFORE)
