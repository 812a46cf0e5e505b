"""What was handed to a delegation at reception; its receipt is a paper of its own, with a photo of the signed page

Going down forgets the receipts.

Revision: 0043
After: 0042
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
PEOPLE = ("printed_by", "signed_by", "with_user")
KINDS = ("kind IN ('minutes', 'amendment', 'names')", "kind IN ('minutes', 'amendment', 'names', 'receipt')")
STATES = "state IN ('printed', 'signed', 'replaced', 'annulled')"
STAYING = (
    ("contest", "contest_id", "contest_id IS NOT NULL"),
    ("whole", "festival_id", "contest_id IS NULL AND delegation_id IS NULL"),
)
OF_DELEGATION = ("delegation_id IS NOT NULL", "delegation_id IS NOT NULL AND kind <> 'receipt'")
RECEIPT = "delegation_id IS NOT NULL AND kind = 'receipt'"


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _where(state: str, condition: str) -> dict[str, object]:
    where = sa.text(f"state = '{state}' AND {condition}")
    return {"unique": True, "sqlite_where": where, "postgresql_where": where}


def signed_paper(*, receipts: bool) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them.

    Of the indexes those that stay as they are: the others are dropped and made around the copying.
    """
    more = [sa.Column("photo", sa.LargeBinary(), nullable=True)] if receipts else []
    return sa.Table(
        "signed_paper",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("static_tree", sa.Text(), nullable=False),
        sa.Column("signers", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("with_user", WHOLE_NUMBER, nullable=True),
        sa.Column("stored_later", MOMENT, nullable=True),
        sa.Column("replaced_by", WHOLE_NUMBER, nullable=True),
        sa.Column("names", sa.Text(), server_default="[]", nullable=False),
        sa.CheckConstraint(KINDS[receipts], name=op.f("ck_signed_paper_kind_known")),
        sa.CheckConstraint(STATES, name=op.f("ck_signed_paper_state_known")),
        sa.CheckConstraint(
            "(signed_at IS NULL) OR state <> 'printed'", name=op.f("ck_signed_paper_printed_unsigned")
        ),
        sa.CheckConstraint("(signed_at IS NOT NULL) OR state <> 'signed'", name=op.f("ck_signed_paper_signed_once")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_signed_paper_contest_id_contest")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_signed_paper_delegation_id_delegation")
        ),
        sa.ForeignKeyConstraint(["festival_id"], ["festival.id"], name=op.f("fk_signed_paper_festival_id_festival")),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_signed_paper_{name}_user_account"))
            for name in PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["signed_paper.id"], name=op.f("fk_signed_paper_replaced_by_signed_paper")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_paper")),
        sa.Index("ix_signed_paper_contest", "contest_id"),
        sa.Index("ix_signed_paper_festival", "festival_id"),
        *(
            sa.Index(f"uq_signed_paper_{state}_{name}", column, **_where(state, condition))
            for state in ("printed", "signed")
            for name, column, condition in STAYING
        ),
        *more,
        sqlite_strict=True,
    )


def _of_delegations(condition: str) -> None:
    for state in ("printed", "signed"):
        op.create_index(
            f"uq_signed_paper_{state}_delegation", "signed_paper", ["delegation_id"], **_where(state, condition)
        )


def _kind(batch_op: object, condition: str) -> None:
    batch_op.drop_constraint(op.f("ck_signed_paper_kind_known"), type_="check")
    batch_op.create_check_constraint(op.f("ck_signed_paper_kind_known"), condition)


def upgrade() -> None:
    op.create_table(
        "handout",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("delegation_id", WHOLE_NUMBER, nullable=False),
        sa.Column("device_id", WHOLE_NUMBER, nullable=False),
        sa.Column("device_number", WHOLE_NUMBER, nullable=False),
        sa.Column("seq", WHOLE_NUMBER, nullable=False),
        sa.Column("at_ms", WHOLE_NUMBER, nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("mid", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("handout", "festival_id", "festival"),
        _key("handout", "delegation_id", "delegation"),
        _key("handout", "device_id", "device"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handout")),
        sa.UniqueConstraint("device_id", "seq", name=op.f("uq_handout_device_id_seq")),
        sqlite_strict=True,
    )
    op.create_index("ix_handout_delegation", "handout", ["festival_id", "delegation_id"])
    for state in ("printed", "signed"):
        op.drop_index(f"uq_signed_paper_{state}_delegation", table_name="signed_paper")
    with op.batch_alter_table("signed_paper", copy_from=signed_paper(receipts=False)) as batch_op:
        _kind(batch_op, KINDS[1])
        batch_op.add_column(sa.Column("photo", sa.LargeBinary(), nullable=True))
    _of_delegations(OF_DELEGATION[1])
    for state in ("printed", "signed"):
        op.create_index(f"uq_signed_paper_{state}_receipt", "signed_paper", ["delegation_id"], **_where(state, RECEIPT))


def downgrade() -> None:
    op.execute("DELETE FROM signed_paper WHERE kind = 'receipt'")
    for state in ("printed", "signed"):
        for name in ("delegation", "receipt"):
            op.drop_index(f"uq_signed_paper_{state}_{name}", table_name="signed_paper")
    with op.batch_alter_table("signed_paper", copy_from=signed_paper(receipts=True)) as batch_op:
        _kind(batch_op, KINDS[0])
        batch_op.drop_column("photo")
    _of_delegations(OF_DELEGATION[0])
    op.drop_table("handout")
