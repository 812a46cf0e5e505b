"""Where does the truth live, and what must be so before the first statement runs?

One SQLAlchemy over embedded SQLite (a library bundled with the program, because SQLite 3.7.0–3.51.2 can lose
committed transactions in WAL mode: https://sqlite.org/wal.html#walresetbug) or PostgreSQL. Two ways to begin:
reading begins deferred, writing begins IMMEDIATE behind one queue (see `transaction`).
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pysqlite3
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, LargeBinary, MetaData, event
from sqlalchemy.orm import DeclarativeBase, registry

from config import Config, ConfigError
from festival.core.disk.private import private_file, private_folder
from festival.core.pool.giving_back import give_back_at_the_end
from festival.core.pool.naming import this_machine
from festival.core.pool.resting import ask_after_a_pause
from festival.core.types import OURS, Day, Flag, PlainText, UtcTime, WholeNumber

FIXED_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph"}
BUSY_TIMEOUT_MS = 15_000
# The driver keeps the least used of its statements no longer than until the next one comes, so in a full cache a scan's
# dozen push each other out and each is read anew every time (docs/performance.md): room for those of all pages (about 9 kB
# each), few connections that are used again and again, and a new one before others have filled it.
STATEMENTS_KEPT = 1_000
CONNECTION_S = 900
# A PostgreSQL whose machine is gone answers nothing, not even that it is gone: nobody waits longer than this for it.
CONNECT_S = 5
SILENT_MS = 40_000  # beyond `statement_timeout`
# Pages of the write-ahead log (4 KiB each) after which a commit folds the log in itself. The worker does it long before
# (`fold_log`); this is for a server whose worker stands still.
LOG_PAGES_MAX = 8_000

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of all models."""

    # One registry object, because Flask-SQLAlchemy copies the body of this class and a map beside a registry is refused.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING, info={OURS: True}),
        type_annotation_map={
            int: WholeNumber,
            str: PlainText(),
            bool: Flag(),
            datetime: UtcTime(),
            date: Day(),
            bytes: LargeBinary(),
        },
    )


# Of a table whose numbers stand in ledger lines, steps, addresses or papers: SQLite would give the number of a row that is gone
# to the next one, and what speaks of the old row would speak of the new. PostgreSQL never does.
NEVER_AGAIN: dict[str, Any] = {"sqlite_autoincrement": True}

db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})

_writing: ContextVar[bool] = ContextVar("festival_writing", default=False)


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """What the start gate found: engine and version, journal mode, and a warning in Vietnamese or ''."""

    engine: str
    version: str
    journal: str
    warning: str


def sqlite_is_fixed(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the WAL-reset fix (3.51.3 and later, and two mended older lines)."""
    if version >= FIXED_SQLITE[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_SQLITE[1:])


def init_database(app: Flask, config: Config) -> None:
    """Connect `app` to its database; refuses a network file system for SQLite."""
    options: dict[str, Any] = {"pool_size": max(5, config.threads + 1)}
    if config.is_sqlite:
        path = config.sqlite_path
        private_folder(path.parent)
        _refuse_network_file_system(path)
        options["module"] = pysqlite3
        options["connect_args"] = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}
        options["connect_args"] |= {"cached_statements": STATEMENTS_KEPT}
        options |= {"pool_use_lifo": True, "pool_recycle": CONNECTION_S}
    else:
        options["connect_args"] = {"options": "-c lock_timeout=5000 -c statement_timeout=30000 -c timezone=UTC"}
        options["connect_args"] |= {"application_name": this_machine(config).connection_name}
        options["connect_args"] |= {"connect_timeout": CONNECT_S, "tcp_user_timeout": SILENT_MS}
    # Names and phones stand in the parameters of statements, and errors end in logs.
    options["hide_parameters"] = True
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    give_back_at_the_end(app, db)
    with app.app_context():
        engine = db.engine
    if config.is_sqlite:
        fixed = sqlite_is_fixed(pysqlite3.sqlite_version_info)
        _prepare_sqlite(engine, config.sqlite_path, wal=fixed)
        app.extensions["writer_queue"] = WriterQueue(config.sqlite_path)
        app.extensions["database_health"] = DatabaseHealth(
            "SQLite",
            pysqlite3.sqlite_version,
            "WAL" if fixed else "DELETE",
            ""
            if fixed
            else f"SQLite {pysqlite3.sqlite_version} có lỗi mất dữ liệu ở chế độ WAL; đang dùng chế độ chậm.",
        )
    else:
        ask_after_a_pause(engine)
        app.extensions["database_health"] = DatabaseHealth("PostgreSQL", "", "WAL", "")


def _prepare_sqlite(engine: Engine, path: Path, *, wal: bool) -> None:
    @event.listens_for(engine, "do_connect")
    def _make_private(*_arguments: object) -> None:
        # The log and its index get the mode of the database file, so it is enough that this one is made closed.
        private_file(path)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        # The driver must not begin or commit on its own: the begin listener below decides.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES_MAX}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA trusted_schema = OFF")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("PRAGMA cache_size = -16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def fold_log() -> int:
    """Copy SQLite's write-ahead log into the database file; answers how many of its pages are still to be copied.

    A chore of the worker, so that it happens beside the writers: in the commit of one of them every other writer would
    wait for it (docs/performance.md). Nothing waits here either (PASSIVE), what is in use stays.
    """
    connection = db.engine.raw_connection()
    try:
        _busy, pages, folded = connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    finally:
        connection.close()
    return int(pages) - int(folded)


class WriterQueue:
    """Writers of one machine wait here in turn: first come, first served among threads, then a file lock among processes.

    Without it, sixteen writers of SQLite fight with busy retries and the slowest waits over a second.
    """

    def __init__(self, beside: Path) -> None:
        """The lock file lies beside this file."""
        self.path = beside.with_name(f"{beside.name}.writer")
        self._threads = FairLock()
        self._handle: int | None = None
        self._owner = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the only writer's place."""
        with self._threads.held():
            if self._handle is None or self._owner != os.getpid():
                # A lock file opened before a fork would be shared with the parent and lock nothing.
                self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
                self._owner = os.getpid()
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._handle, fcntl.LOCK_UN)


class FairLock:
    """A lock that is handed to who has waited longest; `threading.Lock` lets a newcomer pass, and somebody waits for long."""

    def __init__(self) -> None:
        self._inside = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._inside:
            mine = threading.Lock()
            if self._taken:
                mine.acquire()
                self._waiting.append(mine)
            self._taken = True
        mine.acquire()
        try:
            yield
        finally:
            with self._inside:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._taken = False


@contextmanager
def writing() -> Iterator[None]:
    """Inside, a transaction that begins is a writer's (BEGIN IMMEDIATE on SQLite)."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _refuse_network_file_system(path: Path) -> None:
    """SQLite's locks do not hold over a network; Linux names the file system of each mount."""
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return
    folder = str(path.parent.resolve())
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8").splitlines():
        _device, mount, system, *_rest = line.split(" ")
        point = mount.replace("\\040", " ")
        if (folder == point or folder.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, kind = point, system
    if kind in NETWORK_FILE_SYSTEMS:
        raise ConfigError(f"DATABASE_URL: {folder} nằm trên ổ mạng ({kind}); SQLite cần ổ đĩa của máy này")
