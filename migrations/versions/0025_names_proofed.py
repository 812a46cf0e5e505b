"""Sheets of names are kept as signed papers, and a use of names nobody has proofed is confirmed

A paper may be about a delegation: the sheet of its names, which can be annulled. `names` holds, of such a sheet, the digest
of every name it prints. Going down forgets the sheets and the confirmations.

Revision: 0025
After: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
PEOPLE = ("printed_by", "signed_by", "with_user")
KINDS = ("kind IN ('minutes', 'amendment')", "kind IN ('minutes', 'amendment', 'names')")
STATES = ("state IN ('printed', 'signed', 'replaced')", "state IN ('printed', 'signed', 'replaced', 'annulled')")
DELEGATION = "fk_signed_paper_delegation_id_delegation"
WHOLE = ("contest_id IS NULL", "contest_id IS NULL AND delegation_id IS NULL")
OF_DELEGATION = "delegation_id IS NOT NULL"


def _where(state: str, condition: str) -> dict[str, object]:
    where = sa.text(f"state = '{state}' AND {condition}")
    return {"unique": True, "sqlite_where": where, "postgresql_where": where}


def signed_paper(*, of_delegations: bool) -> sa.Table:
    """The table before and after: SQLite copies it, and would lose its checks and STRICT if it had to guess them.

    Of the indexes those that stay as they are: the others are dropped and made around the copying.
    """
    more: list[sa.schema.SchemaItem] = []
    if of_delegations:
        more = [
            sa.Column("delegation_id", WHOLE_NUMBER, nullable=True),
            sa.Column("names", sa.Text(), server_default="[]", nullable=False),
            sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f(DELEGATION)),
        ]
    return sa.Table(
        "signed_paper",
        sa.MetaData(),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
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
        sa.CheckConstraint(KINDS[of_delegations], name=op.f("ck_signed_paper_kind_known")),
        sa.CheckConstraint(STATES[of_delegations], name=op.f("ck_signed_paper_state_known")),
        sa.CheckConstraint(
            "(signed_at IS NULL) OR state <> 'printed'", name=op.f("ck_signed_paper_printed_unsigned")
        ),
        sa.CheckConstraint("(signed_at IS NOT NULL) OR state <> 'signed'", name=op.f("ck_signed_paper_signed_once")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_signed_paper_contest_id_contest")),
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
            sa.Index(f"uq_signed_paper_{state}_contest", "contest_id", **_where(state, "contest_id IS NOT NULL"))
            for state in ("printed", "signed")
        ),
        *more,
        sqlite_strict=True,
    )


def _checks(batch_op: object, after: int) -> None:
    for name, conditions in (("kind_known", KINDS), ("state_known", STATES)):
        batch_op.drop_constraint(op.f(f"ck_signed_paper_{name}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_signed_paper_{name}"), conditions[after])


def upgrade() -> None:
    for state in ("printed", "signed"):
        op.drop_index(f"uq_signed_paper_{state}_whole", table_name="signed_paper")
    with op.batch_alter_table("signed_paper", copy_from=signed_paper(of_delegations=False)) as batch_op:
        _checks(batch_op, 1)
        batch_op.add_column(sa.Column("delegation_id", WHOLE_NUMBER, nullable=True))
        batch_op.add_column(sa.Column("names", sa.Text(), server_default="[]", nullable=False))
        batch_op.create_foreign_key(op.f(DELEGATION), "delegation", ["delegation_id"], ["id"])
    for state in ("printed", "signed"):
        op.create_index(f"uq_signed_paper_{state}_whole", "signed_paper", ["festival_id"], **_where(state, WHOLE[1]))
        op.create_index(
            f"uq_signed_paper_{state}_delegation", "signed_paper", ["delegation_id"], **_where(state, OF_DELEGATION)
        )
    op.create_table(
        "name_confirmation",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("festival_id", WHOLE_NUMBER, nullable=False),
        sa.Column("contest_id", WHOLE_NUMBER, nullable=True),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user", WHOLE_NUMBER, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by_user"], ["user_account.id"], name=op.f("fk_name_confirmation_by_user_user_account")),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_name_confirmation_contest_id_contest")),
        sa.ForeignKeyConstraint(
            ["festival_id"], ["festival.id"], name=op.f("fk_name_confirmation_festival_id_festival")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_confirmation")),
        sqlite_strict=True,
    )
    op.create_index("ix_name_confirmation_contest", "name_confirmation", ["contest_id"], unique=False)


def downgrade() -> None:
    op.drop_table("name_confirmation")
    op.execute("DELETE FROM signed_paper WHERE kind = 'names'")
    for state in ("printed", "signed"):
        for name in ("whole", "delegation"):
            op.drop_index(f"uq_signed_paper_{state}_{name}", table_name="signed_paper")
    with op.batch_alter_table("signed_paper", copy_from=signed_paper(of_delegations=True)) as batch_op:
        _checks(batch_op, 0)
        batch_op.drop_constraint(op.f(DELEGATION), type_="foreignkey")
        batch_op.drop_column("delegation_id")
        batch_op.drop_column("names")
    for state in ("printed", "signed"):
        op.create_index(f"uq_signed_paper_{state}_whole", "signed_paper", ["festival_id"], **_where(state, WHOLE[0]))
