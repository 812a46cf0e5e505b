"""How is the copy for a dress rehearsal made beside the festival, and how does it go again?

The festival is copied as a restore on another machine would have it: a proven copy, put back where the rehearsal has its
place (`Config.rehearsal_folder`, with keys of its own) by a process that knows no other place. So the process that serves
the festival never opens the copy, and the other one never the festival.
"""

from __future__ import annotations

import os
import shutil
import subprocess  # nosec B404 (our own command, no shell)
import sys
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path

from flask import current_app
from sqlalchemy import delete

from config import ROOT, Config
from festival.core import security_log
from festival.core.clock import local, now, today
from festival.core.database import db
from festival.core.disk.private import private_folder
from festival.core.pass_key import guard
from festival.core.rehearsing.marked import Rehearsal, copy_of_it, own_command
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.queries import current_festival

PUT_BACK_S = 3600
MAKING = "making"  # by it a copy that was not finished is known for ours


def make(until: date) -> Path:
    """A copy of the festival as it is now, in place of an earlier one; answers where it lies."""
    config = _festival_itself()
    guard.assure()
    with reading():
        if current_festival() is None:
            raise Conflict("Chưa có ngày hội nào để tổng duyệt. Lập ngày hội trước.")
    if not config.is_sqlite and not config.rehearsal_database_url:
        raise Conflict(
            "Với PostgreSQL, tạo một cơ sở dữ liệu trống riêng cho tổng duyệt rồi đặt FESTIVAL_REHEARSAL_DATABASE_URL trỏ "
            "vào đó. Chưa đổi gì."
        )
    folder = config.rehearsal_folder
    try:
        _inside(config, "--take", str(_copied(config)), "--until", until.isoformat(), "--real-url", config.public_url)
    except Conflict:
        if (folder / MAKING).exists():  # half of one is there, with everybody's data
            _remember(until)
        raise
    _remember(until)
    return folder


def _remember(until: date) -> None:
    with transaction():
        db.session.merge(Rehearsal(id=1, here=False, made_at=now(), until=until, real_url=""))
        security_log.note(SecurityKind.REHEARSAL, {"what": "rehearsal_made"})


def drop(*, in_use: bool = False) -> bool:
    """The copy goes, with its keys and files; False when there was none. `in_use`: even while somebody serves it."""
    config = _festival_itself()
    folder = config.rehearsal_folder
    with reading():
        known = copy_of_it() is not None
    there = folder.exists()
    if there:
        wipe(config, in_use=in_use)
    elif known and config.rehearsal_database_url:
        raise Conflict(f"Bản tổng duyệt làm ở máy khác: ở đây không có {folder}. Chạy lệnh này ở máy đó. Chưa đổi gì.")
    if there or known:
        with transaction():
            db.session.execute(delete(Rehearsal).where(~Rehearsal.here))
            security_log.note(SecurityKind.REHEARSAL, {"what": "rehearsal_dropped"})
    return there or known


def end_when_over() -> bool:
    """The worker's chore: when its last day has gone the copy goes by itself."""
    config: Config = current_app.config["FESTIVAL"]
    if config.rehearsal:
        return False
    with reading():
        copy = copy_of_it()
        over = copy is not None and today() > copy.until
    return over and config.rehearsal_folder.exists() and drop(in_use=True)


def wipe(config: Config, *, in_use: bool = False) -> None:
    """Everything of the copy; Conflict when what lies there is none, or is being served."""
    _inside(config, "--wipe", *(["--in-use"] if in_use else []))
    shutil.rmtree(config.rehearsal_folder, ignore_errors=True)


def _festival_itself() -> Config:
    config: Config = current_app.config["FESTIVAL"]
    if config.rehearsal:
        raise Conflict(
            "Đây đã là bản tổng duyệt; không có tổng duyệt của bản tổng duyệt. Chạy lệnh này ở ngày hội thật, không có "
            "FESTIVAL_REHEARSAL."
        )
    return config


def _copied(config: Config) -> Path:
    """A proven copy among the others, which go by themselves."""
    ending = "sqlite3" if config.is_sqlite else "dump"
    target = private_folder(config.instance / "backups") / f"festival-{local(now()):%Y%m%d-%H%M%S}-tong-duyet.{ending}"
    db.session.remove()
    with redirect_stdout(StringIO()):
        own_command("backup", str(target))
    return target


def _inside(config: Config, *arguments: str) -> None:
    """`flask festival rehearse …` in the place of the rehearsal; Conflict with what it said when it cannot.

    The key with which the copy is proven goes by no file: the rehearsal has one of its own from its first moment.
    """
    db.session.remove()
    inside = {**os.environ, "FESTIVAL_REHEARSAL": "yes"}
    done = subprocess.run(  # noqa: S603  # nosec B603
        [sys.executable, "-m", "flask", "--app", "app", "festival", "rehearse", *arguments],
        cwd=ROOT, env=inside, input=config.pass_key.hex(), capture_output=True, text=True, timeout=PUT_BACK_S, check=False,
    )  # fmt: skip
    if done.returncode:
        said = [line for line in done.stderr.strip().splitlines() if line.strip()] or ["flask festival rehearse"]
        raise Conflict(said[-1].removeprefix("Error: ").removeprefix("Lỗi: "))
