"""How does a large file come in over a network that breaks? In parts of one megabyte, each with its own digest.

A part lies under its number and digest, so what is there already is known by reading names, on whichever server: whoever
sends the same file again sends what is missing. A part that was damaged on the way is refused and sent again.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l

from config import Config
from festival.core.disk.private import private_folder
from festival.core.files.store import PIECE, folder_of, room_for, write_whole
from festival.core.web.errors import BadInput

PART = PIECE
KEPT_S = 2 * 24 * 3600  # a file that was begun and never finished
DAMAGED = _l("Một phần của tệp bị hỏng khi gửi. Bấm gửi lại: các phần đã tới vẫn còn, chỉ phần hỏng đi lại.")


def _folder(code: str) -> Path:
    config: Config = current_app.config["FESTIVAL"]
    return folder_of(config) / "parts" / code


def parts_of(size: int) -> int:
    """How many parts a file of that length has."""
    return -(-size // PART)


def length_of(number: int, size: int) -> int:
    """How long the part of that number is."""
    return min(PART, size - number * PART)


def keep_part(code: str, number: int, content: bytes, digest: str, size: int) -> None:
    """One part of an upload. BadInput when it is not what its digest says, or of another length than it must be."""
    if not 0 <= number < parts_of(size) or len(content) != length_of(number, size):
        raise BadInput(DAMAGED)
    if sha256(content).hexdigest() != digest:
        raise BadInput(DAMAGED)
    room_for(len(content))
    folder = private_folder(_folder(code))
    earlier = list(folder.glob(f"{number:05d}-*"))
    write_whole(folder / f"{number:05d}-{digest}", [content])
    for path in earlier:
        if not path.name.endswith(digest):
            path.unlink(missing_ok=True)


def parts_there(code: str) -> dict[int, str]:
    """The digest of each part that has come."""
    found = sorted(path.name.partition("-") for path in _folder(code).glob("[0-9]*-*"))
    return {int(number): digest for number, _dash, digest in found}


def whole(code: str) -> Iterator[bytes]:
    """All parts in their order."""
    for number, digest in sorted(parts_there(code).items()):
        yield (_folder(code) / f"{number:05d}-{digest}").read_bytes()


def forget(code: str) -> None:
    """The parts are of no use any more."""
    shutil.rmtree(_folder(code), ignore_errors=True)


def forget_old() -> int:
    """The worker's chore: what was begun and never finished."""
    before = time.time() - KEPT_S
    left = [path for path in _folder("").glob("*") if path.stat().st_mtime < before]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)
