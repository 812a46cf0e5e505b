"""How is a copy put back, and what stands beside it afterwards?"""

from __future__ import annotations

import shutil
from pathlib import Path

import click
import pysqlite3
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text

from config import Config
from festival.core import erasure
from festival.core.clock import local, now
from festival.core.database import db
from festival.operations.copies import (
    DUMP_MAGIC,
    SQLITE_MAGIC,
    BackupError,
    open_readonly,
    plain_url,
    run_tool,
    sync_to_disk,
    verify_dump,
    verify_engine,
    verify_sqlite,
)
from festival.operations.migrations import up_to_date

IN_USE = (
    "Cơ sở dữ liệu đang được dùng, chưa đổi gì. Dừng máy chủ và việc định kỳ rồi chạy lại "
    "(systemctl stop festival-web festival-worker, hoặc Ctrl-C ở nơi chạy make run)."
)


def restore(config: Config, source: Path) -> Path | None:
    """Put a copy back in place of the database; answers where the present one was kept, if there was one.

    Refused while the server or anything else has the database open: a process that runs on would go on writing into the
    one that was put aside. Nothing is touched before the copy was verified.
    """
    if not source.is_file():
        raise BackupError(f"Không có tệp {source}.")
    with source.open("rb") as opened:
        magic = opened.read(16)
    if config.is_sqlite:
        if magic != SQLITE_MAGIC:
            raise BackupError(f"{source} không phải bản sao SQLite.")
        verify_sqlite(source)
        return _put_back_sqlite(config.sqlite_path, source)
    if not magic.startswith(DUMP_MAGIC):
        raise BackupError(f"{source} không phải bản sao PostgreSQL (pg_dump).")
    verify_dump(source)
    _refuse_while_connected()
    run_tool(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
        f"--dbname={plain_url(config.database_url)}", str(source),
    )  # fmt: skip
    verify_engine(db.engine)
    return None


def _put_back_sqlite(database: Path, source: Path) -> Path | None:
    database.parent.mkdir(parents=True, exist_ok=True)
    incoming = database.with_name(f".{database.name}.incoming")
    shutil.copyfile(source, incoming)
    incoming.chmod(0o600)
    sync_to_disk(incoming)
    kept: Path | None = None
    if database.exists():
        db.engine.dispose()
        _fold_in(database)
        kept = database.with_name(f"{database.stem}-truoc-phuc-hoi-{local(now()):%Y%m%d-%H%M%S}{database.suffix}")
        database.rename(kept)
    for companion in ("-wal", "-shm"):
        database.with_name(database.name + companion).unlink(missing_ok=True)
    incoming.rename(database)
    sync_to_disk(database.parent)
    return kept


def _fold_in(database: Path) -> None:
    """Make the file whole without its companions. SQLite allows that only to the one connection there is."""
    with open_readonly(f"file:{database}") as connection:
        connection.execute("PRAGMA busy_timeout = 2000")
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except pysqlite3.OperationalError as error:
            raise BackupError(IN_USE) from error
    if mode != "delete":
        raise BackupError(IN_USE)


def _refuse_while_connected() -> None:
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as connection:
        others = connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        ).scalar_one()
    db.engine.dispose()
    if others:
        raise BackupError(IN_USE)


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Máy chủ đã dừng, không hỏi lại.")
@with_appcontext
def restore_command(source: Path, yes: bool) -> None:
    """Khôi phục từ bản sao (dừng máy chủ trước); cơ sở dữ liệu hiện có được giữ lại bên cạnh."""
    config: Config = current_app.config["FESTIVAL"]
    if not yes:
        click.confirm("Máy chủ đã dừng và cơ sở dữ liệu hiện tại sẽ được thay bằng bản sao?", abort=True)
    try:
        kept = restore(config, source)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    # What was erased since this copy was made may not come back with it, not for one request.
    again = erasure.replay() if up_to_date() else 0
    if again:
        click.echo(f"Đã xóa lại dữ liệu của {again} ngày hội (đã xóa trước đây, bản sao này còn giữ).")
    click.echo(f"Đã khôi phục từ {source}." + (f" Cơ sở dữ liệu trước đó: {kept}" if kept else ""))
