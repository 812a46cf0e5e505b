"""Plays one piece of music or film to its end in a process of its own: `python -m festival.documents.media_process`.

Standard input is the file itself; the one argument is JSON (which kind, what it may take). Standard output: one JSON object.
Memory and processor time are limited before a byte is looked at; the process knows no database, no key and no setting.
Of a film every sound is decoded and every picture counted, of its pictures those that stand alone are decoded.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
from fractions import Fraction
from typing import Any, BinaryIO

import av
import av.error

FORMATS = {"mp3": "mp3", "wav": "wav", "mp4": "mov"}
MOST_PIXELS = 4096 * 2304
BAD_PACKETS = 3


class NotPlayable(Exception):
    """The code of the sentence that says why."""


def limit(cpu_s: int, memory_bytes: int) -> None:
    """From here on the kernel stops this process when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
    os.nice(5)  # gates and judges come first


def played(opened: BinaryIO, family: str, longest_s: int) -> dict[str, Any]:
    """How long it really plays, how long its head says, and whether it has moving pictures. NotPlayable."""
    # no other file or address a container may name is ever opened
    with av.open(opened, "r", format=FORMATS[family], options={"enable_drefs": "0", "protocol_whitelist": ""}) as box:
        sound = next(iter(box.streams.audio), None)
        attached = av.stream.Disposition.attached_pic
        picture = next((each for each in box.streams.video if not each.disposition & attached), None)
        if sound is None and picture is None:
            raise NotPlayable("no_sound")
        if picture is not None:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotPlayable("heavy")
            picture.codec_context.skip_frame = "NONKEY"
        wanted = [each for each in (sound, picture) if each is not None]
        for each in wanted:
            each.codec_context.thread_count = 1
        said = Fraction(box.duration or 0, 1_000_000)
        heard, seen = _to_the_end(box, wanted, longest_s)
    return {
        "said_ms": int(said * 1000),
        "length_ms": int(max(heard, seen) * 1000),
        "heard": heard > 0,
        "video": picture is not None,
    }


def _to_the_end(box: Any, wanted: list[Any], longest_s: int) -> tuple[Fraction, Fraction]:
    """Seconds of sound and seconds of pictures."""
    heard, seen, good, bad = Fraction(0), Fraction(0), 0, 0
    for packet in box.demux(wanted):
        if packet.stream.type == "video" and packet.pts is not None:
            seen = max(seen, (packet.pts + (packet.duration or 0)) * packet.time_base)
        try:
            frames = packet.decode()
            good += 1
        except av.error.InvalidDataError:
            bad += 1
            continue
        if packet.stream.type == "audio":
            heard += sum((Fraction(each.samples, each.sample_rate) for each in frames), Fraction(0))
        if max(heard, seen) > longest_s:
            raise NotPlayable("long")
    if bad > max(BAD_PACKETS, good // 20):
        raise NotPlayable("broken")
    return heard, seen


def main() -> None:
    """Answer once."""
    asked = json.loads(sys.argv[1])
    limit(asked["cpu_s"], asked["memory_bytes"])
    try:
        answer = played(sys.stdin.buffer, asked["family"], asked["longest_s"])
    except NotPlayable as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "heavy"}
    except (av.error.FFmpegError, ValueError, OSError) as broken:
        answer = {"refused": "heavy" if getattr(broken, "errno", None) == errno.ENOMEM else "broken"}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
