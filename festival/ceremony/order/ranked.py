"""In which order do people or delegations stand when somebody has put them in order by hand, and how are they marked? Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any


class GuestMark(StrEnum):
    """Who is not read out with the others."""

    ABSENT = "absent"
    LATE = "late"


class KeepsakeMark(StrEnum):
    """What became of a delegation's keepsake."""

    GIVEN = "given"
    ABSENT = "absent"


def by_hand(codes: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """Those that were put in order first, in that order; the others after them as they stand."""
    known = set(codes)
    first = [each for each in chosen if each in known]
    named = set(first)
    return [*first, *(each for each in codes if each not in named)]


def placed(codes: Sequence[str], code: str, to: int) -> list[str] | None:
    """The codes with one of them at place `to` (1 is the first). None where it is not among them, or there is no such place."""
    if code not in codes or not 1 <= to <= len(codes):
        return None
    rest = [each for each in codes if each != code]
    return [*rest[: to - 1], code, *rest[to - 1 :]]


def ordered(content: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """The part with this order; none: its own again."""
    return {**content, "order": list(order)}


def marked(content: Mapping[str, Any], code: str, mark: str) -> dict[str, Any]:
    """The part with this mark on somebody; '' takes it away."""
    marks = {key: value for key, value in content.get("marks", {}).items() if key != code}
    return {**content, "marks": {**marks, code: mark} if mark else marks}


def named(content: Mapping[str, Any], code: str, who: str) -> dict[str, Any]:
    """The part with who receives for a delegation; '' is its head again."""
    names = {key: value for key, value in content.get("who", {}).items() if key != code}
    return {**content, "who": {**names, code: who} if who else names}


def marks_of(content: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    """The marks on those who are still there."""
    return {code: mark for code, mark in content.get("marks", {}).items() if code in known}
