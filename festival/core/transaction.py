"""When does a change become true? Exactly once, at the door.

A route, an API call or a command opens `transaction()`; actions inside flush and never commit, so they compose.
SQLite's writers queue first and begin IMMEDIATE: a transaction that reads and then writes must hold the write
lock from its first read, or two of them decide on the same stale row.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

from flask import current_app
from sqlalchemy import Connection

from festival.core import ledger
from festival.core.chain import Head
from festival.core.database import db, writing

Read = TypeVar("Read")


@dataclass(slots=True)
class Transaction:
    """What a finished transaction left: the new ledger heads by stream (empty until it has committed)."""

    heads: dict[str, Head] = field(default_factory=dict)


@contextmanager
def transaction() -> Iterator[Transaction]:
    """All or nothing; commits at the end, rolls back on any exception.

    Raises RuntimeError when a transaction is open already: a read begun before the writer's lock would be stale.
    """
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("a transaction is already open: read inside it, or in reading() before it")
    queue = current_app.extensions.get("writer_queue")
    done = Transaction()
    with queue.turn() if queue else nullcontext(), writing():
        ledger.open_pending(session)
        try:
            with session.begin():
                yield done
                session.flush()
                done.heads = ledger.write_pending(session)
        finally:
            ledger.close_pending(session)


@contextmanager
def reading() -> Iterator[None]:
    """A read transaction that ends here; rows read inside stay readable as detached values."""
    begun = db.session.registry  # whoever asks nothing, as a device that is known, needs no session
    if begun.has() and db.session().in_transaction():
        raise RuntimeError("a transaction is already open")
    try:
        yield
    finally:
        if begun.has():
            db.session.close()


def once(key: Hashable, read: Callable[[], Read]) -> Read:
    """What `read` answered before in this transaction; a page asks for its festival in five places and reads it once.

    Kept with the transaction, not with the request: rows of an ended one are detached, and a writer must read again.
    """
    session = db.session()
    open_now, kept = session.info.get(once, (None, {}))
    if open_now is None or open_now is not session.get_transaction():
        kept = {}
    if kept.get(key) is None:  # what is not there yet is asked for again
        kept[key] = read()
        session.info[once] = (session.get_transaction(), kept)
    answer: Read = kept[key]
    return answer


def open_connection() -> Connection:
    """The connection of the open transaction, asked for once in it: SQLAlchemy looks it up anew each time."""
    return once(open_connection, db.session.connection)
