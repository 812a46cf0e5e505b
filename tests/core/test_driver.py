"""A statement run by the driver answers, refuses and is counted like any other; rows come as one text and stay what they were."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Text, bindparam, cast, event, insert, select
from sqlalchemy.exc import IntegrityError

from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import among, insert_rows, json_rows, listed
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.core.post.outbox import OutboxMail
from festival.core.statements import table
from festival.core.transaction import reading, transaction
from festival.core.types import Unstorable

ENTRY, PAYLOAD = table(LedgerEntry), table(LedgerPayload)
_ENTRIES = Prepared(
    lambda database: insert_rows(
        ENTRY,
        database,
        ("seq", "kind", "subject", "hash"),
        ("stream", "at_ms"),
        {"previous": "hash", "payload_hash": "hash"},
    ).returning(ENTRY.c.seq, ENTRY.c.subject)
)
_PAYLOADS = Prepared(lambda database: insert_rows(PAYLOAD, database, ("seq", "salt", "content"), ("stream",)))
_SOME = Prepared(
    lambda database: (
        select(ENTRY.c.seq, ENTRY.c.kind, ENTRY.c.previous)
        .where(among(ENTRY.c.seq, "seqs", database), ENTRY.c.stream.in_(("a", "khác")))
        .order_by(ENTRY.c.seq)
    )
)
LINES = [
    {
        "seq": 2,
        "kind": "Đà Nẵng \\u0000 \"', ព",
        "subject": '{"a":[1]}',
        "hash": "h2",
        "salt": bytes(range(16)),
        "content": None,
    },
    {"seq": 1, "kind": "%s ? :x", "subject": "{}", "hash": "h1", "salt": None, "content": "chữ"},
]


def write(app: Flask, stream: str = "a") -> list[tuple[int, object]]:
    with app.app_context(), transaction():
        rows = json_rows(LINES)
        connection = db.session.connection()
        written = _ENTRIES(connection, {"rows": rows, "stream": stream, "at_ms": 5})
        _PAYLOADS(connection, {"rows": rows, "stream": stream})
        return [(row.seq, row.subject) for row in written]


def test_rows_as_one_text_stay_what_they_were(app: Flask) -> None:
    assert sorted(write(app), key=lambda row: row[0]) == [(1, {}), (2, {"a": [1]})]
    write(app, "b")
    with app.app_context(), reading():
        connection = db.session.connection()
        found = _SOME(connection, {"seqs": listed([2, 1, 7], connection.dialect.name)})
        assert [tuple(row) for row in found] == [(1, "%s ? :x", "h1"), (2, LINES[0]["kind"], "h2")]
        assert _SOME(connection, {"seqs": listed([], connection.dialect.name)}) == []
        kept = db.session.execute(select(PAYLOAD).where(PAYLOAD.c.stream == "a").order_by(PAYLOAD.c.seq)).all()
        assert [(row.salt, row.content) for row in kept] == [(None, "chữ"), (bytes(range(16)), None)]


def test_a_refusal_of_the_database_is_the_one_everybody_knows(app: Flask) -> None:
    write(app)
    with pytest.raises(IntegrityError) as refused:
        write(app)
    assert "Đà Nẵng" not in str(refused.value)  # names do not end in logs
    with app.app_context(), reading():
        assert len(db.session.execute(select(ENTRY)).all()) == 2


def test_such_a_statement_is_counted_like_any_other(app: Flask) -> None:
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    write(app)
    assert [text.split("(")[0].strip() for text in seen if text.startswith("INSERT")] == [
        "INSERT INTO ledger_entry",
        "INSERT INTO ledger_payload",
    ]


@pytest.mark.parametrize("text", ["\x00", "a\\\x00", "\ud800", "\\\\\x00"])
def test_what_no_database_holds_is_refused_before(text: str) -> None:
    with pytest.raises(Unstorable):
        json_rows([{"kind": text}])


@pytest.mark.parametrize("text", ["\\u0000", "\\\\u0000", "u0000", "😀"])
def test_what_only_looks_like_it_passes(text: str) -> None:
    assert json_rows([{"kind": text}]).startswith('[{"kind":"')


def test_a_value_is_turned_into_the_databases_own_as_by_the_mapper(app: Flask) -> None:
    """A moment, a JSON text, a flag: what was written by the driver alone compares with what the mapper writes."""
    at = datetime(2026, 6, 14, 7, 30, tzinfo=UTC)
    letter = {
        "recipient": "a@b.vn",
        "language": "vi",
        "about": "",
        "subject": "",
        "body": "",
        "attachments": [{"name": "ảnh"}],
        "due_at": at,
    }
    mails = table(OutboxMail)
    put = Prepared(
        lambda _database: insert(mails).values(
            {name: bindparam(f"new_{name}", type_=mails.c[name].type) for name in ("message_id", "state", "tries", "error", *letter)}
        )
    )  # fmt: skip
    with app.app_context(), transaction():
        db.session.add(OutboxMail(message_id="1", **letter))
        db.session.flush()
        new = {"message_id": "2", "state": "waiting", "tries": 0, "error": "", **letter}
        put(db.session.connection(), {f"new_{name}": value for name, value in new.items()})
    with app.app_context(), reading():
        held = [mails.c.due_at, mails.c.attachments, mails.c.state]
        asked = select(*(cast(each, Text()) for each in held)).order_by(mails.c.message_id)
        one, other = db.session.execute(asked).all()
        assert tuple(one) == tuple(other)
        assert db.session.scalars(select(OutboxMail.attachments)).all() == [[{"name": "ảnh"}]] * 2


def test_a_text_that_no_database_holds_is_refused_also_as_a_value(app: Flask) -> None:
    some = Prepared(lambda _database: select(ENTRY.c.seq).where(ENTRY.c.kind == bindparam("kind")))
    with app.app_context(), reading(), pytest.raises(Unstorable):
        some(db.session.connection(), {"kind": "a\x00"})
