"""What is a whole festival that is to be timed, and what is a plan of it? Plain values; `reading` makes them from a file.

Every moment is whole minutes (`moment`, `written`): the difference of two is minutes, `// DAY` is the ordinal of the calendar day. The *day* of an act is the day on which its window begins: what goes on after midnight
still belongs to the evening before.

The cost of a plan, in minutes, is the sum over families of

    days on which it comes × `day_cost_min`  +  on each of them: end of its last act − begin of its first − minutes of its own acts

A family with k acts therefore costs at least one day and the gap between any two of them: the floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

FORMAT = "festival-timetable 1"
ANSWER = "festival-plan 1"
DAY = 1440


def moment(at: datetime) -> int:
    """Minutes of a local date and time."""
    return at.toordinal() * DAY + at.hour * 60 + at.minute


def written(minutes: int) -> str:
    """`2024-06-14T07:30`, as files write a moment."""
    day, rest = divmod(minutes, DAY)
    return f"{date.fromordinal(day).isoformat()}T{rest // 60:02d}:{rest % 60:02d}"


@dataclass(frozen=True, slots=True)
class ActToTime:
    """What needs a stage and a moment. `number`: its drawn place in the contest."""

    code: str
    contest: str
    minutes: int
    families: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ContestToTime:
    """`changeover_min` after each of its acts, before the next on that stage. `order_binds`: nobody before a lower number."""

    code: str
    changeover_min: int = 0
    order_binds: bool = False


@dataclass(frozen=True, slots=True)
class StageToFill:
    """A stage and the contests it can take."""

    code: str
    takes: frozenset[str]


@dataclass(frozen=True, slots=True)
class SittingPanel:
    """Who judges these contests, all of them: a panel sits at one act at a time."""

    code: str
    contests: frozenset[str]


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """Hours of a stage. `contests`: only these (a session); None: whatever the stage takes."""

    stage: str
    begins: int
    ends: int
    contests: frozenset[str] | None = None

    @property
    def day(self) -> int:
        """The calendar day it belongs to."""
        return self.begins // DAY


@dataclass(frozen=True, slots=True)
class AwaySpan:
    """A family, person or panel that is not there. `kind` is `family`, `person` or `panel`."""

    kind: str
    code: str
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class PlaceOfAct:
    """An act on its stage at its moment: of a plan, or locked before there is one."""

    act: str
    stage: str
    at: int


@dataclass(frozen=True, slots=True)
class WholeFestival:
    """Everything a plan depends on."""

    acts: tuple[ActToTime, ...]
    contests: tuple[ContestToTime, ...]
    stages: tuple[StageToFill, ...]
    panels: tuple[SittingPanel, ...]
    windows: tuple[OpenWindow, ...]
    away: tuple[AwaySpan, ...] = ()
    family_gap_min: int = 15
    longest_wait_min: int | None = None
    day_cost_min: int = 120
    locked: tuple[PlaceOfAct, ...] = ()

    def takes(self, window: OpenWindow, contest: str) -> bool:
        """May an act of this contest stand in this window?"""
        if window.contests is not None and contest not in window.contests:
            return False
        return any(each.code == window.stage and contest in each.takes for each in self.stages)
