"""How are numbers drawn? Pure: rows of numbers in, boxes and texts of a drawing out.

A drawing is narrow enough to be read on a phone without scrolling: a bar stands under its own words, the numbers at its
end. What is drawn stands in a table beneath too, so a drawing of many rows may leave the smallest out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 232  # as wide as a card on the narrowest phone with large letters, so words there are not drawn smaller
ROW, BAR, NUMBER = 38, 14, 64  # heights of a row and of a bar, room for the numbers behind a bar
DAYS_HEIGHT, DAYS_TOP, DAYS_FOOT = 180, 20, 22
BARS_MOST, DAYS_MOST = 20, 62
COLUMN_MOST, WORDS_MOST = 40, 30  # how wide a day is, how many letters stand over a bar


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A filled piece; `tone` names its style: "one", "two"."""

    x: int
    y: int
    width: int
    height: int
    tone: str


@dataclass(frozen=True, slots=True)
class DrawnText:
    """Words at a point; `anchor` as SVG names it."""

    x: int
    y: int
    words: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it, WIDTH × `height`; `left_out`: how many rows only the table shows."""

    height: int
    boxes: tuple[DrawnBox, ...]
    texts: tuple[DrawnText, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class NumbersOf:
    """One row: its words and one or two numbers, the second drawn behind the first."""

    words: str
    first: int
    second: int = 0


def bars(rows: Sequence[NumbersOf]) -> Drawing:
    """A bar a row, in the order of the rows; of too many the largest."""
    largest = sorted(range(len(rows)), key=lambda at: (-(rows[at].first + rows[at].second), at))[:BARS_MOST]
    shown = [rows[at] for at in sorted(largest)]
    most = max((row.first + row.second for row in shown), default=0) or 1
    boxes: list[DrawnBox] = []
    texts: list[DrawnText] = []
    for place, row in enumerate(shown):
        top = place * ROW
        first, both = (_long(number, most, WIDTH - NUMBER) for number in (row.first, row.first + row.second))
        texts.append(DrawnText(0, top + 14, _short(row.words)))
        if row.first:
            boxes.append(DrawnBox(0, top + 19, first, BAR, "one"))
        if row.second:
            boxes.append(DrawnBox(first, top + 19, both - first, BAR, "two"))
        said = f"{row.first} + {row.second}" if row.second else str(row.first)
        texts.append(DrawnText(both + 6, top + 31, said))
    return Drawing(len(shown) * ROW, tuple(boxes), tuple(texts), len(rows) - len(shown))


@dataclass(frozen=True, slots=True)
class SpanOfDays:
    """How many in these days, from the first on."""

    first: date
    days: int
    number: int


def spans(counts: Mapping[date, int]) -> tuple[SpanOfDays, ...]:
    """Every day from the first to the last, also those with none; weeks, from Monday on, where days would be too many."""
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    long = 1 if (last - first).days < DAYS_MOST else 7
    if long == 7:
        first -= timedelta(days=first.weekday())
    found = []
    while first <= last:
        inside = (counts.get(first + timedelta(days=day), 0) for day in range(long))
        found.append(SpanOfDays(first, long, sum(inside)))
        first += timedelta(days=long)
    return tuple(found)


def columns(found: Sequence[SpanOfDays]) -> Drawing:
    """A column a span, time from left to right; the first, the highest and the last say their day."""
    most, span = max((each.number for each in found), default=0) or 1, _span(found)
    ground = DAYS_HEIGHT - DAYS_FOOT
    boxes: list[DrawnBox] = []
    for place, each in enumerate(found):
        left, right = span * place // len(found), span * (place + 1) // len(found)
        height = _long(each.number, most, ground - DAYS_TOP)
        if each.number:
            boxes.append(DrawnBox(left, ground - height, max(1, right - left - 1), height, "one"))
    return Drawing(DAYS_HEIGHT, tuple(boxes), tuple(_marked(found, ground)))


def _marked(found: Sequence[SpanOfDays], ground: int) -> list[DrawnText]:
    if not found:
        return []
    top = max(range(len(found)), key=lambda at: (found[at].number, -at))
    span = _span(found)
    middle = span * (2 * top + 1) // (2 * len(found))
    anchor = "start" if middle < 40 else "end" if middle > WIDTH - 40 else "middle"
    at = {"start": 0, "end": WIDTH}.get(anchor, middle)
    texts = [DrawnText(at, DAYS_TOP - 6, f"{found[top].number} ({_day(found[top].first)})", anchor)]
    texts.append(DrawnText(0, ground + 16, _day(found[0].first)))
    if len(found) > 1:
        texts.append(DrawnText(span, ground + 16, _day(found[-1].first), "end"))
    return texts


def _span(found: Sequence[SpanOfDays]) -> int:
    """A few days stand beside each other and do not fill all of it."""
    return min(WIDTH, COLUMN_MOST * len(found))


def _short(words: str) -> str:
    """The table says them whole."""
    return words if len(words) <= WORDS_MOST else f"{words[: WORDS_MOST - 1].rstrip()}…"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}"


def _long(number: int, most: int, room: int) -> int:
    """What is there at all is seen: at least two units."""
    return max(2, room * number // most) if number else 0
