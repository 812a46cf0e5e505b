"""When does a change become true? Exactly once, at the door.

A route, an API call or a command opens `transaction()`; actions inside flush and never commit, so they compose.
SQLite's writers queue first and begin IMMEDIATE: a transaction that reads and then writes must hold the write
lock from its first read, or two of them decide on the same stale row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from flask import current_app

from festival.core import ledger
from festival.core.chain import Head
from festival.core.database import db, writing


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
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("a transaction is already open")
    try:
        yield
    finally:
        session.close()
