"""How many foreign files are read at once on this machine? As many as there are places; the others wait a moment."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK_AGAIN_S = 0.05


@contextmanager
def reader_place(folder: Path, name: str, places: int, wait_s: float) -> Iterator[bool]:
    """One of the readers' places, free again afterwards or when this process dies; False when none came free in time."""
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait_s
    handles = [os.open(folder / f"{name}-{place}.lock", os.O_RDWR | os.O_CREAT, 0o600) for place in range(places)]
    try:
        while not (held := any(map(_taken, handles))) and time.monotonic() < until:
            time.sleep(_LOOK_AGAIN_S)
        yield held
    finally:
        for handle in handles:
            os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
