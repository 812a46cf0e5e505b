"""How do database and keys go into one file, and come out of it on an empty machine?

A copy of the database without the pass key brings back names but no printed pass. The one file holds a tar archive
(manifest.json, pass.key, secret.key, database.sqlite3 or database.dump, files/ with the tracks and photos of acts,
erasures.json with what may never come back) closed by a passphrase (operations/sealing.py). Documents the worker made are
not in it: they are made again.
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from config import Config
from festival.core.clock import now
from festival.core.disk.private import private_folder
from festival.core.erasure import Erased, erased
from festival.core.files.copied import folder_beside
from festival.core.files.store import KEY
from festival.core.pass_key import guard
from festival.core.pass_key.kept import fingerprint
from festival.operations.backup import back_up, put_in_place
from festival.operations.copies import BackupError, Verified, writing
from festival.operations.proving.digest import digest_of
from festival.operations.sealed.sealing import SealBroken, Sealer, Unsealer, keys_of, new_keys

FORM = 1
BLOCK = 512
DAY_S = 24 * 3600
MANIFEST = "manifest.json"
FILES = "files/"
ERASED = "erasures.json"
MEMBERS = {MANIFEST, "pass.key", "secret.key", "database.sqlite3", "database.dump", ERASED}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a whole copy holds, taken out into a folder of its own."""

    database: Path
    pass_key: bytes
    secret_key: str
    made_at: str
    files: Path  # a folder; not there when the copy holds none
    erased: tuple[Erased, ...]


def database_name(config: Config) -> str:
    """What the copy of the database is called inside; its end says of which kind it is."""
    return "database.sqlite3" if config.is_sqlite else "database.dump"


def back_up_whole(config: Config, target: Path, passphrase: str) -> Verified:
    """One verified file with database and keys; it appears under its name when it has been read back to its end."""
    guard.assure()  # sealing the wrong key would only be found out at the restore
    if target.exists():
        raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.")
    with room(config, "sealing") as folder:
        copy = folder / database_name(config)
        found = back_up(config, copy)
        small = {
            "pass.key": config.pass_key.hex().encode(),
            "secret.key": config.secret_key.encode("utf-8"),
        }
        if gone := erased():
            small[ERASED] = json.dumps([asdict(line) for line in gone]).encode()
        files = sorted(folder_beside(copy).glob("*"))
        manifest = {
            "form": FORM,
            "made_at": now().isoformat(timespec="seconds"),
            "fingerprint": fingerprint(config.pass_key),
            "files": {copy.name: [copy.stat().st_size, digest_of(copy)]}
            | {name: [len(content), sha256(content).hexdigest()] for name, content in small.items()}
            | {FILES + path.name: [path.stat().st_size, digest_of(path)] for path in files},
        }
        parts: list[tuple[str, bytes | Path]] = [
            (MANIFEST, json.dumps(manifest, sort_keys=True).encode()),
            *small.items(),
            (copy.name, copy),
            *((FILES + path.name, path) for path in files),
        ]
        with put_in_place(target) as making:
            keys = new_keys(passphrase, _archive_size(parts))
            with making.open("wb") as out:
                sealer = Sealer(out, keys)
                _write_archive(sealer, parts)
                sealer.close()
            with making.open("rb") as back:
                Unsealer(back, target, keys).finish()
    return replace(found, path=target, size_bytes=target.stat().st_size)


def _archive_size(parts: list[tuple[str, bytes | Path]]) -> int:
    """How long the archive will be: it is said before it is written."""
    sizes = [content.stat().st_size if isinstance(content, Path) else len(content) for _name, content in parts]
    whole = sum(BLOCK + -(-size // BLOCK) * BLOCK for size in sizes) + 2 * BLOCK
    return -(-whole // tarfile.RECORDSIZE) * tarfile.RECORDSIZE


def _write_archive(out: Any, parts: list[tuple[str, bytes | Path]]) -> None:
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.GNU_FORMAT) as archive:
        for name, content in parts:
            entry = tarfile.TarInfo(name)
            entry.mode = 0o600
            opened: IO[bytes] = content.open("rb") if isinstance(content, Path) else BytesIO(content)
            with opened:
                entry.size = os.fstat(opened.fileno()).st_size if isinstance(content, Path) else len(content)
                archive.addfile(entry, opened)


@contextmanager
def opened_whole(config: Config, source: Path, passphrase: str) -> Iterator[Opened]:
    """Everything in the file, proven to its last byte; the folder is gone when the block ends."""
    keys = keys_of(source, passphrase)
    with room(config, "restoring") as folder, source.open("rb") as opened:
        unsealer = Unsealer(opened, source, keys)
        with tarfile.open(fileobj=unsealer, mode="r|") as archive:  # type: ignore[call-overload]
            for entry in archive:
                if not _ours(entry.name) or not entry.isreg():
                    raise SealBroken(f"{source}: có tệp lạ «{entry.name}» bên trong. Chưa đổi gì.")
                content = archive.extractfile(entry)
                private_folder((folder / entry.name).parent)
                with writing(config.instance), open(folder / entry.name, "xb", opener=_closed) as out:
                    shutil.copyfileobj(content, out)
        unsealer.finish()
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["form"] != FORM:
            raise SealBroken(f"{source}: do phiên bản mới hơn của chương trình làm. Chưa đổi gì.")
        for name, (size, digest) in manifest["files"].items():
            if ((folder / name).stat().st_size, digest_of(folder / name)) != (size, digest):
                raise SealBroken(f"{source}: tệp {name} bên trong không như bản kê. Chưa đổi gì; lấy bản sao khác.")
        if not (folder / database_name(config)).is_file():
            raise SealBroken(f"{source}: bản sao của loại cơ sở dữ liệu khác (xem DATABASE_URL). Chưa đổi gì.")
        yield Opened(
            folder / database_name(config),
            bytes.fromhex((folder / "pass.key").read_text("ascii")),
            (folder / "secret.key").read_text("utf-8"),
            str(manifest["made_at"]),
            folder / FILES,
            tuple(Erased(**line) for line in json.loads((folder / ERASED).read_bytes()))
            if (folder / ERASED).exists()
            else (),
        )


def _ours(name: str) -> bool:
    return name in MEMBERS or (name.startswith(FILES) and KEY.fullmatch(name.removeprefix(FILES)) is not None)


def _closed(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def room(config: Config, what: str) -> Iterator[Path]:
    """A folder for what may lie open only for a moment, inside the closed one; what a kill left there goes first."""
    for left in config.instance.glob(f".{what}-*"):
        if left.stat().st_mtime < time.time() - DAY_S:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{what}-", dir=private_folder(config.instance)))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
