"""Papers as they were signed, and awards with the names as signed

Awards of minutes that are signed already get the names of this moment, and say so (`named_later`). What was signed before
has no stored bytes: its paper is drawn and kept when it is first asked for, and says so on itself. Minutes of the whole
delegation keep the words they were signed with. Going down forgets the stored papers and the names on awards.

Revision: 0013
After: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
PEOPLE = ("printed_by", "signed_by", "with_user")
SIGNED = (
    "(contest_id IS NULL OR contest_id IN (SELECT state_change.contest_id FROM state_change"
    " WHERE state_change.state = 'signed'))"
)


def upgrade() -> None:
    op.create_table(
        "signed_paper",
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
        sa.CheckConstraint("kind IN ('minutes', 'amendment')", name=op.f("ck_signed_paper_kind_known")),
        sa.CheckConstraint("state IN ('printed', 'signed', 'replaced')", name=op.f("ck_signed_paper_state_known")),
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
        sqlite_strict=True,
    )
    op.create_index("ix_signed_paper_contest", "signed_paper", ["contest_id"], unique=False)
    op.create_index("ix_signed_paper_festival", "signed_paper", ["festival_id"], unique=False)
    for state in ("printed", "signed"):
        for name, column, condition in (
            ("contest", "contest_id", "contest_id IS NOT NULL"),
            ("whole", "festival_id", "contest_id IS NULL"),
        ):
            where = sa.text(f"state = '{state}' AND {condition}")
            op.create_index(
                f"uq_signed_paper_{state}_{name}",
                "signed_paper",
                [column],
                unique=True,
                sqlite_where=where,
                postgresql_where=where,
            )
    op.add_column("award", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("award", sa.Column("delegation", sa.Text(), nullable=True))
    op.add_column("award", sa.Column("named_later", MOMENT, nullable=True))
    at = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')" if op.get_bind().dialect.name == "sqlite" else "now()"
    entry = "FROM entry JOIN delegation ON delegation.id = entry.delegation_id WHERE entry.id = award.entry_id"
    op.execute(
        f"UPDATE award SET name = (SELECT entry.name {entry}), delegation = (SELECT delegation.name {entry}),"
        f" named_later = {at} WHERE entry_id IS NOT NULL AND {SIGNED}"
    )
    whole = "FROM delegation WHERE delegation.id = award.delegation_id"
    op.execute(
        f"UPDATE award SET name = (SELECT delegation.name {whole}), delegation = (SELECT delegation.name {whole}),"
        f" named_later = {at} WHERE delegation_id IS NOT NULL"
    )


def downgrade() -> None:
    for name in ("named_later", "delegation", "name"):
        op.drop_column("award", name)
    op.drop_table("signed_paper")
