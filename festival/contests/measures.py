"""How does a typed count or time become a number, and how is it written again?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from festival.contests.marks import Blank
from festival.core.sentence import N_, Sentence, Stopped


@dataclass(frozen=True, slots=True)
class Typed:
    """A count (whole number) or a time (milliseconds)."""

    value: int


@dataclass(frozen=True, slots=True)
class BadTyped:
    said: Sentence


BAD_COUNT = N_("Số lượt là số nguyên từ 0 đến 9999.")

BAD_TIME = N_("Thời gian viết như 1:23,45 (phút:giây) hoặc 83,45 (giây).")

_COUNT = re.compile(r"[0-9]{1,4}")

_TIME = re.compile(r"(?:(?P<min>[0-9]{1,3})[:'])?(?P<s>[0-9]{1,4})(?:[.,](?P<part>[0-9]{1,3}))?\"?")


def parse_count(typed: str) -> Typed | Blank | BadTyped:
    text = typed.strip()
    if not text:
        return Blank()
    return Typed(int(text)) if _COUNT.fullmatch(text) else BadTyped(BAD_COUNT)


def parse_time(typed: str) -> Typed | Blank | BadTyped:
    """``1:23,45``, ``1'23,45"`` or ``83,45`` → milliseconds. With minutes given, seconds are two digits below 60:
    ``1:3`` may mean 1:03 or 1:30.
    """
    text = typed.strip()
    if not text:
        return Blank()
    match = _TIME.fullmatch(text)
    if match is None or (match["min"] is not None and (len(match["s"]) != 2 or int(match["s"]) > 59)):
        return BadTyped(BAD_TIME)
    value = int(match["min"] or 0) * 60_000 + int(match["s"]) * 1000 + int((match["part"] or "").ljust(3, "0"))
    return Typed(value) if value else BadTyped(BAD_TIME)


def written_time(ms: int) -> str:
    """83450 → ``1:23,45``; below a minute ``23,45``."""
    return str(Stopped(ms))
