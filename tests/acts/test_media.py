"""What of a file is taken as music: it is played to its end, and what its head, its name or its inside lie about is refused in words."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from festival.core.sentence import Sentence
from festival.documents import media_refusals as why
from festival.documents.media import LIMITS, MediaLimits, Played, played
from festival.documents.media_refusals import MediaFormat
from tests.acts.music import encoded, film, m4a, mp3, nine_hours, wav

RATE_MS = 100


def heard(tmp_path: Path, content: bytes, name: str, limits: MediaLimits = LIMITS) -> Played | Sentence:
    path = tmp_path / "sent"
    path.write_bytes(content)
    with path.open("rb") as opened:
        return played(opened, name, tmp_path / "instance", limits)


def test_music_and_film_are_played_to_their_end(tmp_path: Path) -> None:
    for content, name, form in (
        (mp3(), "Hát ru.MP3", MediaFormat.MP3),
        (m4a(), "hat.m4a", MediaFormat.M4A),
        (m4a(), "hat.mp4", MediaFormat.M4A),
        (wav(), "hat.wav", MediaFormat.WAV),
        (wav(), "khong-duoi", MediaFormat.WAV),
    ):
        found = heard(tmp_path, content, name)
        assert isinstance(found, Played), (name, str(found))
        assert (found.format, abs(found.length_ms - 3000) < RATE_MS) == (form, True)
    found = heard(tmp_path, film(), "phim.mp4")
    assert isinstance(found, Played)
    assert (found.format, abs(found.length_ms - 2000) < RATE_MS) == (MediaFormat.MP4, True)
    # a film without sound plays on the LED wall
    assert heard(tmp_path, film(2, sound=False), "phim.mp4") == Played(MediaFormat.MP4, 2000)


def test_what_lies_is_refused_with_what_to_do(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    whole = mp3()
    codes = {
        "hat.wav": whole,  # a wrong extension
        "hat.m4a": film(),
        "anh.mp3": b"\xff\xd8\xff\xe0" + bytes(200),
        "bom.mp3": packed.getvalue(),
        "nhac.flac": encoded("flac", "flac"),
        "la.mp3": os.urandom(5000).replace(b"\xff", b"\x00"),
        "rong.mp3": b"",
        "ghep.mp3": whole + packed.getvalue(),  # music and an archive in one
        "trang.mp3": b"ID3\x04\x00\x00\x00\x00\x02\x00<html><script>" + bytes(300) + whole,
        "hong.mp3": b"\xff\xfb\x90\x00" + os.urandom(60_000),
        "gio.mp3": nine_hours(whole),
        "gio.wav": nine_hours(wav()),
        "gio.m4a": nine_hours(m4a()),
        "cut.wav": wav(8)[:200_000],
        "cut.m4a": m4a()[: len(m4a()) * 2 // 3],
    }
    found = {name: heard(tmp_path, content, name) for name, content in codes.items()}
    assert {name: answer.code if isinstance(answer, Sentence) else "taken" for name, answer in found.items()} == {
        "hat.wav": "media_wrong_end",
        "hat.m4a": "media_wrong_end",
        "anh.mp3": "media_other",
        "bom.mp3": "media_other",
        "nhac.flac": "media_other",
        "la.mp3": "media_unknown",
        "rong.mp3": "media_empty",
        "ghep.mp3": "media_polyglot",
        "trang.mp3": "media_polyglot",
        "hong.mp3": "media_broken",
        "gio.mp3": "media_cut",
        "gio.wav": "media_cut",
        "gio.m4a": "media_cut",
        "cut.wav": "media_cut",
        "cut.m4a": "media_broken",
    }
    assert "9:00:00 nhưng chỉ phát được 0:03" in str(found["gio.m4a"])
    assert "Đổi đuôi tên tệp thành .mp3" in str(found["hat.wav"])


def test_what_takes_too_much_is_stopped(tmp_path: Path) -> None:
    assert heard(tmp_path, wav(), "a.wav", MediaLimits(longest_s=2)) == why.TOO_LONG
    assert heard(tmp_path, film(), "a.mp4", MediaLimits(memory_bytes=1 << 20)) == why.TOO_HEAVY
    assert heard(tmp_path, wav(), "a.wav", MediaLimits(wall_s=0.01)) == why.TOO_HEAVY
    large = tmp_path / "large"
    with large.open("wb") as out:
        out.truncate(why.LARGEST_BYTES + 1)
    with large.open("rb") as opened:
        assert played(opened, "a.wav", tmp_path / "instance") == why.LARGE
