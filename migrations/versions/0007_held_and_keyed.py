"""Registrations held for the officer, links that only show, letters counted by their hour; typed codes are kept keyed

What looks up a typed code, an enrolment code and a family's link was SHA-256 and becomes HMAC over that SHA-256 under the
pass key: nobody has to know the codes, and every printed card and link stays good. It stops, with nothing changed, when the
pass key is not the one these codes were made with. Going down makes the SHA-256 again from the codes, which the pass key
yields, and forgets the rest: what was held waits like any other registration.

Revision: 0007
After: 0006
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
DAY = sa.Date().with_variant(sa.Text(), "sqlite")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def upgrade() -> None:
    op.create_table(
        "held_registration",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("beside_id", WHOLE_NUMBER, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("decision IN ('same', 'new')", name=op.f("ck_held_registration_decision_known")),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_held_registration_decided_then")),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_held_registration_family_id_family"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["beside_id"], ["family.id"], name=op.f("fk_held_registration_beside_id_family"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_held_registration_decided_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_registration")),
        sqlite_strict=True,
    )
    op.create_index("ix_held_registration_family", "held_registration", ["family_id", "decision"], unique=False)
    op.create_table(
        "link_guard",
        sa.Column("family_id", WHOLE_NUMBER, nullable=False),
        sa.Column("issue", WHOLE_NUMBER, nullable=False),
        sa.Column("on_day", DAY, nullable=False),
        sa.Column("misses", WHOLE_NUMBER, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("misses >= 0 AND misses <= 10", name=op.f("ck_link_guard_misses_counted")),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_link_guard_family_id_family"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("family_id", name=op.f("pk_link_guard")),
        sqlite_strict=True,
    )
    op.add_column("family", sa.Column("submission_digest", sa.Text(), nullable=True))
    op.add_column("outbox_mail", sa.Column("sent_at", MOMENT, nullable=True))
    op.create_index("ix_outbox_mail_recipient", "outbox_mail", ["recipient", "state"], unique=False)
    _key_what_looks_up()


def downgrade() -> None:
    connection = op.get_bind()
    for table, column, row, code in _codes(connection):
        _put(connection, table, column, row, sha256(code.encode()).hexdigest())
    op.drop_index("ix_outbox_mail_recipient", table_name="outbox_mail")
    op.drop_column("outbox_mail", "sent_at")
    op.drop_column("family", "submission_digest")
    op.drop_table("link_guard")
    op.drop_index("ix_held_registration_family", table_name="held_registration")
    op.drop_table("held_registration")


def _key_what_looks_up() -> None:
    connection = op.get_bind()
    key = hmac.new(current_app.config["FESTIVAL"].pass_key, b"hash\x1flook-up", sha256).digest()
    codes = list(_codes(connection))
    known = 0
    for table, column, row, code in codes:
        old = connection.execute(sa.text(f"SELECT {column} FROM {table} WHERE id = :row"), {"row": row}).scalar()
        known += old == sha256(code.encode()).hexdigest()
        _put(connection, table, column, row, hmac.new(key, old.encode(), sha256).hexdigest())
    if codes and not known:
        raise RuntimeError(
            "FESTIVAL_PASS_KEY (instance/pass.key) is not the key that the passes and links of this database were made "
            "with. Nothing was changed: put the right key in its place, then run the upgrade again."
        )


def _put(connection: sa.Connection, table: str, column: str, row: int, kept: str) -> None:
    connection.execute(sa.text(f"UPDATE {table} SET {column} = :kept WHERE id = :row"), {"kept": kept, "row": row})


def _codes(connection: sa.Connection) -> Iterator[tuple[str, str, int, str]]:
    """Table, column and row of everything that is looked up by a short code or a link, and the code itself."""
    query = sa.text("SELECT id, link_issue FROM family WHERE link_hash IS NOT NULL")
    for row, issue in connection.execute(query).all():
        yield "family", "link_hash", row, _crockford(_derived("family-link", row, issue), 26)
    for (row,) in connection.execute(sa.text("SELECT id FROM enrolment_code")).all():
        yield "enrolment_code", "code_hash", row, _crockford(_derived("enrol", row, 1), 8)
    query = sa.text("SELECT id, family_id, delegation_id, person_id, issue FROM pass")
    for row, family, delegation, person, issue in connection.execute(query).all():
        owner = "family" if family is not None else "delegation" if delegation is not None else "person"
        owner_id = next(each for each in (family, delegation, person) if each is not None)
        yield "pass", "typed_hash", row, _typed(_derived(f"typed-{owner}", owner_id, issue))


def _derived(purpose: str, row: int, issue: int) -> bytes:
    key = current_app.config["FESTIVAL"].pass_key
    return hmac.new(key, f"{purpose}\x1f{row}\x1f{issue}".encode(), sha256).digest()


def _crockford(secret: bytes, characters: int) -> str:
    number = int.from_bytes(secret, "big")
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(characters))


def _typed(secret: bytes) -> str:
    """XXXX-XXXX as releases up to 0.3 print it: 35 bits and a check character over GF(32)."""
    number = int.from_bytes(secret[:5], "big") >> 5
    body = [number >> shift & 31 for shift in range(30, -5, -5)]
    check = 0
    for value in body:
        doubled = (check ^ value) << 1
        check = doubled ^ 0b100101 if doubled & 32 else doubled
    code = "".join(ALPHABET[value] for value in [*body, check])
    return f"{code[:4]}-{code[4:]}"
