"""Which of several `flask worker` does the work, and who goes on when it ends?

On PostgreSQL a lock of a session: whoever has it works, and it is free again the moment that process, its machine or its connection is
gone; the server itself asks a silent machine after ten seconds. With the embedded database a lock on a file, which falls with the
process as well. No clock is asked and no row kept, so nothing runs out while a long piece of work is done. The others stand by and ask
every two seconds. Work that was under way when a lock was lost is safe by itself: letters are leased, pieces are the same bytes,
what is due is claimed by a conditional statement.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress

import psycopg

from config import Config
from festival.core.disk.private import private_folder
from festival.core.pool.naming import this_machine

STANDBY_S = 2.0
# "ngay hoi" as a number: one lock for each database.
LOCK = 0x6E67_6179_686F_69
ALIVE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c statement_timeout=5000"


class WorkerPlace:
    """The one place of the worker, as this process sees it."""

    def __init__(self, config: Config) -> None:
        """Nothing is asked yet."""
        self._config = config
        self._file: int | None = None
        self._session: psycopg.Connection[tuple[bool]] | None = None
        self._mine = False

    def held(self) -> bool:
        """Whether this process is the one that works; asks for the place when it is free."""
        return self._by_file() if self._config.is_sqlite else self._by_session()

    def leave(self) -> None:
        """Another may have it now."""
        self._mine = False
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._session is not None:
            with suppress(psycopg.Error):
                # Done when this is answered; the end of a session is noticed a moment later.
                self._session.execute("SELECT pg_advisory_unlock_all()")
            with suppress(psycopg.Error):
                self._session.close()
            self._session = None

    def _by_file(self) -> bool:
        if not self._mine:
            if self._file is None:
                private_folder(self._config.instance)
                self._file = os.open(self._config.instance / "worker.lock", os.O_RDWR | os.O_CREAT, 0o600)
            with suppress(BlockingIOError):
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._mine = True
        return self._mine

    def _by_session(self) -> bool:
        try:
            session = self._session or self._connected()
            self._session = session
            asked = "SELECT true" if self._mine else f"SELECT pg_try_advisory_lock({LOCK})"
            row = session.execute(asked).fetchone()
            self._mine = row is not None and row[0]
        except psycopg.Error:
            self.leave()  # the lock went with the session: another may work by now
        return self._mine

    def _connected(self) -> psycopg.Connection[tuple[bool]]:
        return psycopg.connect(
            self._config.database_url.replace("postgresql+psycopg://", "postgresql://"),
            autocommit=True,
            application_name=this_machine(self._config).connection_name,
            connect_timeout=5,
            options=ALIVE,
        )
