"""Is this process the only one that has the database open? Asked before something that no running server may miss."""

from __future__ import annotations

from pathlib import Path

import pysqlite3
from sqlalchemy import Engine, text

IN_USE = (
    "Cơ sở dữ liệu đang được dùng, chưa đổi gì. Dừng máy chủ và việc định kỳ rồi chạy lại "
    "(systemctl stop festival-web festival-worker, hoặc Ctrl-C ở nơi chạy make run)."
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
    """The same of a PostgreSQL database."""
    engine.dispose()
    with engine.connect() as connection:
        others = connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        ).scalar_one()
    engine.dispose()
    return not others
