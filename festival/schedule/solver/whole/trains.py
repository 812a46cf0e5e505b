"""How can the acts of one family follow each other on one day with the least waiting?

Every moment of a day is a bit of one whole number: `free[j]` holds the moments at which act j may begin. A state is a set of acts
that are over and the moments at which the next may begin; all moments of a state are moved at once by one shift. The first level holds
what is possible without waiting, each further level what a few minutes more allow, so the first level that holds all acts is the least
waiting. For k acts that is k · 2^(k−1) shifts a level, whatever the length of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_ACTS = 8  # of one family at once; more are placed in parts


def levels(gap: int, longest: int | None) -> tuple[int, ...]:
    """Minutes of waiting beyond the gaps, level by level: every minute at first, then coarser, and each that is the most allowed."""
    found = {*range(17), *range(20, 65, 4), *range(80, 257, 16), *range(320, 1441, 80)}
    if longest is not None:
        found |= {longest - gap * count for count in range(MOST_ACTS) if longest >= gap * count}
    return tuple(sorted(found))


def whole(length: int) -> int:
    """So many bits, all set."""
    return (1 << length) - 1


def meeting(busy: int, length: int) -> int:
    """The moments at which something of this length would meet what is busy."""
    done = 1
    while done < length:
        step = min(done, length - done)
        busy |= busy >> step
        done += step
    return busy


def spread(moments: int, minutes: int) -> int:
    """These moments and up to so many minutes later."""
    done = 0
    while done < minutes:
        step = min(done + 1, minutes - done)
        moments |= moments << step
        done += step
    return moments


class DayOfFamily:
    """What is possible for a family's acts on one day; `steps[j]` is act j with the gap after it.

    `must` are the acts that stand on this day already. `first` says at which level a set of acts became possible.
    """

    __slots__ = ("first", "free", "levels", "must", "steps", "waits")

    def __init__(self, free: Sequence[int], steps: Sequence[int], waits: Sequence[int], must: int = 0) -> None:
        self.free = free
        self.steps = steps
        self.waits = waits
        self.must = must
        self.levels: list[list[int]] = []
        self.first: dict[int, int] = {}

    def widen(self) -> list[int]:
        """One level more; the moments of each set of acts, the sets written as bits."""
        count = len(self.levels)
        if count:
            more = self.waits[count] - self.waits[count - 1]
            level = [
                moments and (spread(moments, more) if more > 1 else moments | moments << 1)
                for moments in self.levels[-1]
            ]
            level[0] = 0  # to come later is no waiting
        else:
            level = [0] * (1 << len(self.free))
            level[0] = whole(max(free.bit_length() for free in self.free))
        acts = [
            (1 << at, free, step) for at, (free, step) in enumerate(zip(self.free, self.steps, strict=True)) if free
        ]
        for done, moments in enumerate(level):
            if moments:
                for act, free, step in acts:
                    if not done & act and (on := moments & free):
                        level[done | act] |= on << step
        self.levels.append(level)
        for done, moments in enumerate(level):
            if moments and done and done not in self.first:
                self.first[done] = count
        return level

    def traced(self, done: int, level: int, after: int) -> dict[int, int]:
        """At which moment each act of the set began, when the next may begin at `after`."""
        found: dict[int, int] = {}
        while done:
            if level:
                earlier = self.levels[level - 1][done]
                most = self.waits[level] - self.waits[level - 1]
                back = next((wait for wait in range(most + 1) if after >= wait and earlier >> (after - wait) & 1), None)
                if back is not None:
                    level, after = level - 1, after - back
                    continue
            at = next(at for at in range(len(self.free)) if self._ended_with(at, done, level, after))
            after -= self.steps[at]
            done ^= 1 << at
            found[at] = after
        return found

    def _ended_with(self, at: int, done: int, level: int, after: int) -> bool:
        began = after - self.steps[at]
        return bool(
            done >> at & 1
            and began >= 0
            and self.free[at] >> began & 1
            and self.levels[level][done ^ 1 << at] >> began & 1
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a family's days are weighed by."""

    gap: int
    longest: int | None
    day_cost: int
    least: bool = False  # a level is counted as the least minutes it stands for, not as the most: for a bound

    def beyond(self, day: DayOfFamily, level: int) -> int:
        return day.waits[level - 1] + 1 if self.least and level else day.waits[level]


@dataclass(frozen=True, slots=True)
class Way:
    """Sets of acts on days, each at its level. `cost`: what the family would cost."""

    cost: int
    days: tuple[tuple[int, int, int], ...]  # which day, which acts, which level

    @property
    def acts(self) -> int:
        return sum(done.bit_count() for _, done, _ in self.days)


def floor_of(acts: int, asked: Weighed) -> int:
    """What no family with so many acts can come below."""
    return asked.day_cost + (acts - 1) * min(asked.gap, asked.day_cost) if acts else 0


def best_way(days: Sequence[DayOfFamily], asked: Weighed, most: int | None = None) -> Way | None:
    """All acts on one day with the least waiting; on several where that costs less; else as many acts as there is room for.

    None: it would cost more than `most`.
    """
    if not days:
        return Way(0, ())
    count = len(days[0].free)
    every = (1 << count) - 1
    cheap = asked.day_cost - asked.gap  # what one day more costs beyond the gap it saves
    seen, split = -1, Way(0, ())
    for level in range(len(days[0].waits)):
        for at, day in enumerate(days):
            day.widen()
            wait = _waited(day, every, level, asked) if day.levels[level][every] and _alone(days, at) else None
            if wait is not None and asked.beyond(day, level) <= cheap:
                return Way(asked.day_cost + wait, ((at, every, level),))
        extra = days[0].waits[level]
        reached = sum(len(day.first) for day in days)
        if reached > seen and (count == 1 or extra >= cheap or not _single(count, extra, asked)):
            seen, split = reached, divided(days, asked)
        if count == 1 or (
            split.acts == count and not (asked.least and floor_of(count, asked) + extra + 1 < split.cost)
        ):
            return split
        if most is not None and floor_of(count, asked) + extra >= most:
            return None
    return divided(days, asked)


def _single(count: int, extra: int, asked: Weighed) -> bool:
    """May all of them still be on one day, waiting longer than this?"""
    return asked.longest is None or extra + asked.gap * (count - 1) < asked.longest


def divided(days: Sequence[DayOfFamily], asked: Weighed) -> Way:
    """The most acts, at the least cost, over several days."""
    best = {0: Way(0, ())}
    for at, day in enumerate(days):
        now = {} if day.must else dict(best)
        for done, level in day.first.items():
            wait = _waited(day, done, level, asked)
            if wait is None or done & day.must != day.must:
                continue
            for have, way in best.items():
                cost = way.cost + asked.day_cost + wait
                if not have & done and (have | done not in now or cost < now[have | done].cost):
                    now[have | done] = Way(cost, (*way.days, (at, done, level)))
        best = now
    return max(best.values(), key=lambda way: (way.acts, -way.cost), default=Way(0, ()))


def _alone(days: Sequence[DayOfFamily], at: int) -> bool:
    return not any(day.must for other, day in enumerate(days) if other != at)


def _waited(day: DayOfFamily, done: int, level: int, asked: Weighed) -> int | None:
    """Minutes of waiting; None where that is longer than allowed."""
    wait = asked.gap * (done.bit_count() - 1) + asked.beyond(day, level)
    return wait if asked.longest is None or wait <= asked.longest else None
