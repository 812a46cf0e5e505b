"""How often may a caller try, counted once for all workers?

Flask-Limiter does the counting rules; this module gives it a storage every worker shares: an SQLite file of its own
(never inside a business transaction, never on the sync path) or, with PostgreSQL, one autocommitted table. A storage in
memory counts per process and let 17 of 10 through. What is counted is named by a keyed hash (`core.secrets.keyed`): neither
an address nor a phone stands in the counts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import psycopg
import pysqlite3
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

from config import Config
from festival.core.database import CONNECT_S, WriterQueue
from festival.core.disk.private import private_file, private_folder
from festival.core.secrets import keyed
from festival.core.web.errors import Busy


def caller() -> str:
    """Whom a count belongs to, as a keyed hash: an IPv4 address, or the /64 of IPv6 that one customer holds whole."""
    address = get_remote_address()
    with suppress(ValueError):
        found = ip_address(address)
        if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
            address = str(ip_network((found, 64), strict=False))
    return keyed("address", address.removeprefix("::ffff:"))


limiter = Limiter(key_func=caller, strategy="fixed-window", headers_enabled=False)

MAKE = "CREATE TABLE IF NOT EXISTS rate_count (key TEXT PRIMARY KEY, count BIGINT NOT NULL, expires BIGINT NOT NULL)"
COUNT = """INSERT INTO rate_count (key, count, expires) VALUES {each}
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN rate_count.expires <= {p} THEN excluded.count ELSE rate_count.count + excluded.count END,
  expires = CASE WHEN rate_count.expires <= {p} THEN excluded.expires ELSE rate_count.expires END
RETURNING key, count"""


_BY_TARGET: WeakValueDictionary[str, threading.local] = WeakValueDictionary()


class SharedStorage(Storage):
    """Counts in a table; one statement a count, atomic on both databases."""

    STORAGE_SCHEME = ["festival-counts"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self.target = (uri or "").removeprefix("festival-counts://")
        self.postgresql = self.target.startswith("postgresql")
        self.mark = "%s" if self.postgresql else "?"
        # A thread has one connection to its counts, however many rules count there (core/pool/sizing.py).
        self.local = _BY_TARGET.setdefault(self.target, threading.local())
        # Who meets another in SQLite sleeps for longer and longer; here the next one is woken.
        self._turn = nullcontext if self.postgresql else WriterQueue(Path(self.target)).turn

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return (psycopg.Error, pysqlite3.Error)

    def _connection(self) -> Any:
        held = getattr(self.local, "connection", None)
        if held is None or (self.postgresql and held.closed):
            if self.postgresql:
                held = psycopg.connect(
                    self.target.replace("postgresql+psycopg://", "postgresql://"),
                    autocommit=True,
                    connect_timeout=CONNECT_S,
                )
                held.execute("SET synchronous_commit = off")  # as below: nobody waits for the disk to be counted
                # IF NOT EXISTS looks first and creates then; of two workers starting together one may still collide.
                with suppress(psycopg.Error):  # a real failure shows at the next statement
                    held.execute(MAKE)
            else:
                private_file(Path(self.target))
                held = pysqlite3.connect(self.target, timeout=5, isolation_level=None)
                # Two workers switching a new file at once collide without waiting; the other one's switch lasts.
                with suppress(pysqlite3.OperationalError):
                    held.execute("PRAGMA journal_mode = WAL")
                held.execute("PRAGMA synchronous = OFF")  # a lost count after a power cut harms nobody
                held.execute(MAKE)
            self.local.connection = held
        return held

    def _asked(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """A statement's cursor. A server that was started anew has ended this thread's connection: then it is asked on a new one."""
        try:
            return self._connection().execute(statement, values)
        except psycopg.OperationalError:
            self.local.connection = None
        try:
            return self._connection().execute(statement, values)
        except psycopg.OperationalError as gone:
            raise Busy() from gone

    @staticmethod
    def now() -> float:
        """The clock by which windows end."""
        return time.time()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return self.incr_each([(key, expiry)], amount)[key]

    def incr_each(self, counts: Sequence[tuple[str, float]], amount: int = 1) -> dict[str, int]:
        """The same of several keys, each with its window, by one statement; callers name them in one order."""
        at = int(time.time())
        values = [value for key, expiry in counts for value in (key, amount, at + int(expiry))]
        each = ", ".join([f"({self.mark}, {self.mark}, {self.mark})"] * len(counts))
        with self._turn():
            rows = self._asked(COUNT.format(each=each, p=self.mark), (*values, at, at)).fetchall()
        return {key: int(count) for key, count in rows}

    def get(self, key: str) -> int:
        row = self._row(key)
        return 0 if row is None else int(row[0])

    def get_expiry(self, key: str) -> float:
        row = self._row(key)
        return time.time() if row is None else float(row[1])

    def _row(self, key: str) -> Any:
        query = f"SELECT count, expires FROM rate_count WHERE key = {self.mark} AND expires > {self.mark}"  # noqa: S608
        return self._asked(query, (key, int(time.time()))).fetchone()

    def check(self) -> bool:
        return bool(self._asked("SELECT 1").fetchone())

    def reset(self) -> int | None:
        return int(self._asked("DELETE FROM rate_count").rowcount)

    def clear(self, key: str) -> None:
        self._asked(f"DELETE FROM rate_count WHERE key = {self.mark}", (key,))  # noqa: S608

    def sweep(self) -> None:
        """Drop counts whose window is over (the worker calls it)."""
        self._asked(f"DELETE FROM rate_count WHERE expires <= {self.mark}", (int(time.time()),))  # noqa: S608


def shared_storage() -> SharedStorage:
    """The counts themselves, for a rule that is not of one route."""
    store = limiter.storage
    if not isinstance(store, SharedStorage):
        raise TypeError("the limiter counts somewhere else")
    return store


def init_limiter(app: Flask, config: Config) -> None:
    """Count in the shared place; `RATE_LIMITS=no` switches off for load tests on loopback."""
    target = str(config.instance / "rate.sqlite3") if config.is_sqlite else config.database_url
    app.config["RATELIMIT_STORAGE_URI"] = f"festival-counts://{target}"
    app.config["RATELIMIT_ENABLED"] = config.rate_limits
    private_folder(config.instance)
    limiter.init_app(app)
