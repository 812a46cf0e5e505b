"""How do erased bytes leave the files, not only the tables?

A deleted row stays in free pages, in the write-ahead log, in dead tuples and in the statistics of the planner until the
files are written anew. This runs outside any transaction. A marker beside the database says that it still has to be done: a
kill, or a reader who holds the log, costs nothing but time, the worker does it with its next round.
"""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path
from time import monotonic, sleep

from flask import current_app
from sqlalchemy import Connection, delete, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from config import Config
from festival.core.clock import local, now
from festival.core.database import Base, db
from festival.core.transaction import transaction
from festival.core.web.refused_pages import forget_all
from festival.core.work import jobs
from festival.core.work.jobs import Job

# For snapshots of requests that run at this moment; a copy that runs longer is waited for by the worker's next round.
PATIENCE_S = 3.0
# One person's erasure does not stop a festival that runs: PostgreSQL writes its tables anew in these hours.
NIGHT = range(1, 5)


def _config() -> Config:
    config: Config = current_app.config["FESTIVAL"]
    return config


def _marker() -> Path:
    return _config().shared / ".files-to-sweep"


def _night_marker() -> Path:
    return _config().shared / ".files-to-sweep-at-night"


def mark(*, at_night: bool = False) -> None:
    """From now on the files have to be written anew; `at_night`: when nobody works, because every table is locked for it."""
    _config().shared.mkdir(parents=True, exist_ok=True)
    (_night_marker() if at_night else _marker()).touch(mode=0o600)


def waiting() -> bool:
    """Whether files have to be written anew now."""
    return _marker().is_file() or (_night_marker().is_file() and local(now()).hour in NIGHT)


def sweep() -> bool:
    """Write the files anew and throw away what was made from the data; False when somebody still reads the old ones."""
    _forget_made()
    db.session.remove()
    done = _sweep_sqlite() if _config().is_sqlite else _sweep_postgresql()
    if done:
        _marker().unlink(missing_ok=True)
        _night_marker().unlink(missing_ok=True)
    return done


def sweep_waiting() -> bool:
    """The worker's chore."""
    return sweep() if waiting() else True


def _forget_made() -> None:
    """Documents the worker has made show names; whoever needs one presses the button again."""
    with transaction():
        db.session.execute(delete(Job))
        forget_all()
    for path in jobs.folder().iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != ".lock":
            path.unlink(missing_ok=True)


def _sweep_sqlite() -> bool:
    queue = current_app.extensions.get("writer_queue")
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        with queue.turn() if queue else nullcontext():
            cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy
    except Exception as error:
        # pysqlite3's own OperationalError: another connection reads, or writes, just now.
        if type(error).__name__ != "OperationalError":
            raise
        return False
    finally:
        connection.close()


def _old_rows_unread(connection: Connection) -> bool:
    """Wait until nobody can read a row that is deleted by now; False when somebody still does after PATIENCE_S.

    VACUUM FULL copies a deleted row, and its bytes with it, while any snapshot is as old as the deletion. A new snapshot is
    as old as the oldest transaction that writes in any database of the server, so those have to end as well; once they
    have, no snapshot of a later moment reaches back, however many there are.
    """
    current = connection.execute(text("SELECT CAST(pg_current_xact_id() AS text)")).scalar_one()
    still_read = text(
        "SELECT pg_snapshot_xmin(pg_current_snapshot()) < CAST(:now AS xid8) OR EXISTS (SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND age(backend_xmin) > age(xid(CAST(:now AS xid8))))"
    )
    until = monotonic() + PATIENCE_S
    while connection.execute(still_read, {"now": current}).scalar_one():
        if monotonic() > until:
            return False
        sleep(0.05)
    return True


def _sweep_postgresql() -> bool:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not _old_rows_unread(connection):
            return False
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = '20s'"))
        try:
            for table in Base.metadata.sorted_tables:
                connection.execute(text(f'VACUUM (FULL, ANALYZE) "{table.name}"'))
        except OperationalError:
            return False
        finally:
            connection.execute(text("RESET statement_timeout"))
            connection.execute(text("RESET lock_timeout"))
        try:
            # The planner's samples of the old rows; an owner of the database may, another only warns.
            connection.execute(text("VACUUM FULL pg_catalog.pg_statistic"))
        except ProgrammingError:
            return True
    return True
