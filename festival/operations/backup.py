"""How is the festival copied out while it runs, so that it can be put back?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from config import Config
from festival.core.clock import local, now
from festival.core.disk.private import private_file, private_folder
from festival.core.files.copied import keep_files
from festival.operations.copies import (
    BackupError,
    Verified,
    open_readonly,
    run_tool,
    sync_to_disk,
    verify_dump,
    verify_sqlite,
)


def back_up(config: Config, target: Path) -> Verified:
    """Write a verified copy of the database to `target`; an existing file is never overwritten."""
    with put_in_place(target) as making:
        if config.is_sqlite:
            _copy_sqlite(config.sqlite_path, making)
            found = verify_sqlite(making)
        else:
            run_tool("pg_dump", "--format=custom", "--no-owner", f"--file={making}", url=config.database_url)
            found = verify_dump(making)
    return Verified(target, target.stat().st_size, found[0], found[1])


def back_up_before_upgrade(config: Config, before: str, after: str) -> None:
    """A copy, and a line in `instance/upgrades.jsonl` that says which step it stands before: `deploy/release.py` goes back to it."""
    at = now()
    done = back_up(config, default_target(config, at))
    line = json.dumps({"at": at.isoformat(), "from": before, "to": after, "copy": str(done.path)})
    with private_file(config.instance / "upgrades.jsonl").open("a", encoding="utf-8") as log:
        log.write(f"{line}\n")


def back_up_beside(config: Config, target: Path) -> tuple[Verified, int]:
    """The copy of the database and, beside it, the files its rows hold; how many those are."""
    done = back_up(config, target)
    return done, keep_files(config, target)


@contextmanager
def put_in_place(target: Path) -> Iterator[Path]:
    """A new empty file beside `target`, for this account only; what stands in it at the end gets the name, or nothing."""
    if target.exists():
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.")
    making = target.with_name(f".{target.name}.making")
    try:
        private_folder(target.parent)
        making.unlink(missing_ok=True)
        # Nobody else may read it, not even while it grows.
        private_file(making)
    except OSError as error:
        raise BackupError(f"Không ghi được vào thư mục {target.parent} ({error.strerror}).") from error
    try:
        yield making
        sync_to_disk(making)
        # link() refuses an existing name, rename() would replace it: two backups of one second stay two.
        os.link(making, target)
    except FileExistsError as error:
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.") from error
    finally:
        making.unlink(missing_ok=True)
    sync_to_disk(target.parent)


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
