"""How is the curve of arrivals drawn? Pure: moments in, points and lines of a drawing out.

A quarter of an hour is one step; the curve is of everybody who has come by its end. Hours are those of Vietnam.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

QUARTER_MS = 15 * 60 * 1000
VIETNAM_MS = 7 * 60 * 60 * 1000
DAY_BEGINS_QUARTER = 3 * 4
WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 28, 12, 34
LINES_AT_MOST = 5
HOURS_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class HourOfArrivals:
    """How many came in this hour of the clock, and how many were there at its end."""

    hour: int
    came: int
    there: int


@dataclass(frozen=True, slots=True)
class Curve:
    """A drawing of WIDTH × HEIGHT. `lines`: (value, y); `hours`: (words, x)."""

    points: str
    area: str
    lines: tuple[tuple[int, int], ...]
    hours: tuple[tuple[str, int], ...]
    table: tuple[HourOfArrivals, ...]
    there: int


def quarters_of(day: date) -> tuple[int, int]:
    """The first and the last quarter of a festival day: it begins at 3 in the morning."""
    first = (day - date(1970, 1, 1)).days * 96 + DAY_BEGINS_QUARTER
    return first, first + 95


def curve(came: Mapping[int, int]) -> Curve | None:
    """`came`: people by quarter, of one festival day; None: nobody came."""
    if not came:
        return None
    first = min(came) // 4 * 4
    last = max(came) // 4 * 4 + 4
    steps = last - first
    there, highest = 0, max(1, sum(came.values()))
    top = _above(highest)
    points = [(LEFT, HEIGHT - BOTTOM)]
    for step in range(steps):
        there += came.get(first + step, 0)
        points.append((_x(step + 1, steps), _y(there, top)))
    each = max(1, -(-(steps // 4) // HOURS_AT_MOST))
    return Curve(
        points=_text(points),
        area=_text([*points, (points[-1][0], HEIGHT - BOTTOM)]),
        lines=tuple((value, _y(value, top)) for value in range(0, top + 1, top // _parts(top))),
        hours=tuple(
            (f"{(first + step) // 4 % 24}", _x(step, steps)) for step in range(0, steps + 1, 4) if step // 4 % each == 0
        ),
        table=_hours(came, first, last),
        there=there,
    )


def _hours(came: Mapping[int, int], first: int, last: int) -> tuple[HourOfArrivals, ...]:
    found, there = [], 0
    for start in range(first, last, 4):
        here = sum(came.get(quarter, 0) for quarter in range(start, start + 4))
        there += here
        found.append(HourOfArrivals(start // 4 % 24, here, there))
    return tuple(found)


def _above(value: int) -> int:
    """The next round number: 1, 2 or 5 and noughts, at least 5."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor >= max(value, 5):
                return size * factor
        size *= 10


def _parts(top: int) -> int:
    return next(parts for parts in (LINES_AT_MOST, 4, 2, 1) if top % parts == 0)


def _x(step: int, steps: int) -> int:
    return LEFT + (WIDTH - LEFT - RIGHT) * step // steps


def _y(value: int, top: int) -> int:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value // top


def _text(points: list[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
