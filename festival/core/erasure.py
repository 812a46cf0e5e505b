"""What was erased, so that no restored copy brings it back?

The list of erasures lies beside the database, not in it: a copy restored from before an erasure does not know of it.
It holds codes of editions and days, no names, and is readable by this account only. A room says how it erases again
(`register_replay`); a restore, the start of the server and the worker do it before anything is served.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import Flask, current_app

from config import Config
from festival.core.clock import now

_KEY = "erasure_replay"


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure: of which edition, what ("data", "papers", "person:CODE" or "family:CODE"), when."""

    festival: str
    what: str
    at: str


def list_file() -> Path:
    """Where the list lies."""
    config: Config = current_app.config["FESTIVAL"]
    return config.shared / "erasures.json"


def erased() -> list[Erased]:
    """Everything erased so far, oldest first."""
    if not list_file().is_file():
        return []
    return [Erased(**line) for line in json.loads(list_file().read_text(encoding="utf-8"))]


def remember(festival: str, what: str) -> None:
    """Write an erasure down, on the disk, before it is committed: a list that knows too much erases again, harmlessly."""
    path = list_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path.with_name(f".{path.name}.lock")):
        if any((line.festival, line.what) == (festival, what) for line in erased()):
            return
        _write(path, [*erased(), Erased(festival, what, now().isoformat())])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two processes that write it down at once, of whatever machine, both have their line in it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, lines: list[Erased]) -> None:
    new = path.with_name(f".{path.name}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump([asdict(line) for line in lines], out)
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)


def remember_all(lines: Iterable[Erased]) -> None:
    """What another machine had erased: its list comes with its copy."""
    for line in lines:
        remember(line.festival, line.what)


def register_replay(app: Flask, again: Callable[[], int]) -> None:
    """`again()` erases anew what the list says was erased; answers how many editions had come back."""
    app.extensions[_KEY] = again


def replay() -> int:
    """Before anything is served from a database that may be an older copy."""
    again: Callable[[], int] | None = current_app.extensions.get(_KEY)
    return again() if again is not None and erased() else 0
