"""Which sessions cannot be, or should hardly be, at the same time? Pure.

Two sessions on one stage cannot: that is refused. Two of one contest, and two with a judge in common, are told: the
panel may be changed afterwards, and a contest that is counted may run on two grounds at once. So is a stage that was said
not to take the contest.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

from festival.core.sentence import N_, Sentence
from festival.schedule.conflicts import clock, day_clock


@dataclass(frozen=True, slots=True)
class Booked:
    """A session as this rule sees it; `stage` and `contest` are their codes, times as they are to be spoken."""

    title: str
    stage: str
    stage_name: str
    contest: str
    starts_at: datetime
    ends_at: datetime
    judges: frozenset[Hashable] = frozenset()
    takes: frozenset[str] = frozenset()  # the contests its stage takes; none: all


def at_once(one: Booked, other: Booked) -> bool:
    """Whether both run at some moment; one that begins when the other ends follows it."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def on_one_stage(new: Booked, others: Iterable[Booked]) -> list[Sentence]:
    """The sessions that are on the same stage at the same time."""
    return [
        N_(
            "%(stage)s đã có «%(other)s» từ %(start)s đến %(end)s.",
            stage=other.stage_name,
            other=other.title,
            start=day_clock(other.starts_at),
            end=clock(other.ends_at),
        )
        for other in others
        if other.stage == new.stage and at_once(new, other)
    ]


def told(new: Booked, others: Iterable[Booked]) -> list[Sentence]:
    """What an organiser is asked about: a stage that does not take the contest; the contest, or its judges, elsewhere then."""
    said = []
    if new.takes and new.contest not in new.takes:
        said.append(N_("%(stage)s được ghi là không nhận phần thi này.", stage=new.stage_name))
    for other in others:
        if other.stage == new.stage or not at_once(new, other):
            continue
        both = len(new.judges & other.judges)
        if other.contest == new.contest:
            said.append(
                N_(
                    "Cùng lúc đó phần thi này còn «%(other)s» ở %(stage)s, từ %(start)s.",
                    other=other.title,
                    stage=other.stage_name,
                    start=day_clock(other.starts_at),
                )
            )
        if both:
            said.append(
                N_(
                    "%(count)s giám khảo phải ngồi hai nơi cùng lúc: buổi này và «%(other)s» ở %(stage)s, từ %(start)s.",
                    count=both,
                    other=other.title,
                    stage=other.stage_name,
                    start=day_clock(other.starts_at),
                )
            )
    return said
