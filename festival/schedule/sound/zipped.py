"""How do all tracks of a stage travel as one ZIP that is never whole in memory nor on the disk?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from festival.core.files import store
from festival.schedule.sound.order import Packed


class _Passing(io.RawIOBase):
    """What is written is handed on and forgotten; nothing can be gone back to."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._written.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since."""
        piece = b"".join(self._written)
        self._written.clear()
        return piece


def zipped(tracks: Sequence[Packed], list_name: str, listed: str, opened: Callable[[str], BinaryIO]) -> Iterator[bytes]:
    """The pieces of the archive: the list first, then every track that has a file; music is packed already."""
    out = _Passing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(list_name, "\ufeff" + listed)
        yield out.taken()
        for track in tracks:
            if track.key is None:
                continue
            try:
                source = opened(track.key)
            except FileNotFoundError:
                continue
            with source, archive.open(track.name, "w") as into:
                for piece in store.pieces_of(source):
                    into.write(piece)
                    yield out.taken()
    yield out.taken()
