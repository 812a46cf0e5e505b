"""Real files: music and films made with PyAV and `wave`, and what is wrong with some."""

from __future__ import annotations

import io
import struct
import wave
from functools import cache
from typing import Any

import av
import numpy as np

RATE = 44_100


def wav(seconds: float = 3, rate: int = RATE) -> bytes:
    """Mono, 16 bits."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(_noise(int(seconds * rate)).tobytes())
    return kept.getvalue()


@cache
def encoded(codec: str, form: str, seconds: int = 3) -> bytes:
    """MP3 (`libmp3lame`, `mp3`), M4A (`aac`, `ipod`), anything else PyAV writes."""
    kept = io.BytesIO()
    with av.open(kept, "w", format=form) as box:
        sound: Any = box.add_stream(codec, rate=RATE, layout="mono")
        _sound(box, sound, seconds)
    return kept.getvalue()


@cache
def film(seconds: int = 2, sound: bool = True) -> bytes:
    """A small MP4 with moving pictures."""
    kept = io.BytesIO()
    with av.open(kept, "w", format="mp4") as box:
        pictures: Any = box.add_stream("libx264", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 160, 96, "yuv420p"
        heard: Any = box.add_stream("aac", rate=RATE, layout="mono") if sound else None
        for at in range(seconds * 10):
            shown = av.VideoFrame.from_ndarray(np.full((96, 160, 3), at * 9 % 255, np.uint8), format="rgb24")
            box.mux(pictures.encode(shown))
        box.mux(pictures.encode(None))
        if heard is not None:
            _sound(box, heard, seconds)
    return kept.getvalue()


def _sound(box: Any, stream: Any, seconds: int) -> None:
    step, at = stream.codec_context.frame_size or 1024, 0
    while at < seconds * RATE:
        frame = av.AudioFrame.from_ndarray(_noise(step).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, at
        box.mux(stream.encode(frame))
        at += step
    box.mux(stream.encode(None))


def _noise(samples: int) -> Any:
    return (np.random.default_rng(7).random(samples) * 4000 - 2000).astype(np.int16)


def mp3(seconds: int = 3) -> bytes:
    return encoded("libmp3lame", "mp3", seconds)


def m4a(seconds: int = 3) -> bytes:
    return encoded("aac", "ipod", seconds)


def nine_hours(content: bytes) -> bytes:
    """The same sound, and a head that says nine hours."""
    lying = bytearray(content)
    if content[:4] == b"RIFF":
        at = lying.index(b"data")
        lying[at + 4 : at + 8] = struct.pack("<I", 9 * 3600 * RATE * 2)
    elif (at := lying.find(b"mvhd")) >= 0:
        scale = struct.unpack_from(">I", lying, at + 16)[0]
        lying[at + 20 : at + 24] = struct.pack(">I", scale * 9 * 3600)
    else:
        at = max(lying.find(b"Xing"), lying.find(b"Info"))
        lying[at + 8 : at + 12] = struct.pack(">I", 9 * 3600 * RATE // 1152)
    return bytes(lying)
