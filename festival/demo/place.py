"""Where does the demo live? Beside the real festival, never in its place.

`set_aside` moves a demo that an earlier release built where the real festival belongs; `empty_again` throws away what was
tried in the demo, so that it can be built for today. Both refuse a database in which anything real is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, select, text

from config import ROOT, Config
from festival.core.database import db
from festival.core.transaction import reading
from festival.core.web.errors import Conflict
from festival.editions.models import Festival

LOGS = ("-wal", "-shm")
KEYS = ("pass.key", "secret.key")


def set_aside() -> Path:
    """The database file with its keys goes to the demo's folder; answers where it is now."""
    config: Config = current_app.config["FESTIVAL"]
    _refuse_real()
    if config.demo:
        raise Conflict("Đây đã là chỗ của dữ liệu mẫu. Chạy lệnh này không có FESTIVAL_DEMO.")
    if not config.is_sqlite:
        raise Conflict(
            "Với PostgreSQL, tạo một cơ sở dữ liệu khác cho ngày hội thật và đặt DATABASE_URL trỏ vào đó; "
            "đặt FESTIVAL_DEMO_DATABASE_URL trỏ vào cơ sở dữ liệu mẫu này."
        )
    folder = config.instance / "demo"
    target = folder / "festival.sqlite3"
    if target.exists():
        raise Conflict(f"Đã có dữ liệu mẫu ở {folder}. Đổi tên hoặc bỏ thư mục đó trước.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _fold_in()
    for key in KEYS:
        if (config.instance / key).is_file():
            shutil.copy2(config.instance / key, folder / key)
    config.sqlite_path.rename(target)
    for log in LOGS:
        config.sqlite_path.with_name(config.sqlite_path.name + log).unlink(missing_ok=True)
    return folder


def empty_again() -> None:
    """An empty database with its tables, where there was nothing but a demo."""
    config: Config = current_app.config["FESTIVAL"]
    with db.engine.connect() as connection:
        made = inspect(connection).has_table("festival")
    if made:
        _refuse_real()
    if config.is_sqlite:
        db.engine.dispose()
        for name in (config.sqlite_path.name, *(config.sqlite_path.name + log for log in LOGS)):
            config.sqlite_path.with_name(name).unlink(missing_ok=True)
    else:
        with db.engine.begin() as connection:
            schema = connection.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        db.engine.dispose()
    # in a process of its own, as the start of the server does it
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"], cwd=ROOT, check=False)
    if done.returncode:
        raise Conflict("flask db upgrade không chạy được.")


def _refuse_real() -> None:
    with reading():
        real = db.session.scalars(select(Festival).where(~Festival.demo).order_by(Festival.id)).first()
        any_demo = db.session.scalar(select(Festival.id).where(Festival.demo).limit(1)) is not None
    if real is not None:
        raise Conflict(f"Cơ sở dữ liệu này có ngày hội thật «{real.name}» ({real.code}). Chưa đổi gì.")
    if not any_demo:
        raise Conflict("Cơ sở dữ liệu này không phải dữ liệu mẫu. Chưa đổi gì.")


def _fold_in() -> None:
    """One whole file, so that moving it moves everything."""
    db.session.remove()
    with db.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.engine.dispose()
