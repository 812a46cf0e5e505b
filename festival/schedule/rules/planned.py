"""What has to be placed, where it can be placed, and how an impossibility is said: the values of every rule of the timetable.

Times are aware datetimes in the zone they are to be spoken in (+07:00). Pure.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from festival.core.sentence import N_, Sentence

NIGHT = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """What has to be placed. `number` is the drawn place in its contest (None: not drawn)."""

    code: str
    title: str
    contest: str
    duration_min: int
    changeover_min: int = 0
    number: int | None = None
    families: frozenset[Hashable] = frozenset()
    persons: frozenset[Hashable] = frozenset()
    block: str = ""

    @property
    def queue(self) -> str:
        """Where it waits for a place; only sessions of the same take it."""
        return queue_of(self.contest, self.block)


def queue_of(contest: str, block: str) -> str:
    """Of a contest; where entries drew their session first (`block`), of that session alone."""
    return f"{contest}/{block}" if block else contest


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A block of one contest on one stage. In the first `together_min` all its acts work at once (cooking)."""

    code: str
    title: str
    contest: str
    stage: str
    starts_at: datetime
    ends_at: datetime
    together_min: int = 0
    judges: frozenset[Hashable] = frozenset()
    closed: bool = False  # its stage is: nothing more is put on it
    block: str = ""

    @property
    def queue(self) -> str:
        """Which acts it takes."""
        return queue_of(self.contest, self.block)

    @property
    def minutes(self) -> int:
        """Stage minutes for acts one after the other."""
        return max(int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.together_min, 0)


@dataclass(frozen=True, slots=True)
class Placed:
    """An act at its time in its session; its family is bound from `busy_from` (cooking begins with the session)."""

    act: PlannedAct
    session: PlannedSession
    starts_at: datetime
    over: bool = False  # it has been on, or did not come

    @property
    def ends_at(self) -> datetime:
        """When the act leaves the stage."""
        return self.starts_at + timedelta(minutes=self.act.duration_min)

    @property
    def busy_from(self) -> datetime:
        """From when its people are bound."""
        return self.session.starts_at if self.session.together_min else self.starts_at


class Clash(StrEnum):
    """What kind of impossibility it is."""

    FAMILY = "family"
    PERSON = "person"
    GAP = "gap"
    STAGE = "stage"
    JUDGE = "judge"
    OVERRUN = "overrun"
    ORDER = "order"
    CAPACITY = "capacity"
    AWAY = "away"
    PAUSE = "pause"
    WINDOW = "window"
    BEFORE = "before"
    PLACE = "place"  # opens or closes its session
    CHANGE = "change"  # of costume
    TAKES = "takes"
    CLOSED = "closed"  # its stage is, and it is still to come
    MAY_MEET = "may_meet"  # who goes on would be in two places
    TORN = "torn"  # a heat of which not all stand together
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class PlanConflict:
    """One impossibility: which acts, and why, in words."""

    kind: Clash
    acts: tuple[str, ...]
    reason: Sentence
    sessions: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return str(self.reason)


def evening_of(ends: datetime) -> date:
    """The day of the festival on which something ends: its evening goes on until three in the morning."""
    return (ends - NIGHT - timedelta(minutes=1)).date()


def clock(moment: datetime) -> Sentence:
    """«7 giờ 30», «14 giờ»: as a time is written on a programme."""
    if not moment.minute:
        return N_("%(hour)s giờ", hour=moment.hour)
    return N_("%(hour)s giờ %(minute)s", hour=moment.hour, minute=f"{moment.minute:02d}")


def day_clock(moment: datetime) -> Sentence:
    """«7 giờ 30 ngày 15/6»."""
    return N_("%(time)s ngày %(day)s/%(month)s", time=clock(moment), day=moment.day, month=moment.month)


def no_place(act: PlannedAct) -> Sentence:
    """Why an act stands in no session."""
    return N_(
        "«%(act)s» (%(minutes)s phút) chưa có chỗ: các buổi thi đã kín hoặc gia đình bận ở phần thi khác.",
        act=act.title,
        minutes=act.duration_min,
    )
