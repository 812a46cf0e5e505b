"""What happens to a copy of the festival so that it is a rehearsal and nothing else? Run in the rehearsal's own place.

It is marked; nobody is signed in, no phone is enrolled, no letter waits, no second factor is asked; every stream of its
ledger goes on with a line that says so; passes, links and sealed cards come from another key.
"""

from __future__ import annotations

import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, func, inspect, text, update

from config import Config
from festival.accounts.models import OneTimeCode, RecoveryCode, SecondFactor, SignIn
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.disk.alone import IN_USE, fold_in, only_connection
from festival.core.disk.private import write_private
from festival.core.pass_key import guard
from festival.core.pass_key.kept import OLD_KEYS, KeyState, PassKey
from festival.core.post.outbox import MailState, OutboxMail
from festival.core.pulse.pulses import Pulse
from festival.core.rehearsing.marked import Rehearsal, mark_of, own_command
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict
from festival.devices.models import Device
from festival.office.rehearsing.copying import MAKING
from festival.passes import rotation


def take(source: Path, key: bytes, until: date, real_url: str) -> None:
    """Put the copy back here and make a rehearsal of it. `key`: with which the festival's codes were made."""
    config = _rehearsal_only()
    wipe(in_use=False)
    write_private(config.instance / MAKING, _place(config).encode("ascii"))
    with guard.with_key(key):
        own_command("restore", "--yes", str(source))
        db.session.remove()
        with transaction():
            _become(until, real_url)
        rotation.rotate()
    with transaction():
        # Also what the other key would have told the families.
        db.session.execute(delete(OutboxMail).where(OutboxMail.state != MailState.SENT))
        db.session.execute(delete(PassKey).where(PassKey.state == KeyState.FORMER))
    shutil.rmtree(config.instance / OLD_KEYS, ignore_errors=True)  # the festival's own key has nothing to do here
    (config.instance / MAKING).unlink()


def _become(until: date, real_url: str) -> None:
    """In the transaction in which the copy is told what it is."""
    at = now()
    db.session.merge(Rehearsal(id=1, here=True, made_at=at, until=until, real_url=real_url))
    for model in (SignIn, OneTimeCode, RecoveryCode, SecondFactor, Pulse):
        db.session.execute(delete(model))
    # No token answers to it any more: to this server the festival's phones are strangers, not phones to be wiped.
    ended = {"token_hash": "none:" + Device.code, "revoked_at": func.coalesce(Device.revoked_at, at)}
    db.session.execute(update(Device).values(**ended).execution_options(synchronize_session=False))
    for stream in ledger.streams():
        ledger.append(stream, ledger.REHEARSED, {}, {})


def wipe(*, in_use: bool) -> None:
    """An empty place again; Conflict when something else lies here, or (unless `in_use`) is served from it."""
    config = _rehearsal_only()
    if config.is_sqlite and not config.sqlite_path.exists():
        return
    with db.engine.connect() as connection:
        mark = mark_of(connection)
        empty = not inspect(connection).get_table_names()
    if not (empty or (mark is not None and mark.here) or _unfinished(config)):
        raise Conflict(
            f"Ở {_shown(config)} không phải bản tổng duyệt mà là dữ liệu khác, nên không xóa. Chưa đổi gì; trỏ "
            "FESTIVAL_REHEARSAL_DATABASE_URL vào một cơ sở dữ liệu trống."
        )
    db.session.remove()
    db.engine.dispose()
    alone = fold_in(config.sqlite_path) if config.is_sqlite else only_connection(db.engine)
    if not (alone or in_use or empty):
        raise Conflict(IN_USE)
    if config.is_sqlite:
        for ending in ("", "-wal", "-shm"):
            config.sqlite_path.with_name(config.sqlite_path.name + ending).unlink(missing_ok=True)
        return
    with db.engine.begin() as connection:
        schema = connection.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    db.engine.dispose()


def _rehearsal_only() -> Config:
    config: Config = current_app.config["FESTIVAL"]
    if not config.rehearsal:
        raise Conflict("Chỉ chạy ở chỗ của bản tổng duyệt (FESTIVAL_REHEARSAL=yes). Chưa đổi gì.")
    return config


def _place(config: Config) -> str:
    return sha256(config.database_url.encode()).hexdigest()


def _unfinished(config: Config) -> bool:
    begun = config.instance / MAKING
    return begun.is_file() and begun.read_text(encoding="ascii") == _place(config)


def _shown(config: Config) -> str:
    return str(config.sqlite_path) if config.is_sqlite else "FESTIVAL_REHEARSAL_DATABASE_URL"
