"""How long do copies of the database live on this machine? What was erased goes from them with the copy itself.

Plain and sealed ones alike, and what a kill left half made: a copy lies open for a moment while it is sealed or unpacked.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from config import Config
from festival.core.clock import now
from festival.core.files.copied import forget_left

PUT_ASIDE = "*-truoc-phuc-hoi-*"
HALF_MADE = (".sealing-*", ".restoring-*", ".sending-*")  # folders of operations.whole_copy
UNFINISHED = ".*.making*"  # a copy of operations.backup before it has its name
A_KILL_AGO = timedelta(days=1)


def copies() -> list[tuple[Path, datetime]]:
    """Copies of the database this program made here, and databases a restore put aside, with the day each goes."""
    config: Config = current_app.config["FESTIVAL"]
    found = [path for path in (config.instance / "backups").glob("[!.]*") if path.is_file()]
    if config.is_sqlite:
        found += [path for path in config.sqlite_path.parent.glob(PUT_ASIDE) if path.is_file()]
    kept = timedelta(days=config.backup_days)
    return [(path, datetime.fromtimestamp(path.stat().st_mtime, tz=now().tzinfo) + kept) for path in sorted(found)]


def forget_old_copies() -> int:
    """The worker's chore: copies past their window go, and with them what was erased since."""
    over = [path for path, until in copies() if until <= now()]
    for path in over:
        path.unlink(missing_ok=True)
    config: Config = current_app.config["FESTIVAL"]
    forget_left(config.instance / "backups")
    if config.is_sqlite:
        forget_left(config.sqlite_path.parent)
    return len(over) + _forget_half_made()


def _forget_half_made() -> int:
    config: Config = current_app.config["FESTIVAL"]
    before = (now() - A_KILL_AGO).timestamp()
    left = [path for pattern in HALF_MADE for path in config.instance.glob(pattern) if path.stat().st_mtime < before]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    half = [path for path in (config.instance / "backups").glob(UNFINISHED) if path.stat().st_mtime < before]
    for path in half:
        path.unlink(missing_ok=True)
    return len(left) + len(half)
