"""Where do the files of the festival lie that are too large for its database, and how are they put, opened and removed?

One folder, `files/` of what several machines share (`Config.shared`): three calls know it, and an object store later stands
behind the same three. A file never changes once it has its name, a random one; rows of rooms hold the names. What no row holds any more is
swept, so a kill between file and row costs nothing, and a copy of the database with the files it names is whole.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import IO, BinaryIO

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from config import Config
from festival.core.disk.private import private_folder
from festival.core.transaction import reading
from festival.core.web.errors import Refusal

KEY = re.compile("[0-9a-f]{32}")
PIECE = 1 << 20
# A file may lie for a moment before the row that holds it is written.
GRACE_S = 24 * 3600
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoom(Refusal):
    """507: the disk is full, or would be."""

    status = 507
    code = "no_room"
    title = _l("Máy chủ đã hết chỗ chứa tệp")
    advice = _l(
        "Tệp này chưa được giữ; những gì đã có vẫn còn nguyên. Báo Ban Tổ chức dọn chỗ trên máy chủ rồi gửi lại, "
        "hoặc mang tệp bằng USB tới bàn âm thanh."
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was put: its name, how long it is, the digest of what it holds."""

    key: str
    size: int
    sha256: str


def _config() -> Config:
    config: Config = current_app.config["FESTIVAL"]
    return config


def folder_of(config: Config) -> Path:
    """The one folder, made if need be."""
    return private_folder(config.shared / "files")


def file_path(config: Config, key: str) -> Path:
    """Where a file lies. ValueError for what is no name of a file."""
    if not KEY.fullmatch(key):
        raise ValueError(key)
    return folder_of(config) / key[:2] / key


def room_for(size: int) -> None:
    """NoRoom when the disk would have less left than what the dashboard warns of: the database must always find some."""
    config = _config()
    if shutil.disk_usage(folder_of(config)).free - size < config.disk_warning_bytes:
        raise NoRoom()


def write_whole(path: Path, pieces: Iterable[bytes]) -> tuple[int, str]:
    """A whole new file or none, on the disk before the name is there; its length and digest. NoRoom on a full disk."""
    private_folder(path.parent)
    making, size, digest = path.with_name(f".{path.name}.{token_hex(4)}.new"), 0, sha256()
    try:
        with os.fdopen(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
            out.flush()
            os.fsync(out.fileno())
        making.replace(path)
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom() from error
        raise
    finally:
        making.unlink(missing_ok=True)
    return size, digest.hexdigest()


def put(pieces: Iterable[bytes], size: int) -> Stored:
    """Keep a file; `size`: about how long it will be."""
    room_for(size)
    key = token_hex(16)
    return Stored(key, *write_whole(file_path(_config(), key), pieces))


def opened(key: str) -> BinaryIO:
    """The file, to be read from anywhere in it. FileNotFoundError when it is not there."""
    return file_path(_config(), key).open("rb")


def opener() -> Callable[[str], BinaryIO]:
    """`opened` for who reads on after the request is answered."""
    config = _config()
    return lambda key: file_path(config, key).open("rb")


def remove(key: str) -> None:
    """Away with it; one that is gone already is gone."""
    file_path(_config(), key).unlink(missing_ok=True)


def pieces_of(source: IO[bytes]) -> Iterator[bytes]:
    """What can be put of something opened."""
    while piece := source.read(PIECE):
        yield piece


# ------------------------------------------------------------------------------------------------ what no row holds


def register_files(app: Flask, keys: Callable[[], Iterable[str]]) -> None:
    """Let a room say which files its rows hold."""
    app.extensions.setdefault("files_held", []).append(keys)


def files_in(config: Config) -> Iterator[Path]:
    """Every whole file there is."""
    for path in sorted(folder_of(config).glob("??/*")):
        if KEY.fullmatch(path.name) and path.is_file():
            yield path


def sweep(*, grace_s: float = GRACE_S) -> int:
    """Remove what no row holds; the worker's chore. A file younger than `grace_s` may still get its row."""
    config, before = _config(), time.time() - grace_s
    with reading():
        held = {key for keys in current_app.extensions.get("files_held", ()) for key in keys()}
    left = [path for path in folder_of(config).glob("??/*") if path.name not in held and _older(path, before)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False
