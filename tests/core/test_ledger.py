"""The database itself refuses to change the ledger; a forger who drops the triggers is caught by a head outside."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.chain import GENESIS, Head, entry_hash, payload_hash
from festival.core.database import db
from festival.core.transaction import transaction

STREAM = "judging:tai-nang"

FORBIDDEN = [
    "UPDATE ledger_entry SET kind = 'forged' WHERE seq = 2",
    "DELETE FROM ledger_entry WHERE seq = 5",
    "DELETE FROM ledger_payload WHERE seq = 2",
    "UPDATE ledger_payload SET content = '{}' WHERE seq = 2",
    "DELETE FROM ledger_head",
    "UPDATE ledger_head SET size = size - 1",
]


@pytest.fixture
def book(app: Flask) -> Flask:
    with app.app_context():
        for number in range(1, 6):
            with transaction():
                ledger.append(STREAM, "mark", {"entry": number}, {"gia đình": f"Gia đình số {number}", "điểm": 9250})
    return app


def drop_triggers() -> None:
    """What somebody with the database file in hand would do first."""
    if db.engine.dialect.name == "sqlite":
        names = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            db.session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("ledger_entry", "ledger_payload", "ledger_head"):
            db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def run(*statements: str, **values: object) -> None:
    with transaction():
        drop_triggers()
        for statement in statements:
            db.session.execute(text(statement), values)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses(book: Flask, statement: str) -> None:
    with book.app_context():
        before = ledger.head(STREAM)
        db.session.rollback()
        with pytest.raises(DatabaseError), transaction():
            db.session.execute(text(statement))
        assert ledger.verify(STREAM, [before]) == []


def test_erasing_a_payload_keeps_the_chain(book: Flask) -> None:
    with book.app_context():
        with transaction():
            ledger.erase_payloads(STREAM, [2])
        assert ledger.verify(STREAM, [ledger.head(STREAM)]) == []
        assert db.session.scalar(text("SELECT content FROM ledger_payload WHERE seq = 2")) is None


def tamper_edit(_head: Head) -> None:
    run("UPDATE ledger_payload SET content = replace(content, '9250', '9750') WHERE seq = 2")


def tamper_delete(_head: Head) -> None:
    run("DELETE FROM ledger_payload WHERE seq = 3", "DELETE FROM ledger_entry WHERE seq = 3")


def tamper_insert(head: Head) -> None:
    run(
        "INSERT INTO ledger_entry (stream, seq, kind, subject, at_ms, payload_hash, previous, hash)"
        " SELECT stream, 6, kind, subject, at_ms, payload_hash, previous, hash FROM ledger_entry WHERE seq = 5",
        "INSERT INTO ledger_payload (stream, seq, salt, content)"
        " SELECT stream, 6, salt, content FROM ledger_payload WHERE seq = 5",
        "UPDATE ledger_head SET size = 6",
    )


def tamper_swap(_head: Head) -> None:
    run(
        "CREATE TEMPORARY TABLE kept AS SELECT * FROM ledger_payload WHERE seq IN (1, 4)",
        "UPDATE ledger_payload SET salt = (SELECT salt FROM kept WHERE kept.seq = 4),"
        " content = (SELECT content FROM kept WHERE kept.seq = 4) WHERE seq = 1",
        "UPDATE ledger_payload SET salt = (SELECT salt FROM kept WHERE kept.seq = 1),"
        " content = (SELECT content FROM kept WHERE kept.seq = 1) WHERE seq = 4",
    )


def tamper_truncate(_head: Head) -> None:
    run(
        "DELETE FROM ledger_payload WHERE seq > 3",
        "DELETE FROM ledger_entry WHERE seq > 3",
        "UPDATE ledger_head SET size = 3, hash = (SELECT hash FROM ledger_entry WHERE seq = 3)",
    )


def tamper_rewrite(_head: Head) -> None:
    previous = GENESIS
    for seq in range(1, 6):
        content = canonical_json({"điểm": 10000})
        digest = payload_hash(b"salt", content)
        own = entry_hash(STREAM, seq, "mark", {"entry": seq}, 1, digest, previous)
        run(
            "UPDATE ledger_payload SET salt = :salt, content = :content WHERE seq = :seq",
            "UPDATE ledger_entry SET at_ms = 1, payload_hash = :digest, previous = :previous, hash = :own"
            " WHERE seq = :seq",
            "UPDATE ledger_head SET hash = :own",
            salt=b"salt",
            content=content.decode(),
            seq=seq,
            digest=digest,
            previous=previous,
            own=own,
        )
        previous = own


TAMPERINGS = [tamper_edit, tamper_delete, tamper_insert, tamper_swap, tamper_truncate, tamper_rewrite]


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_raw_sql_is_caught_with_the_head_of_the_minutes(book: Flask, tamper: object) -> None:
    with book.app_context():
        kept = ledger.head(STREAM)
        db.session.rollback()
        tamper(kept)  # type: ignore[operator]
        assert ledger.verify(STREAM, [kept]) != []


def test_the_commands_tell_head_and_tampering(book: Flask) -> None:
    runner = book.test_cli_runner()
    line = runner.invoke(args=["ledger", "head", STREAM]).output.split()
    assert line[:2] == [STREAM, "5"]
    good = runner.invoke(args=["ledger", "verify", "--head", f"{STREAM}:5:{line[2][:16]}"])
    assert (good.exit_code, good.output) == (0, f"{STREAM}: NGUYÊN VẸN (5 dòng)\n")
    with book.app_context():
        tamper_truncate(Head(5, line[2]))
    blind = runner.invoke(args=["ledger", "verify"])
    assert blind.exit_code == 0, "without a head outside the end can be cut off unseen"
    seeing = runner.invoke(args=["ledger", "verify", "--head", f"{STREAM}:5:{line[2]}"])
    assert seeing.exit_code == 1
    assert "sổ bị cắt" in seeing.output
