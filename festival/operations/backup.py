"""How is the festival copied out while it runs, so that it can be put back?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from pwd import getpwuid
from secrets import token_hex

from flask import current_app

from config import Config
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.disk.private import private_file, private_folder
from festival.core.files.copied import folder_beside, forget_files, keep_files
from festival.core.pass_key.kept import fingerprint, in_force
from festival.operations.copies import (
    BackupError,
    Verified,
    open_readonly,
    run_tool,
    sync_to_disk,
    verify_dump,
    verify_sqlite,
    writing,
)
from festival.operations.proving.digest import put_digest


def back_up(config: Config, target: Path) -> Verified:
    """Write a verified copy of the database to `target`, and beside it the files its rows hold.

    An existing file is never overwritten; the copy has its name when it is whole, with its digest behind it.
    """
    assure_ours(config)
    beside = folder_beside(target)
    with put_in_place(target) as making:
        if config.is_sqlite:
            _copy_sqlite(config.sqlite_path, making)
            found = verify_sqlite(making)
        else:
            run_tool("pg_dump", "--format=custom", "--no-owner", f"--file={making}", url=config.database_url)
            found = verify_dump(making)
        try:
            files = keep_files(config, target)
            proven = own_key()
            if proven:
                put_digest(making, config.pass_key, beside)
        except BaseException:
            if not target.exists():  # another's
                forget_files(target)
            raise
    return Verified(target, target.stat().st_size, *found, files, proven)


def back_up_before_upgrade(config: Config, before: str, after: str) -> None:
    """A copy, and a line in `instance/upgrades.jsonl` that says which step it stands before: `deploy/release.py` goes back to it."""
    at = now()
    done = back_up(config, default_target(config, at))
    line = json.dumps({"at": at.isoformat(), "from": before, "to": after, "copy": str(done.path)})
    with private_file(config.instance / "upgrades.jsonl").open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")


def own_key() -> bool:
    """Whether the pass key of this process is the one of its data (or those have none yet): only with it is a copy proven."""
    with db.engine.connect() as connection:
        current, _coming = in_force(connection)
    config: Config = current_app.config["FESTIVAL"]
    return current in (None, fingerprint(config.pass_key))


def assure_ours(config: Config) -> None:
    """BackupError when another account keeps the festival: what this one would write, the service could not read."""
    owner = config.instance.stat().st_uid if config.instance.is_dir() else os.geteuid()
    if owner != os.geteuid():
        name = _account(owner)
        raise BackupError(
            f"Thư mục {config.instance} là của tài khoản {name}, lệnh này đang chạy bằng {_account(os.geteuid())}: máy chủ "
            f"sẽ không đọc được tệp vừa làm. Chưa đổi gì; chạy lại bằng tài khoản {name}."
        )


def _account(uid: int) -> str:
    try:
        return getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@contextmanager
def put_in_place(target: Path) -> Iterator[Path]:
    """A new empty file beside `target`, for this account only; what stands in it at the end gets the name, or nothing."""
    if target.exists():
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.")
    # A name of its own: two that make a copy in one second do not write into one file.
    making = target.with_name(f".{target.name}.{token_hex(4)}.making")
    with writing(target.parent):
        try:
            # Nobody else may read it, not even while it grows.
            private_file(private_folder(target.parent) / making.name)
            yield making
            sync_to_disk(making)
            _give_name(making, target)
        finally:
            for left in target.parent.glob(f"{making.name}*"):  # with the journal SQLite leaves on a full disk
                left.unlink(missing_ok=True)
        sync_to_disk(target.parent)


def _give_name(making: Path, target: Path) -> None:
    """link() refuses an existing name, rename() would replace it: two backups of one second stay two."""
    try:
        os.link(making, target)
    except FileExistsError as error:
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.") from error
    except PermissionError:  # a stick formatted as FAT knows no second names
        making.rename(target)


def _copy_sqlite(database: Path, target: Path) -> None:
    if not database.is_file():
        raise BackupError(f"Chưa có cơ sở dữ liệu {database}.")
    with open_readonly(f"file:{database}?mode=ro") as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def default_target(config: Config, at: datetime, *, sealed: bool = False) -> Path:
    """`instance/backups/festival-20240614-073000.sqlite3` (`.dump`, `.sealed`), local time; a free name if it is taken."""
    suffix = "sealed" if sealed else "sqlite3" if config.is_sqlite else "dump"
    stem = config.instance / "backups" / f"festival-{local(at):%Y%m%d-%H%M%S}"
    names = (stem.with_name(f"{stem.name}{again}.{suffix}") for again in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())
