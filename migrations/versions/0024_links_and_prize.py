"""A delegation's head has a link of its own, and a family says who receives its prize money

The links of the delegations that are there are derived and keyed here as the program makes them, so that each can be given
out at once. Going down forgets them and who receives the prizes.

Revision: 0024
After: 0023
"""

from __future__ import annotations

import hmac
from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def upgrade() -> None:
    op.add_column("delegation", sa.Column("link_hash", sa.Text(), nullable=True))
    op.add_column("delegation", sa.Column("link_issue", WHOLE_NUMBER, server_default="1", nullable=False))
    op.create_index("uq_delegation_link", "delegation", ["link_hash"], unique=True)
    op.create_table(
        "prize_receiver",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("person_id", WHOLE_NUMBER, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("said_how", sa.Text(), nullable=False),
        sa.CheckConstraint("said_how IN ('link', 'officer')", name=op.f("ck_prize_receiver_said_how_known")),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_prize_receiver_family_id_family"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_prize_receiver_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_prize_receiver")),
        sqlite_strict=True,
    )
    _give_links()


def downgrade() -> None:
    op.drop_table("prize_receiver")
    op.drop_index("uq_delegation_link", table_name="delegation")
    op.drop_column("delegation", "link_issue")
    op.drop_column("delegation", "link_hash")


def _give_links() -> None:
    connection = op.get_bind()
    for (row,) in connection.execute(sa.text("SELECT id FROM delegation")).all():
        connection.execute(
            sa.text("UPDATE delegation SET link_hash = :kept WHERE id = :row"), {"kept": _hash(_link(row)), "row": row}
        )


def _link(row: int) -> str:
    """As roster.links makes the first one."""
    key = current_app.config["FESTIVAL"].pass_key
    secret = hmac.new(key, f"delegation-link\x1f{row}\x1f1".encode(), sha256).digest()
    number = int.from_bytes(secret, "big")
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(26))


def _hash(code: str) -> str:
    key = hmac.new(current_app.config["FESTIVAL"].pass_key, b"hash\x1flook-up", sha256).digest()
    return hmac.new(key, sha256(code.encode()).hexdigest().encode(), sha256).hexdigest()
