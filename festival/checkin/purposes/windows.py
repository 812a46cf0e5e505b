"""In which window of a purpose does a moment fall, and who may come for it? Pure.

Rule: protocols, "Purposes and windows". A scan counts in the window in which it happened, however late it arrives. Outside
the hours nobody is let in; the nearest hours are said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from festival.checkin.merge import window_of_ms

ONCE = "-"

# Two clocks are never quite one: what a gate showed as open counts as open so much longer.
SHOWN_GRACE_MS = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Window:
    """Named hours; the end does not belong to them. `removed_ms`: no scan after this moment counts there."""

    code: str
    name: str
    opens_ms: int
    closes_ms: int
    removed_ms: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a pass may be shown for. `classes`: of cards, None = every class."""

    code: str
    name: str
    kind: str
    every: str
    again: bool
    classes: tuple[str, ...] | None = None
    windows: tuple[Window, ...] = ()
    removed_ms: int | None = None
    version: int = 1

    def takes(self, badge: str) -> bool:
        return self.classes is None or badge in self.classes


# What a festival has in which nobody has named anything; their words are those of every release before.
STANDARD = (
    Purpose("entry", "Vào cổng", "entry", "day", again=True),
    Purpose("meal", "Bữa ăn", "meal", "day", again=False),
    Purpose("card", "Nhận thẻ", "card", "day", again=False),
)


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody is let in at that moment; the nearest hours, if the purpose has any left. `window`: theirs."""

    opens_ms: int | None = None
    closes_ms: int | None = None
    window: str = ""


def window_at(purpose: Purpose, at_ms: int, shown: str | None = None) -> str | Closed:
    """The key of the window; `shown`: the one the gate had on its screen."""
    if purpose.removed_ms is not None and at_ms > purpose.removed_ms:
        return Closed()
    if purpose.every == "day":
        return window_of_ms(at_ms)
    if purpose.every == "once":
        return ONCE
    hours = [each for each in purpose.windows if each.removed_ms is None or at_ms <= each.removed_ms]
    for each in hours:
        if each.opens_ms <= at_ms < each.closes_ms:
            return each.code
    for each in hours:
        if each.code == shown and each.opens_ms - SHOWN_GRACE_MS <= at_ms < each.closes_ms + SHOWN_GRACE_MS:
            return each.code
    nearest = min(hours, key=lambda each: (_apart(each, at_ms), each.opens_ms, each.code), default=None)
    return Closed() if nearest is None else Closed(nearest.opens_ms, nearest.closes_ms, nearest.code)


def _apart(window: Window, at_ms: int) -> int:
    return max(window.opens_ms - at_ms, at_ms - window.closes_ms, 0)


def counted_anyway(purpose: Purpose, at_ms: int, shown: str | None = None) -> str:
    """Where a scan counts that was forced, or that says somebody went out: the nearest window of all."""
    found = window_at(purpose, at_ms, shown)
    if isinstance(found, str):
        return found
    if purpose.every == "once":
        return ONCE
    return found.window or (shown if purpose.every == "hours" and shown else window_of_ms(at_ms))


def open_at(purposes: Iterable[Purpose], at_ms: int) -> list[tuple[Purpose, str]]:
    """The purposes open at a moment, each with its window."""
    found = ((purpose, window_at(purpose, at_ms)) for purpose in purposes)
    return [(purpose, window) for purpose, window in found if isinstance(window, str)]


def overlapping(windows: Sequence[Window]) -> tuple[Window, Window] | None:
    """Two hours of one purpose that hold the same moment: a scan there would count twice."""
    ordered = sorted((each for each in windows if each.removed_ms is None), key=lambda each: each.opens_ms)
    return next(((one, two) for one, two in pairwise(ordered) if two.opens_ms < one.closes_ms), None)
