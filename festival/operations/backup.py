"""How is the festival copied out while it runs, so that it can be put back?"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from config import Config
from festival.core.clock import local, now
from festival.operations.copies import (
    BackupError,
    Verified,
    open_readonly,
    plain_url,
    run_tool,
    sync_to_disk,
    verify_dump,
    verify_sqlite,
)


def back_up(config: Config, target: Path) -> Verified:
    """Write a verified copy of the database to `target`; an existing file is never overwritten."""
    if target.exists():
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.")
    target.parent.mkdir(parents=True, exist_ok=True)
    making = target.with_name(f".{target.name}.making")
    making.unlink(missing_ok=True)
    try:
        # Nobody else may read it, not even while it grows.
        os.close(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise BackupError(f"Không ghi được vào thư mục {target.parent} ({error.strerror}).") from error
    try:
        if config.is_sqlite:
            _copy_sqlite(config.sqlite_path, making)
            found = verify_sqlite(making)
        else:
            run_tool("pg_dump", "--format=custom", "--no-owner", f"--file={making}", plain_url(config.database_url))
            found = verify_dump(making)
        sync_to_disk(making)
        # link() refuses an existing name, rename() would replace it: two backups of one second stay two.
        os.link(making, target)
    except FileExistsError as error:
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.") from error
    finally:
        making.unlink(missing_ok=True)
    sync_to_disk(target.parent)
    return Verified(target, target.stat().st_size, found[0], found[1])


def _copy_sqlite(database: Path, target: Path) -> None:
    if not database.is_file():
        raise BackupError(f"Chưa có cơ sở dữ liệu {database}.")
    with open_readonly(f"file:{database}?mode=ro") as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def default_target(config: Config, at: datetime) -> Path:
    """`instance/backups/festival-20240614-073000.sqlite3` (or `.dump`), local time; a free name when that one is taken."""
    suffix = "sqlite3" if config.is_sqlite else "dump"
    stem = config.instance / "backups" / f"festival-{local(at):%Y%m%d-%H%M%S}"
    names = (stem.with_name(f"{stem.name}{again}.{suffix}") for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


@click.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup_command(target: Path | None) -> None:
    """Sao lưu cơ sở dữ liệu ra một tệp đã kiểm tra, kể cả khi máy chủ đang chạy."""
    config: Config = current_app.config["FESTIVAL"]
    try:
        done = back_up(config, target or default_target(config, now()))
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Đã sao lưu {done.path} ({done.size_bytes} byte; đã kiểm tra {done.streams} sổ, {done.lines} dòng).")
    click.echo("Khóa thẻ (instance/pass.key, hoặc FESTIVAL_PASS_KEY) không nằm trong bản sao: cất riêng một nơi khác.")
