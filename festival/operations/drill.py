"""Could the newest copy really be put back? Each night the worker does it, in a place that is thrown away.

The copy goes the way a restore goes: it is verified, held against its digest, this release and this pass key, and put into a
database of its own. There the ledger is followed from its first line, and each stream must end at a line the festival's own ledger has
at that place with that hash: a copy of another festival, or one that was forged whole, is found too. The present database is
only read. Where the passphrase lies on the machine the newest sealed copy is opened and tried too. What was found stands in
`pulse` and on the organiser's page.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pysqlite3
from flask import current_app
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from config import Config
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.disk.private import private_folder
from festival.core.ledger import LedgerEntry, LedgerHead
from festival.core.pulse.pulses import PulseKind, beat, claim
from festival.core.transaction import reading, transaction
from festival.operations.backup import back_up, default_target
from festival.operations.copies import BUSY, BackupError, alone, verify_engine, writing
from festival.operations.proving.digest import copy_content
from festival.operations.restore import NOTHING, PROVEN, Waived, assure_fit, pour
from festival.operations.sealed.passphrase import kept_passphrase
from festival.operations.sealed.whole_copy import opened_whole

log = logging.getLogger(__name__)

LOOKED_EVERY_S = 300.0
BEGINS, ENDS = time(3), time(5)  # after the ledger's own check, before the first gate
FRESH = timedelta(hours=26)
PLACE = "drill"
# "dientap" as a number; the worker has its place by another one.
LOCK = 0x6469_656E_7461_70


@dataclass(frozen=True, slots=True)
class Drilled:
    """What the drill found: the copy's name, its streams and lines; `sealed`: a sealed copy that was tried as well."""

    name: str
    streams: int
    lines: int
    sealed: str = ""


def drill_tonight() -> None:
    """The worker's chore: one of all workers does it, once a night, and what it found is kept."""
    at = local(now())
    if not BEGINS <= at.time() < ENDS:
        return
    tonight = at.replace(hour=BEGINS.hour, minute=0, second=0, microsecond=0)
    with transaction():
        if not claim(PulseKind.DRILL, tonight):
            return
    try:
        drill_now()
    except BackupError as error:
        log.error("restore drill: %s", error)


def drill_now() -> Drilled:
    """Do it and keep what was found; BackupError after that was kept too."""
    try:
        done = drill()
    except BackupError as error:
        if str(error) != BUSY:  # the other one keeps what it finds
            with transaction():
                beat(PulseKind.DRILL, {"refused": str(error)})
        raise
    with transaction():
        beat(PulseKind.DRILL, {"name": done.name, "lines": done.lines, "sealed": done.sealed})
    return done


def drill() -> Drilled:
    """Put the newest copy back beside, and compare; then the newest sealed one. BackupError says what is wrong with it."""
    config: Config = current_app.config["FESTIVAL"]
    with alone(config, PLACE):
        plain = _last_plain(config)
        done = _tried(config, plain, NOTHING)
        sealed, passphrase = _last_sealed(config), kept_passphrase(config)
        if sealed is None or passphrase is None:
            return done
        _tried_sealed(config, sealed, passphrase)
        return replace(done, sealed=sealed.name)


def drill_of(source: Path, passphrase: str | None) -> Drilled:
    """The same of a copy somebody names; nothing of it is kept."""
    config: Config = current_app.config["FESTIVAL"]
    if not source.is_file():
        raise BackupError(f"Không có tệp {source}.")
    with alone(config, PLACE):
        return _tried(config, source, NOTHING) if passphrase is None else _tried_sealed(config, source, passphrase)


def _tried(config: Config, source: Path, waived: Waived) -> Drilled:
    assure_fit(config, source, config.pass_key, waived)
    with _thrown_away(config, source) as engine:
        streams, lines = verify_engine(engine)
        with Session(engine) as session:
            ends = {row.stream: (row.size, row.hash) for row in session.scalars(select(LedgerHead))}
    _refuse_strange(ends)
    return Drilled(source.name, streams, lines)


def _tried_sealed(config: Config, source: Path, passphrase: str) -> Drilled:
    with opened_whole(config, source, passphrase) as opened:
        if opened.pass_key != config.pass_key:
            raise BackupError(f"{source}: có khóa thẻ khác với khóa ở đây, là bản sao từ trước khi đổi khóa.")
        return replace(_tried(config, opened.database, PROVEN), name=source.name)


def _last_plain(config: Config) -> Path:
    """The newest plain copy; one is made when there is none of the last day."""
    newest = _last_made(config.instance / "backups", "sqlite3" if config.is_sqlite else "dump")
    if newest is None or datetime.fromtimestamp(newest.stat().st_mtime, now().tzinfo) < now() - FRESH:
        newest = default_target(config, now())
        back_up(config, newest)
    return newest


def _last_sealed(config: Config) -> Path | None:
    """Of those that lie here, or in a folder away that is mounted here."""
    folders = [config.instance / "backups", *([Path(config.away)] if config.away.startswith("/") else [])]
    found = [path for folder in folders if (path := _last_made(folder, "sealed")) is not None]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _last_made(folder: Path, suffix: str) -> Path | None:
    copies = [path for path in folder.glob(f"festival-*.{suffix}") if "-truoc-phuc-hoi-" not in path.name]
    return max(copies, key=lambda path: path.stat().st_mtime, default=None)


def _refuse_strange(ends: dict[str, tuple[int, str]]) -> None:
    """Each stream of the copy must end at a line of the festival's own ledger."""
    with reading():
        for stream, (size, hashed) in sorted(ends.items()):
            own = select(LedgerEntry.hash).where(LedgerEntry.stream == stream, LedgerEntry.seq == size)
            if size and db.session.scalar(own) != hashed:
                raise BackupError(f"Sổ {stream} trong bản sao không phải sổ của ngày hội này (dòng {size}).")


@contextmanager
def _thrown_away(config: Config, source: Path) -> Iterator[Engine]:
    """An engine on a database that holds the copy, for as long as this lasts."""
    place = private_folder(config.instance / PLACE)
    try:
        with _sqlite(place, source) if config.is_sqlite else _postgresql(config, source) as engine:
            yield engine
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _sqlite(place: Path, source: Path) -> Iterator[Engine]:
    path = place / "festival.sqlite3"
    path.unlink(missing_ok=True)
    with writing(place):
        copy_content(source, path)
    engine = create_engine("sqlite://", module=pysqlite3, creator=lambda: pysqlite3.connect(path))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _postgresql(config: Config, source: Path) -> Iterator[Engine]:
    """A database of its own beside the festival's; what a killed drill left is dropped first."""
    server = create_engine(config.database_url, isolation_level="AUTOCOMMIT")
    name = f"{make_url(config.database_url).database}_drill"
    url = make_url(config.database_url).set(database=name).render_as_string(hide_password=False)
    engine = create_engine(url)
    try:
        with server.connect() as connection:
            # Of several machines on one database, one at a time; the lock goes with the connection.
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}):
                raise BackupError(BUSY)
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            try:
                pour(source, url)
                yield engine
            finally:
                engine.dispose()
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise BackupError(
            "Tài khoản PostgreSQL của chương trình chưa được tạo cơ sở dữ liệu để diễn tập: "
            "sudo -u postgres psql -c 'ALTER ROLE festival CREATEDB'"
        ) from error
    except OperationalError as error:
        raise BackupError(f"PostgreSQL: {str(error.orig).strip().splitlines()[0]}") from error
    finally:
        engine.dispose()
        server.dispose()
