"""Who changed a score, a check-in, a decision or a result, and can it be hidden afterwards?

Append-only streams of hash-chained entries (the pure part is `chain`). Whoever changes something calls `append`
inside the door's transaction; `transaction()` writes the entries last, so the one row everybody waits for, the
head, is locked for the shortest time. What was noted inside a savepoint that is rolled back was never noted.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from flask import current_app
from sqlalchemy import CheckConstraint, Connection, ForeignKeyConstraint, and_, bindparam, event, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from festival.core import chain
from festival.core.canonical import canonical_json
from festival.core.chain import ChainCheck, ChainEntry, Fault, Head, Payload
from festival.core.clock import now
from festival.core.database import Base, db
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import insert_rows, json_rows
from festival.core.types import JsonText, json_text

__all__ = [
    "ChainEntry",
    "Fault",
    "Head",
    "append",
    "append_many",
    "end_check",
    "erase_payloads",
    "head",
    "heads",
    "lines",
    "lines_of",
    "last_payload",
    "streams",
    "verify",
]

PENDING = "ledger_pending"
REHEARSED = "rehearsal.begun"  # the first line a stream has in a rehearsal; none of the festival itself has it
SAVEPOINTS = "ledger_savepoints"  # how much was noted when each of them began
# Lines held at once while a stream is read.
PART = 1_000


class LedgerHead(Base):
    """The end of each stream; its row is the lock of the stream."""

    __tablename__ = "ledger_head"

    stream: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    hash: Mapped[str]

    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)


class LedgerEntry(Base):
    """One line; triggers refuse UPDATE and DELETE on both databases."""

    __tablename__ = "ledger_entry"

    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    subject: Mapped[dict[str, object]] = mapped_column(JsonText)
    at_ms: Mapped[int]
    payload_hash: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class LedgerPayload(Base):
    """What a line spoke of, with names: the only erasable part."""

    __tablename__ = "ledger_payload"

    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes | None]
    content: Mapped[str | None]

    __table_args__ = (ForeignKeyConstraint(["stream", "seq"], ["ledger_entry.stream", "ledger_entry.seq"]),)


class _Pending(NamedTuple):
    stream: str
    kind: str
    subject: Mapping[str, object]
    payload: Mapping[str, object]


def append(stream: str, kind: str, subject: Mapping[str, object], payload: Mapping[str, object]) -> None:
    """Note one change; it is written when the transaction ends. `subject` holds pseudonymous ids only."""
    append_many(stream, [(kind, subject, payload)])


def append_many(stream: str, entries: Iterable[tuple[str, Mapping[str, object], Mapping[str, object]]]) -> None:
    """Note several changes of one stream in order. RuntimeError outside a transaction."""
    if (pending := db.session().info.get(PENDING)) is None:
        raise RuntimeError("a ledger entry needs the transaction of the change it tells of")
    pending.extend(_Pending(stream, kind, subject, payload) for kind, subject, payload in entries)


def open_pending(session: Session) -> None:
    """Begin collecting (called by `transaction`)."""
    session.info[PENDING], session.info[SAVEPOINTS] = [], {}


def close_pending(session: Session) -> None:
    """Stop collecting (called by `transaction`, also after a failure)."""
    session.info.pop(PENDING, None)


@event.listens_for(Session, "after_transaction_create")
def _savepoint_begins(session: Session, begun: SessionTransaction) -> None:
    if begun.nested and (pending := session.info.get(PENDING)) is not None:
        session.info[SAVEPOINTS][begun] = len(pending)


@event.listens_for(Session, "after_commit")
def _savepoint_stands(session: Session) -> None:
    session.info.get(SAVEPOINTS, {}).pop(session.get_nested_transaction(), None)


@event.listens_for(Session, "after_transaction_end")
def _savepoint_ends(session: Session, ended: SessionTransaction) -> None:
    """One that ends and does not stand was undone: by hand, by a failure, or with the one around it."""
    if (noted := session.info.get(SAVEPOINTS, {}).pop(ended, None)) is not None:
        del session.info[PENDING][noted:]


def write_pending(session: Session) -> dict[str, Head]:
    """Chain and store what was collected; answers the new head of every stream touched."""
    by_stream: dict[str, list[_Pending]] = defaultdict(list)
    for item in session.info[PENDING]:
        by_stream[item.stream].append(item)
    return {stream: _extend(session, stream, by_stream[stream]) for stream in sorted(by_stream)}


def _extend(session: Session, stream: str, items: list[_Pending]) -> Head:
    connection = session.connection()
    seq, previous = _locked_head(connection, stream)
    if seq == 0 and current_app.config["FESTIVAL"].rehearsal:
        items = [_Pending(stream, REHEARSED, {}, {}), *items]
    at_ms = int(now().timestamp() * 1000)
    lines = []
    for item in items:
        seq += 1
        salt = secrets.token_bytes(16)
        content = canonical_json(item.payload)
        hashed = chain.payload_hash(salt, content)
        digest = chain.entry_hash(stream, seq, item.kind, item.subject, at_ms, hashed, previous)
        lines.append(
            {
                "seq": seq,
                "kind": item.kind,
                "subject": json_text(item.subject),
                "payload_hash": hashed,
                "previous": previous,
                "hash": digest,
                "salt": salt,
                "content": content.decode("utf-8"),
            }
        )
        previous = digest
    rows = json_rows(lines)
    _INSERT_ENTRY(connection, {"rows": rows, "stream": stream, "at_ms": at_ms})
    _INSERT_PAYLOAD(connection, {"rows": rows, "stream": stream})
    _UPDATE_HEAD(connection, {"of_stream": stream, "new_size": seq, "new_hash": previous})
    return Head(seq, previous)


_ENTRY = ("seq", "kind", "subject", "payload_hash", "previous", "hash"), ("stream", "at_ms")
_PAYLOAD = ("seq", "salt", "content"), ("stream",)
_INSERT_ENTRY = Prepared(lambda database: insert_rows(Base.metadata.tables["ledger_entry"], database, *_ENTRY))
_INSERT_PAYLOAD = Prepared(lambda database: insert_rows(Base.metadata.tables["ledger_payload"], database, *_PAYLOAD))
_UPDATE_HEAD = Prepared(
    lambda _database: (
        update(LedgerHead)
        .where(LedgerHead.stream == bindparam("of_stream"))
        .values(size=bindparam("new_size"), hash=bindparam("new_hash"))
    )
)
_SELECT_HEAD = select(LedgerHead.size, LedgerHead.hash).where(LedgerHead.stream == bindparam("of_stream"))
_LOCK_HEAD = Prepared(lambda _database: _SELECT_HEAD.with_for_update())


def _locked_head(connection: Connection, stream: str) -> tuple[int, str]:
    held = _LOCK_HEAD(connection, {"of_stream": stream})
    if not held:
        make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
        first = make(LedgerHead).values(stream=stream, size=0, hash=chain.GENESIS).on_conflict_do_nothing()
        connection.execute(first)
        held = _LOCK_HEAD(connection, {"of_stream": stream})
    return held[0].size, held[0].hash


def head(stream: str) -> Head:
    """The present end of a stream (size 0 when nothing was written)."""
    row = db.session.execute(_SELECT_HEAD, {"of_stream": stream}).one_or_none()
    return Head(0, chain.GENESIS) if row is None else Head(row.size, row.hash)


def heads(streams: Iterable[str]) -> dict[str, Head]:
    """The present ends of several streams."""
    rows = db.session.execute(
        select(LedgerHead.stream, LedgerHead.size, LedgerHead.hash).where(LedgerHead.stream.in_(list(streams)))
    )
    return {row.stream: Head(row.size, row.hash) for row in rows}


def streams() -> list[str]:
    """Names of all streams, sorted."""
    return list(db.session.scalars(select(LedgerHead.stream).order_by(LedgerHead.stream)))


def lines(stream: str) -> Iterator[tuple[ChainEntry, Payload | None]]:
    """Every line of a stream with what it spoke of, in order; read in parts, however long it is."""
    return lines_of([stream])


def lines_of(streams: Iterable[str]) -> Iterator[tuple[ChainEntry, Payload | None]]:
    """The same of several streams, one after another."""
    wanted = (
        select(
            *LedgerEntry.__table__.columns,
            LedgerPayload.seq.label("has_payload"),
            LedgerPayload.salt,
            LedgerPayload.content,
        )
        .outerjoin(
            LedgerPayload, and_(LedgerPayload.stream == LedgerEntry.stream, LedgerPayload.seq == LedgerEntry.seq)
        )
        .where(LedgerEntry.stream.in_(list(streams)))
        .order_by(LedgerEntry.stream, LedgerEntry.seq)
        .execution_options(yield_per=PART)
    )
    for row in db.session.execute(wanted):
        yield (
            ChainEntry(row.stream, row.seq, row.kind, row.subject, row.at_ms, row.payload_hash, row.previous, row.hash),
            None if row.has_payload is None else Payload(row.salt, row.content),
        )


def last_payload(stream: str, kinds: Iterable[str]) -> str | None:
    """What the newest line of these kinds spoke of, as it is stored; None when there is none or it is erased."""
    newest = (
        select(LedgerPayload.content)
        .join(LedgerEntry, and_(LedgerPayload.stream == LedgerEntry.stream, LedgerPayload.seq == LedgerEntry.seq))
        .where(LedgerEntry.stream == stream, LedgerEntry.kind.in_(list(kinds)))
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    )
    return db.session.scalar(newest)


def end_check(check: ChainCheck) -> list[Fault]:
    """The faults of a stream all of whose lines were taken."""
    stray = select(LedgerPayload.seq).where(
        LedgerPayload.stream == check.stream, or_(LedgerPayload.seq < 1, LedgerPayload.seq > check.size)
    )
    row = db.session.execute(_SELECT_HEAD, {"of_stream": check.stream}).one_or_none()
    return check.end(None if row is None else Head(row.size, row.hash), db.session.scalars(stray))


def verify(stream: str, outside: Iterable[Head] = ()) -> list[Fault]:
    """All faults of a stream as stored now; give heads kept outside to see truncation and rewriting."""
    check = ChainCheck(stream, outside)
    for entry, payload in lines(stream):
        check.take(entry, payload)
    return end_check(check)


def erase_payloads(stream: str, seqs: Iterable[int]) -> None:
    """Forget what lines spoke of; the chain still verifies."""
    db.session.execute(
        update(LedgerPayload)
        .where(LedgerPayload.stream == stream, LedgerPayload.seq.in_(list(seqs)))
        .values(salt=None, content=None)
    )


TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        """CREATE TRIGGER IF NOT EXISTS ledger_entry_no_update BEFORE UPDATE ON ledger_entry
           BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END""",
        """CREATE TRIGGER IF NOT EXISTS ledger_entry_no_delete BEFORE DELETE ON ledger_entry
           BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END""",
        """CREATE TRIGGER IF NOT EXISTS ledger_payload_no_delete BEFORE DELETE ON ledger_payload
           BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END""",
        """CREATE TRIGGER IF NOT EXISTS ledger_payload_erase_only BEFORE UPDATE ON ledger_payload
           WHEN NEW.content IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.stream <> OLD.stream OR NEW.seq <> OLD.seq
           BEGIN SELECT RAISE(ABORT, 'a payload can only be erased'); END""",
        """CREATE TRIGGER IF NOT EXISTS ledger_head_no_delete BEFORE DELETE ON ledger_head
           BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END""",
        """CREATE TRIGGER IF NOT EXISTS ledger_head_forward BEFORE UPDATE ON ledger_head
           WHEN NEW.size <= OLD.size OR NEW.stream <> OLD.stream
           BEGIN SELECT RAISE(ABORT, 'a ledger only grows'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'ledger is append-only'; END $$""",
        """CREATE OR REPLACE FUNCTION ledger_payload_guard() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             IF NEW.content IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.stream <> OLD.stream OR NEW.seq <> OLD.seq
             THEN RAISE EXCEPTION 'a payload can only be erased'; END IF;
             RETURN NEW;
           END $$""",
        """CREATE OR REPLACE FUNCTION ledger_head_guard() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             IF NEW.size <= OLD.size OR NEW.stream <> OLD.stream THEN RAISE EXCEPTION 'a ledger only grows'; END IF;
             RETURN NEW;
           END $$""",
        """CREATE OR REPLACE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry
           FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
        """CREATE OR REPLACE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
           FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
        """CREATE OR REPLACE TRIGGER ledger_payload_no_delete BEFORE DELETE ON ledger_payload
           FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
        """CREATE OR REPLACE TRIGGER ledger_payload_no_truncate BEFORE TRUNCATE ON ledger_payload
           FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
        """CREATE OR REPLACE TRIGGER ledger_payload_erase_only BEFORE UPDATE ON ledger_payload
           FOR EACH ROW EXECUTE FUNCTION ledger_payload_guard()""",
        """CREATE OR REPLACE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head
           FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
        """CREATE OR REPLACE TRIGGER ledger_head_no_truncate BEFORE TRUNCATE ON ledger_head
           FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
        """CREATE OR REPLACE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_head
           FOR EACH ROW EXECUTE FUNCTION ledger_head_guard()""",
    ),
}
