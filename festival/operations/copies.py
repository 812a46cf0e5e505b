"""Is a copy of the festival whole? Checked by the ledger's verifier; how the database's own tools are called for it."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import create_engine, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from config import Config
from festival.core import chain
from festival.core.chain import ChainEntry, Head, Payload
from festival.core.disk.private import private_file, private_folder
from festival.core.files.store import FULL
from festival.core.ledger import LedgerEntry, LedgerHead, LedgerPayload
from festival.operations.telling import FILE_FAULTS

SQLITE_MAGIC = b"SQLite format 3\0"

DUMP_MAGIC = b"PGDMP"

BUSY = "Việc này đang được làm ở một tiến trình khác. Chưa đổi gì; chờ xong rồi chạy lại."

# As SQLite and PostgreSQL's tools say it.
NO_ROOM = ("disk is full", "disk I/O error", "No space left on device", "File too large", "Disk quota exceeded")


class BackupError(RuntimeError):
    """The copy could not be made or is not whole; the message is for the operator."""


def no_room(where: object = "") -> BackupError:
    """What to do about a full disk; `where` it is, if that is known."""
    place = f" chứa {where}" if where else ""
    return BackupError(
        f"Ổ đĩa{place} đã đầy hoặc không ghi thêm được. Chưa đổi gì, các bản sao đã có còn nguyên; dọn chỗ rồi chạy lại."
    )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Whatever the disk refuses while something is written there is told in one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise no_room(folder) from error
        reason = FILE_FAULTS.get(error.errno or 0, error.strerror)
        raise BackupError(f"Không ghi được vào thư mục {folder} ({reason}).") from error


@dataclass(frozen=True, slots=True)
class Verified:
    """What a copy was found to hold."""

    path: Path
    size_bytes: int
    streams: int
    lines: int
    files: int = 0
    proven: bool = True  # False: no digest, because the key that is here is not the one of the data


def verify_sqlite(path: Path) -> tuple[int, int]:
    """Streams and lines of a SQLite copy; BackupError naming the first fault."""
    # immutable: a copy is only read, no -wal or -shm file appears beside it.
    with open_readonly(f"file:{path.resolve()}?immutable=1") as connection:
        answer = connection.execute("PRAGMA quick_check").fetchone()[0]
        broken_keys = connection.execute("PRAGMA foreign_key_check").fetchone()
    if answer != "ok" or broken_keys is not None:
        raise BackupError(f"{path}: tệp hỏng ({answer if answer != 'ok' else broken_keys}).")
    engine = create_engine(
        "sqlite://", module=pysqlite3, creator=lambda: pysqlite3.connect(f"file:{path.resolve()}?immutable=1", uri=True)
    )
    try:
        return verify_engine(engine)
    finally:
        engine.dispose()


def verify_engine(engine: Engine) -> tuple[int, int]:
    """Every stream of a database nobody writes to, from its first line."""
    with Session(engine) as session:
        heads = {row.stream: Head(row.size, row.hash) for row in session.scalars(select(LedgerHead))}
        entries = [
            ChainEntry(row.stream, row.seq, row.kind, row.subject, row.at_ms, row.payload_hash, row.previous, row.hash)
            for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.stream, LedgerEntry.seq))
        ]
        payloads = {
            (row.stream, row.seq): Payload(row.salt, row.content) for row in session.scalars(select(LedgerPayload))
        }
    return _verify(heads, entries, payloads)


def _verify(
    heads: dict[str, Head], entries: list[ChainEntry], payloads: dict[tuple[str, int], Payload]
) -> tuple[int, int]:
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


@contextmanager
def open_readonly(uri: str) -> Iterator[Any]:
    connection = pysqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)
    try:
        yield connection
    except pysqlite3.DatabaseError as error:
        if any(said in str(error) for said in NO_ROOM):
            raise no_room() from error
        raise BackupError(f"SQLite: {error}") from error
    finally:
        connection.close()


def verify_dump(path: Path) -> tuple[int, int]:
    """The ledger as the dump holds it, not as the database holds it now: others may write meanwhile."""
    run_tool("pg_restore", f"--file={os.devnull}", str(path))  # readable to its end
    heads = {str(row["stream"]): Head(int(str(row["size"])), str(row["hash"])) for row in dumped(path, "ledger_head")}
    entries = [
        ChainEntry(
            stream=str(row["stream"]),
            seq=int(str(row["seq"])),
            kind=str(row["kind"]),
            subject=json.loads(str(row["subject"])),
            at_ms=int(str(row["at_ms"])),
            payload_hash=str(row["payload_hash"]),
            previous=str(row["previous"]),
            hash=str(row["hash"]),
        )
        for row in dumped(path, "ledger_entry")
    ]
    payloads = {
        (str(row["stream"]), int(str(row["seq"]))): Payload(
            None if row["salt"] is None else bytes.fromhex(row["salt"].removeprefix("\\x")), row["content"]
        )
        for row in dumped(path, "ledger_payload")
    }
    return _verify(heads, sorted(entries, key=lambda entry: (entry.stream, entry.seq)), payloads)


COPY = re.compile(r"COPY \S+ \((?P<columns>[^)]*)\) FROM stdin;")

ESCAPED = re.compile(r"\\(.)")

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def dumped(path: Path, table: str) -> Iterator[dict[str, str | None]]:
    """The rows of one table in a dump, by PostgreSQL's own COPY text format."""
    script = run_tool("pg_restore", "--data-only", f"--table={table}", "--file=-", str(path))
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


def run_tool(program: str, *arguments: str, says: str | None = None, url: str = "") -> str:
    """What one of PostgreSQL's tools answers to its arguments, and to what it is told on its input.

    `url`: the database it works on. Its password goes by the environment: arguments stand in everybody's process list.
    """
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"Cần chương trình {program} của PostgreSQL trong PATH: apt-get install postgresql-client")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
    if url:
        named = make_url(url).set(drivername="postgresql")
        if named.password:
            environment["PGPASSWORD"] = str(named.password)
        arguments = (*arguments, f"--dbname={named._replace(password=None).render_as_string(hide_password=False)}")
    done = subprocess.run(  # noqa: S603
        [path, *arguments], input=says, capture_output=True, encoding="utf-8", check=False, env=environment
    )
    if done.returncode:
        if any(said in done.stderr for said in NO_ROOM):
            raise no_room()
        raise BackupError(f"{program}: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def alone(config: Config, what: str) -> Iterator[None]:
    """One process of this machine does it at a time; a second one is told at once. A kill frees it."""
    place = private_file(private_folder(config.instance) / f".{what}.lock")
    with place.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(BUSY) from error
        yield


def sync_to_disk(path: Path) -> None:
    """Make a file's content, or a folder's list of names, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
