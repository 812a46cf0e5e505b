"""Who on this machine may open what the festival keeps? Its own account and nobody else, whoever starts the program.

A program started by hand has the umask of that person (022 on most machines, 000 on some), so nothing here relies on
it: files are made 0600, folders 0700, and at every start what an earlier start left open is closed, with a note.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config import Config

log = logging.getLogger(__name__)

FOLDER = 0o700
FILE = 0o600


def private_folder(path: Path) -> Path:
    """The folder, made if need be; its missing parents are made as private as itself."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=FOLDER, exist_ok=True)
        each.chmod(FOLDER)
    return path


def private_file(path: Path) -> Path:
    """The file, made empty if need be: a database's own `open` would ask the umask."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    return path


def write_private(path: Path, content: bytes) -> None:
    """A whole new file or none, on the disk before the name is there."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)


def keep_private(config: Config) -> int:
    """Close what stands open to others; answers how many things that were, and says so in the log."""
    mended = sum(_closed(path) for path in _kept(config))
    if mended:
        log.warning(
            "%d files or folders of %s stood open to other accounts; they are closed now", mended, config.instance
        )
    return mended


def _kept(config: Config) -> Iterator[Path]:
    """Everything of ours: the instance folder with all in it, what machines share, and the database wherever it lies."""
    for place in sorted({config.instance, config.shared}):
        if not place.is_dir():
            continue
        yield place
        for folder, folders, files in os.walk(place):
            yield from (Path(folder, name) for name in (*folders, *files))
    if config.is_sqlite:
        database = config.sqlite_path
        yield from database.parent.glob(f"{database.name}*")
        yield from database.parent.glob(f"{database.stem}-truoc-phuc-hoi-*")


def _closed(path: Path) -> bool:
    """Whether it had to be closed; what belongs to another account is not ours to change."""
    try:
        found = path.lstat()
        if found.st_uid != os.geteuid() or not found.st_mode & 0o077:
            return False
        if stat.S_ISDIR(found.st_mode):
            path.chmod(FOLDER)
        elif stat.S_ISREG(found.st_mode):
            path.chmod(FILE)
        else:
            return False
    except FileNotFoundError:
        return False
    return True
