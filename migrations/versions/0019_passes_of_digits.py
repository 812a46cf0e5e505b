"""Passes are written in digits only; those that were issued before stay as they are printed

A pass of the new form has the number of its attempt at a typed code that no other pass has; whatever is there already is
of the first form and has none. Going down, every pass is of the first form again: its QR opens a gate as before (the
secret bytes are the same), and its typed code is the one that release prints, which the pass key yields.

Revision: 0019
After: 0018
"""

from __future__ import annotations

import hmac
from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def upgrade() -> None:
    op.add_column("pass", sa.Column("typed_attempt", WHOLE_NUMBER, nullable=True))


def downgrade() -> None:
    connection = op.get_bind()
    pass_key = current_app.config["FESTIVAL"].pass_key
    key = hmac.new(pass_key, b"hash\x1flook-up", sha256).digest()
    query = sa.text(
        "SELECT id, family_id, delegation_id, person_id, issue FROM pass WHERE typed_attempt IS NOT NULL ORDER BY id"
    )
    for row, family, delegation, person, issue in connection.execute(query).all():
        owner = "family" if family is not None else "delegation" if delegation is not None else "person"
        owner_id = next(each for each in (family, delegation, person) if each is not None)
        secret = hmac.new(pass_key, f"typed-{owner}\x1f{owner_id}\x1f{issue}".encode(), sha256).digest()
        known = sha256(_typed(secret).encode()).hexdigest()
        kept = hmac.new(key, known.encode(), sha256).hexdigest()
        connection.execute(sa.text("UPDATE pass SET typed_hash = :kept WHERE id = :row"), {"kept": kept, "row": row})
    op.drop_column("pass", "typed_attempt")


def _typed(secret: bytes) -> str:
    """XXXX-XXXX as releases up to 0.5 print it: 35 bits and a check character over GF(32)."""
    number = int.from_bytes(secret[:5], "big") >> 5
    body = [number >> shift & 31 for shift in range(30, -5, -5)]
    check = 0
    for value in body:
        doubled = (check ^ value) << 1
        check = doubled ^ 0b100101 if doubled & 32 else doubled
    code = "".join(ALPHABET[value] for value in [*body, check])
    return f"{code[:4]}-{code[4:]}"
