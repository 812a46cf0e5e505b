"""How is the festival copied out so that it can be put back, and how do we know the copy is whole?

SQLite: `VACUUM INTO` a file beside the target, fsync, rename: a backup exists whole or not at all, writers wait for
nothing. PostgreSQL: pg_dump in its own format. Every copy is opened again and its ledger verified from the first line;
SQLite's own integrity check saw only 59 % of flipped bits, a hash chain sees them all where it matters.
The pass key is not in the copy: whoever holds both can print passes (see docs/deployment.md).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pysqlite3
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from config import Config
from festival.core import chain
from festival.core.chain import Entry, Head, Payload
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.ledger import LedgerEntry, LedgerHead, LedgerPayload

SQLITE_MAGIC = b"SQLite format 3\0"
DUMP_MAGIC = b"PGDMP"
IN_USE = (
    "Cơ sở dữ liệu đang được dùng, chưa đổi gì. Dừng máy chủ và việc định kỳ rồi chạy lại "
    "(systemctl stop festival-web festival-worker, hoặc Ctrl-C ở nơi chạy make run)."
)


class BackupError(RuntimeError):
    """The copy could not be made or is not whole; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a copy was found to hold."""

    path: Path
    size_bytes: int
    streams: int
    lines: int


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
            _run("pg_dump", "--format=custom", "--no-owner", f"--file={making}", _plain_url(config.database_url))
            found = _verify_dump(making)
        _sync(making)
        # link() refuses an existing name, rename() would replace it: two backups of one second stay two.
        os.link(making, target)
    except FileExistsError as error:
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.") from error
    finally:
        making.unlink(missing_ok=True)
    _sync(target.parent)
    return Verified(target, target.stat().st_size, found[0], found[1])


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
    _verify_dump(source)
    _refuse_while_connected()
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
        f"--dbname={_plain_url(config.database_url)}", str(source),
    )  # fmt: skip
    _verify_engine(db.engine)
    return None


def verify_sqlite(path: Path) -> tuple[int, int]:
    """Streams and lines of a SQLite copy; BackupError naming the first fault."""
    # immutable: a copy is only read, no -wal or -shm file appears beside it.
    with _opened(f"file:{path.resolve()}?immutable=1") as connection:
        answer = connection.execute("PRAGMA quick_check").fetchone()[0]
        broken_keys = connection.execute("PRAGMA foreign_key_check").fetchone()
    if answer != "ok" or broken_keys is not None:
        raise BackupError(f"{path}: tệp hỏng ({answer if answer != 'ok' else broken_keys}).")
    engine = create_engine(
        "sqlite://", module=pysqlite3, creator=lambda: pysqlite3.connect(f"file:{path.resolve()}?immutable=1", uri=True)
    )
    try:
        return _verify_engine(engine)
    finally:
        engine.dispose()


def _verify_engine(engine: Engine) -> tuple[int, int]:
    """Every stream of a database nobody writes to, from its first line."""
    with Session(engine) as session:
        heads = {row.stream: Head(row.size, row.hash) for row in session.scalars(select(LedgerHead))}
        entries = [
            Entry(row.stream, row.seq, row.kind, row.subject, row.at_ms, row.payload_hash, row.previous, row.hash)
            for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.stream, LedgerEntry.seq))
        ]
        payloads = {
            (row.stream, row.seq): Payload(row.salt, row.content) for row in session.scalars(select(LedgerPayload))
        }
    return _verify(heads, entries, payloads)


def _verify(heads: dict[str, Head], entries: list[Entry], payloads: dict[tuple[str, int], Payload]) -> tuple[int, int]:
    """How many streams and lines; BackupError naming the first fault."""
    # A stream whose head row was taken away would otherwise not be looked at.
    streams = sorted(heads.keys() | {entry.stream for entry in entries} | {stream for stream, _seq in payloads})
    for stream in streams:
        own = [entry for entry in entries if entry.stream == stream]
        details = {seq: payload for (name, seq), payload in payloads.items() if name == stream}
        faults = chain.verify(stream, own, details, heads.get(stream), ())
        if faults:
            raise BackupError(f"Sổ {stream} bị thay đổi ở dòng {faults[0].seq}: {faults[0].reason}")
    return len(streams), len(entries)


def _copy_sqlite(database: Path, target: Path) -> None:
    if not database.is_file():
        raise BackupError(f"Chưa có cơ sở dữ liệu {database}.")
    with _opened(f"file:{database}?mode=ro") as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


@contextmanager
def _opened(uri: str) -> Iterator[Any]:
    connection = pysqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)
    try:
        yield connection
    except pysqlite3.DatabaseError as error:
        raise BackupError(f"SQLite: {error}") from error
    finally:
        connection.close()


def _put_back_sqlite(database: Path, source: Path) -> Path | None:
    database.parent.mkdir(parents=True, exist_ok=True)
    incoming = database.with_name(f".{database.name}.incoming")
    shutil.copyfile(source, incoming)
    incoming.chmod(0o600)
    _sync(incoming)
    kept: Path | None = None
    if database.exists():
        db.engine.dispose()
        _fold_in(database)
        kept = database.with_name(f"{database.stem}-truoc-phuc-hoi-{local(now()):%Y%m%d-%H%M%S}{database.suffix}")
        database.rename(kept)
    for companion in ("-wal", "-shm"):
        database.with_name(database.name + companion).unlink(missing_ok=True)
    incoming.rename(database)
    _sync(database.parent)
    return kept


def _fold_in(database: Path) -> None:
    """Make the file whole without its companions. SQLite allows that only to the one connection there is."""
    with _opened(f"file:{database}") as connection:
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


def _verify_dump(path: Path) -> tuple[int, int]:
    """The ledger as the dump holds it, not as the database holds it now: others may write meanwhile."""
    _run("pg_restore", f"--file={os.devnull}", str(path))  # readable to its end
    heads = {str(row["stream"]): Head(int(str(row["size"])), str(row["hash"])) for row in _dumped(path, "ledger_head")}
    entries = [
        Entry(
            stream=str(row["stream"]),
            seq=int(str(row["seq"])),
            kind=str(row["kind"]),
            subject=json.loads(str(row["subject"])),
            at_ms=int(str(row["at_ms"])),
            payload_hash=str(row["payload_hash"]),
            previous=str(row["previous"]),
            hash=str(row["hash"]),
        )
        for row in _dumped(path, "ledger_entry")
    ]
    payloads = {
        (str(row["stream"]), int(str(row["seq"]))): Payload(
            None if row["salt"] is None else bytes.fromhex(row["salt"].removeprefix("\\x")), row["content"]
        )
        for row in _dumped(path, "ledger_payload")
    }
    return _verify(heads, sorted(entries, key=lambda entry: (entry.stream, entry.seq)), payloads)


COPY = re.compile(r"COPY \S+ \((?P<columns>[^)]*)\) FROM stdin;")
ESCAPED = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def _dumped(path: Path, table: str) -> Iterator[dict[str, str | None]]:
    """The rows of one table in a dump, by PostgreSQL's own COPY text format."""
    script = _run("pg_restore", "--data-only", f"--table={table}", "--file=-", str(path))
    columns: list[str] | None = None
    for line in script.split("\n"):
        if columns is None:
            found = COPY.match(line)
            columns = [name.strip().strip('"') for name in found["columns"].split(",")] if found else None
        elif line == "\\.":
            columns = None
        else:
            cells = (None if cell == "\\N" else _unescaped(cell) for cell in line.split("\t"))
            yield dict(zip(columns, cells, strict=True))


def _unescaped(cell: str) -> str:
    return ESCAPED.sub(lambda found: ESCAPES.get(found[1], found[1]), cell)


def _plain_url(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _run(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"Cần chương trình {program} của PostgreSQL trong PATH: apt-get install postgresql-client")
    done = subprocess.run([path, *arguments], capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")
    return done.stdout


def _sync(path: Path) -> None:
    """Make a file's content, or a folder's list of names, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
    click.echo(f"Đã khôi phục từ {source}." + (f" Cơ sở dữ liệu trước đó: {kept}" if kept else ""))
