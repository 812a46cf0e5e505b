"""How long is a piece of music, really, and may it be kept? The one door: it is played in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404 (our own module, no shell)
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from config import ROOT
from festival.core.sentence import Sentence
from festival.documents import media_heads
from festival.documents import media_refusals as why
from festival.documents.media_refusals import MediaFormat
from festival.documents.reader_places import reader_place

PLAYERS = 2
CODES = {"no_sound": why.NO_SOUND, "heavy": why.TOO_HEAVY, "long": why.TOO_LONG, "broken": why.BROKEN}


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What one file may take. A film of 100 MB needs most of it; the music of an act a second."""

    cpu_s: int = 45
    memory_bytes: int = 800 * 1024 * 1024
    wall_s: float = 90.0
    wait_s: float = 20.0  # for one of the places
    longest_s: int = why.LONGEST_S


LIMITS = MediaLimits()


@dataclass(frozen=True, slots=True)
class Played:
    """What it is, and how long it plays."""

    format: MediaFormat
    length_ms: int


def played(source: BinaryIO, name: str, folder: Path, limits: MediaLimits = LIMITS) -> Played | Sentence:
    """What a file is when it was played to its end, or why it is not taken. `folder` (of the instance) holds the places."""
    source.seek(0, os.SEEK_END)
    size = source.tell()
    if size > why.LARGEST_BYTES:
        return why.LARGE
    source.seek(max(0, size - why.TAIL_BYTES))
    tail = source.read(why.TAIL_BYTES)
    source.seek(0)
    head = source.read(why.HEAD_BYTES)
    family = why.family_of(name, head, tail)
    if isinstance(family, Sentence):
        return family
    said = None if family == "mp3" else media_heads.said_ms(source, family)
    source.seek(0)
    os.lseek(source.fileno(), 0, os.SEEK_SET)  # the process reads the file itself, not what is buffered here
    with reader_place(folder, "media-reader", PLAYERS, limits.wait_s) as free:
        answer = _answered(source, family, limits) if free else None
    if answer is None:
        return why.BUSY
    if isinstance(answer, Sentence):
        return answer
    exact = said is not None or (family == "mp3" and media_heads.has_index(head))
    fault = why.fault_of_length(said or answer["said_ms"], answer["length_ms"], exact=exact)
    if fault is not None or not (answer["heard"] or answer["video"]):
        return fault or why.NO_SOUND
    if answer["video"] and name.lower().endswith(".m4a"):
        return why.WRONG_END.filled(end="m4a", **{"is": "mp4"})
    kind = {"mp3": MediaFormat.MP3, "wav": MediaFormat.WAV}.get(family)
    return Played(kind or (MediaFormat.MP4 if answer["video"] else MediaFormat.M4A), answer["length_ms"])


def _answered(source: BinaryIO, family: str, limits: MediaLimits) -> dict[str, int] | Sentence:
    asked = {
        "family": family,
        "cpu_s": limits.cpu_s,
        "memory_bytes": limits.memory_bytes,
        "longest_s": limits.longest_s,
    }
    player = subprocess.Popen(  # noqa: S603 - our own module, numbers and two words
        [sys.executable, "-m", "festival.documents.media_process", json.dumps(asked)],
        stdin=source,
        stdout=subprocess.PIPE,  # one short line, less than a pipe holds
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},  # no key, no address
    )
    try:
        said, _nothing = player.communicate(timeout=limits.wall_s)
    except subprocess.TimeoutExpired:
        return why.TOO_HEAVY
    finally:
        if player.poll() is None:
            player.kill()
            player.wait()
    if player.returncode != 0:  # the kernel ended it, or memory was refused where nothing catches it
        return why.TOO_HEAVY
    answer = json.loads(said)
    return CODES[answer["refused"]] if "refused" in answer else answer
