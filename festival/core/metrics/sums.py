"""How does every process of one server add to the same numbers, at the cost of an addition?

The numbers lie in memory that the master shares with the workers it forks. Each worker adds in a seat of its own, under a
lock of its threads, and whoever is asked sums up the seats. A worker that falls leaves its numbers in its seat, and the one
that follows goes on there, so that a sum never goes back. Which numbers there are is settled before the first fork: labels
come from the program's own lists, so neither a code nor a name can become one, and they cannot grow (decisions/0026).
"""

from __future__ import annotations

import mmap
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

UNKNOWN = "other"
# Seconds up to which an answer is counted; a last one for all that took longer.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CLASSES = ("2xx", "3xx", "4xx", "5xx")
_SUM = len(CLASSES) + len(BUCKETS) + 1
_OF_A_ROUTE = _SUM + 1
_NUMBER = 8


@dataclass(frozen=True, slots=True)
class RouteSum:
    """What was answered on one route: by class of status, by time (each bucket for itself), and all times together."""

    method: str
    route: str
    classes: list[float]
    buckets: list[float]
    seconds: float


class Sums:
    """`routes`: (method, route) pairs; `families`: name → the labels each of its numbers may have; `seats`: how many processes."""

    def __init__(
        self, routes: Iterable[tuple[str, str]], families: Mapping[str, Iterable[tuple[str, ...]]], seats: int
    ) -> None:
        found = [(UNKNOWN, UNKNOWN), *sorted(set(routes))]
        self._routes = {each: at * _OF_A_ROUTE for at, each in enumerate(found)}
        first = len(found) * _OF_A_ROUTE
        cells = [(name, *labels) for name, each in families.items() for labels in each]
        self._cells = {each: at for at, each in enumerate(cells, first)}
        self._in_use = first + len(cells)
        self._width = self._in_use + 1
        self._seats = range(0, seats * self._width, self._width)
        self._numbers = memoryview(mmap.mmap(-1, seats * self._width * _NUMBER)).cast("d")
        self._own = 0
        self._lock = threading.Lock()

    def sit(self, seat: int) -> None:
        """This process adds in that seat from now on, after whoever sat there before."""
        self._own = self._seats[seat % len(self._seats)]
        self._lock = threading.Lock()
        self._numbers[self._own + self._in_use] = 0

    def answered(self, method: str, route: str, status: str, seconds: float, in_use: int) -> None:
        """One answer; `in_use`: how many connections to the database this process holds at the moment."""
        at = self._own + self._routes.get((method, route), 0)
        numbers = self._numbers
        with self._lock:
            numbers[at + min(max(int(status[0]) - 2, 0), 3)] += 1
            numbers[at + 4 + bisect_left(BUCKETS, seconds)] += 1
            numbers[at + _SUM] += seconds
            numbers[self._own + self._in_use] = in_use

    def add(self, name: str, *labels: str) -> None:
        """One more of these; labels that nobody foresaw are the family's `other`."""
        found = self._cells.get((name, *labels))
        at = self._own + (self._cells[name, *[UNKNOWN] * len(labels)] if found is None else found)
        with self._lock:
            self._numbers[at] += 1

    def of(self, name: str) -> Iterator[tuple[tuple[str, ...], float]]:
        """Labels and number of each of a family."""
        for (family, *labels), at in self._cells.items():
            if family == name:
                yield tuple(labels), self._total(at)

    def answers(self) -> Iterator[RouteSum]:
        """The routes that were asked for."""
        for (method, route), at in self._routes.items():
            totals = [self._total(at + each) for each in range(_OF_A_ROUTE)]
            if any(totals[:4]):
                yield RouteSum(method, route, totals[:4], totals[4:_SUM], totals[_SUM])

    @property
    def in_use(self) -> float:
        """Connections that were held when each process last answered, of all together."""
        return self._total(self._in_use)

    def _total(self, at: int) -> float:
        return sum(self._numbers[seat + at] for seat in self._seats)
