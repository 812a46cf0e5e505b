"""When is the made-up festival, and what is on at which hour?

`CLASSIC` is the edition as it was in June 2024, with half of every contest behind it: nothing in it depends on the present,
so tests and figures stand on it. A living festival is on its second day at the moment `at`, whatever the hour: the talent
contest and the penalty kicks are on at that very moment, two contests are over since the first day, two are to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from festival.core.clock import from_local

QUARTER = 15
LAST_ANCHOR = time(23, 15)  # so that the act after the one on stage is still today's
SPARE = timedelta(minutes=30)
DAYS = 3
# the contest on at the moment, with its stage; both have half of their acts behind them
RUNNING = (("tai-nang", "san-khau-chinh"), ("bong-da", "san-bong-da"))
OVER = frozenset({"bong-ro", "trang-phuc"})

# contest, stage, day of the festival, from, to, label
SESSIONS = (
    ("tai-nang", "san-khau-chinh", 1, (19, 0), (21, 40), "buổi tối"),
    ("bong-ro", "san-bong-ro", 2, (7, 0), (9, 0), "buổi sáng"),
    ("bong-da", "san-bong-da", 2, (7, 0), (9, 0), "buổi sáng"),
    ("cau-long", "nha-thi-dau", 2, (9, 15), (11, 45), "buổi sáng"),
    ("nau-an", "khu-nau-an", 2, (13, 30), (16, 45), "buổi chiều"),
    ("trang-phuc", "san-khau-chinh", 2, (19, 0), (21, 15), "buổi tối"),
    ("tai-nang", "san-khau-chinh", 3, (7, 30), (10, 15), "buổi sáng"),
)
# a living festival: what is over since the first day, and what comes on the third
OTHER_SESSIONS = (
    ("bong-ro", "san-bong-ro", 1, (7, 0), (9, 30), "buổi sáng"),
    ("trang-phuc", "san-khau-chinh", 1, (17, 0), (19, 30), "buổi chiều"),
    ("nau-an", "khu-nau-an", 3, (8, 0), (11, 30), "buổi sáng"),
    ("cau-long", "nha-thi-dau", 3, (13, 30), (16, 0), "buổi chiều"),
)
# A festival of thousands: one long day for each contest, acts cut short so that three days hold them.
LONG_SESSIONS = (
    ("tai-nang", "san-khau-chinh", 1),
    ("bong-ro", "san-bong-ro", 1),
    ("trang-phuc", "san-khau-chinh", 2),
    ("bong-da", "san-bong-da", 2),
    ("nau-an", "khu-nau-an", 3),
    ("cau-long", "nha-thi-dau", 3),
)
LONG_DAY = ((5, 0), (22, 30))


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A session to be: a contest on a stage, from when until when."""

    contest: str
    stage: str
    begins: datetime
    ends: datetime
    label: str


@dataclass(frozen=True, slots=True)
class DemoDays:
    """The first day, and for a living festival the moment at which it stands: a wall clock in Vietnam, a quarter of an hour."""

    starts: date
    at: datetime | None = None

    @property
    def ends(self) -> date:
        """The last day."""
        return self.starts + timedelta(days=DAYS - 1)

    def moment(self, day: int, clock: tuple[int, int]) -> datetime:
        """An hour of the festival's day 1, 2 or 3; days before the festival are 0, -1, …"""
        midnight = datetime.combine(self.starts, time.min) + timedelta(days=day - 1)
        return from_local(midnight + timedelta(hours=clock[0], minutes=clock[1]))

    @property
    def now(self) -> datetime:
        """The moment of a living festival."""
        if self.at is None:
            raise ValueError("this festival stands at no moment")
        return from_local(self.at)

    def done(self, contest: str, entries: int) -> int:
        """How many of so many acts are over."""
        if self.at is None or contest in {running for running, _stage in RUNNING}:
            return -(-entries // 2)
        return entries if contest in OVER else 0

    def sessions(self, acts: Mapping[str, tuple[int, int]], *, long: bool) -> list[PlannedBlock]:
        """`acts`: of each contest how many, and how many minutes from one to the next."""
        if long:
            return [
                PlannedBlock(contest, stage, self.moment(day, LONG_DAY[0]), self.moment(day, LONG_DAY[1]), "cả ngày")
                for contest, stage, day in LONG_SESSIONS
            ]
        fixed = [
            PlannedBlock(contest, stage, self.moment(day, begins), self.moment(day, ends), label)
            for contest, stage, day, begins, ends, label in (SESSIONS if self.at is None else OTHER_SESSIONS)
        ]
        return fixed if self.at is None else [*self._running(acts), *fixed]

    def _running(self, acts: Mapping[str, tuple[int, int]]) -> list[PlannedBlock]:
        """The act after the first half begins at the moment itself."""
        assert self.at is not None
        planned = []
        for contest, stage in RUNNING:
            count, every = acts[contest]
            before = self.done(contest, count)
            begins = self.at - timedelta(minutes=before * every)
            ends = self.at + timedelta(minutes=(count - before) * every) + SPARE
            planned.append(PlannedBlock(contest, stage, from_local(begins), from_local(ends), label_of(self.at.time())))
        return planned


CLASSIC = DemoDays(date(2024, 6, 14))


def days_from(starts: date, moment: datetime) -> DemoDays:
    """A festival that starts then, as it stands at that wall clock: living if that is one of its days, else as it was in 2024.

    The moment is rounded down to a quarter of an hour, and from 23:15 on it is 23:15.
    """
    if not starts <= moment.date() <= starts + timedelta(days=DAYS - 1) or starts == CLASSIC.starts:
        return DemoDays(starts)
    at = moment.replace(minute=moment.minute // QUARTER * QUARTER, second=0, microsecond=0, tzinfo=None)
    return DemoDays(starts, min(at, datetime.combine(at.date(), LAST_ANCHOR)))


def label_of(clock: time) -> str:
    """The part of the day, as it stands in a programme."""
    hours = ((4, "ban đêm"), (11, "buổi sáng"), (13, "buổi trưa"), (18, "buổi chiều"), (22, "buổi tối"))
    return next((label for until, label in hours if clock.hour < until), "ban đêm")
