"""How long does a piece of music say it is, in its own head? What the decoder makes of it has been mended already."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

UNKNOWN_SIZES = (0, 0xFFFFFFFF)  # of a recording that was streamed: its head was never filled in
MOST_BOXES = 10_000


def said_ms(source: BinaryIO, family: str) -> int | None:
    """In milliseconds; None when it says nothing."""
    source.seek(0)
    try:
        return _said_by_wave(source.read(1 << 16)) if family == "wav" else _said_by_boxes(source)
    except struct.error:
        return None


def has_index(head: bytes) -> bool:
    """Whether an MP3 says exactly how many frames it has; without, its length is an estimate."""
    return b"Xing" in head or b"Info" in head or b"VBRI" in head


def _said_by_wave(head: bytes) -> int | None:
    at, rate = 12, 0
    while at + 8 <= len(head):
        name, size = head[at : at + 4], struct.unpack_from("<I", head, at + 4)[0]
        if name == b"fmt ":
            rate = struct.unpack_from("<I", head, at + 16)[0]
        if name == b"data":
            return size * 1000 // rate if rate and size not in UNKNOWN_SIZES else None
        at += 8 + size + size % 2
    return None


def _said_by_boxes(source: BinaryIO) -> int | None:
    """`mvhd` is the first thing in `moov`, which stands in front or at the very end."""
    end, at = source.seek(0, os.SEEK_END), 0
    for _box in range(MOST_BOXES):
        source.seek(at)
        head = source.read(16)
        if len(head) < 8:
            return None
        size, name = struct.unpack_from(">I4s", head)
        if size == 1:
            size = struct.unpack_from(">Q", head, 8)[0]
        if name == b"moov":
            source.seek(at)
            return _said_by_movie(source.read(256))
        if size < 8 or at + size >= end:
            return None
        at += size
    return None


def _said_by_movie(head: bytes) -> int | None:
    at = head.find(b"mvhd")
    if at < 0:
        return None
    if head[at + 4] == 1:
        scale, length = struct.unpack_from(">IQ", head, at + 24)
    else:
        scale, length = struct.unpack_from(">II", head, at + 16)
    return length * 1000 // scale if scale else None
