"""Is this process the only one that has the database open? Asked before something that no running server may miss."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

import pysqlite3
from sqlalchemy import Engine, text

IN_USE = (
    "Cơ sở dữ liệu đang được dùng, chưa đổi gì. Dừng máy chủ và việc định kỳ rồi chạy lại "
    "(systemctl stop festival-web.socket festival-web festival-worker, hoặc Ctrl-C ở nơi chạy make run)."
)


# A closed connection's process at the server ends a moment later.
PATIENCE_S = 5.0

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def fold_in(database: Path) -> bool:
    """Make a SQLite file whole without its companions; it allows that only to the one connection there is."""
    connection = pysqlite3.connect(f"file:{database}", uri=True, timeout=30, isolation_level=None)
    try:
        connection.execute("PRAGMA busy_timeout = 2000")
        return bool(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete")
    except pysqlite3.OperationalError:
        return False
    finally:
        connection.close()


def only_connection(engine: Engine) -> bool:
    """The same of a PostgreSQL database; the server's own housekeeping is nobody."""
    engine.dispose()
    until = monotonic() + PATIENCE_S
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while others := connection.execute(OTHERS).scalar_one():
            if monotonic() > until:
                break
            sleep(0.05)
    engine.dispose()
    return not others
