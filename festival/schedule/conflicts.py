"""Is a plan possible: is anybody in two places at once, and does everything fit?

One checker for every plan, whoever made it: the first running order, an organiser's move, the solver, the day itself.
Times are aware datetimes in the zone they are to be spoken in (+07:00). Rules: a family and a person are at one place
at a time and a family has `gap_min` between two acts; a judge is at one place; acts on one stage follow each other
with the changeover between; a session is not overrun; a drawn order inside a contest is kept; what was wished of the
timetable (`rules.wished`) is obeyed; nobody waits on a closed stage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise

from festival.core.sentence import N_, Value
from festival.schedule.rules.closed import on_closed_stages
from festival.schedule.rules.planned import (
    Clash,
    Placed,
    PlanConflict,
    PlannedAct,
    PlannedSession,
    clock,
    day_clock,
    no_place,
)
from festival.schedule.rules.wish_checks import against_wishes
from festival.schedule.rules.wished import NO_WISHES, Wishes

__all__ = [
    "Clash",
    "PlanConflict",
    "Placed",
    "PlannedAct",
    "PlannedSession",
    "capacity",
    "check",
    "clock",
    "day_clock",
    "no_place",
]


AT_ONCE = frozenset({Clash.FAMILY, Clash.PERSON, Clash.STAGE})


def capacity(acts: Iterable[PlannedAct], sessions: Iterable[PlannedSession]) -> list[PlanConflict]:
    """Contests whose acts cannot fit by the plain sum of minutes: said before anything is searched."""
    wanted: dict[str, list[PlannedAct]] = defaultdict(list)
    offered: dict[str, int] = defaultdict(int)
    for act in acts:
        wanted[act.queue].append(act)
    for session in sessions:
        offered[session.queue] += session.minutes
    found = []
    for queue, its_acts in sorted(wanted.items()):
        # every session saves one changeover at its end, so the sum without any changeover in between is certain
        least = sum(act.duration_min for act in its_acts)
        if least > offered[queue]:
            found.append(
                PlanConflict(
                    Clash.CAPACITY,
                    tuple(sorted(act.code for act in its_acts)),
                    N_(
                        "Không đủ giờ: %(count)s tiết mục cần ít nhất %(needed)s phút trên sân khấu, "
                        "các buổi thi chỉ có %(offered)s phút (thiếu %(lacking)s phút).",
                        count=len(its_acts),
                        needed=least,
                        offered=offered[queue],
                        lacking=least - offered[queue],
                    ),
                )
            )
    return found


def check(
    placed: Sequence[Placed], *, gap_min: int = 0, ordered: bool = True, wishes: Wishes = NO_WISHES
) -> list[PlanConflict]:
    """Every conflict of a plan, in the order of the day; an empty list is a possible plan.

    `gap_min`: least minutes a family has between two acts. `ordered`: the drawn numbers of a contest bind. Of acts that are
    all over nobody has to be in two places any more.
    """
    people = [*_families(placed, gap_min), *_persons(placed)]
    said = {each.acts for each in people}
    found = [
        *people,
        *(each for each in against_wishes(placed, wishes) if each.kind is not Clash.CHANGE or each.acts not in said),
        *_stages(placed),
        *_judges(placed),
        *_overruns(placed),
        *(_drawn_order(placed) if ordered else ()),
        *on_closed_stages(placed),
    ]
    start = {each.act.code: each.starts_at for each in placed}
    over = {each.act.code for each in placed if each.over}
    found = [each for each in found if each.kind not in AT_ONCE or not over.issuperset(each.acts)]
    return sorted(found, key=lambda conflict: (start[conflict.acts[0]], conflict.acts, conflict.kind))


def _shared(placed: Sequence[Placed], of: Callable[[Placed], Iterable[Hashable]]) -> Mapping[Hashable, list[Placed]]:
    by: dict[Hashable, list[Placed]] = defaultdict(list)
    for each in placed:
        for who in of(each):
            by[who].append(each)
    for several in by.values():
        several.sort(key=lambda each: (each.busy_from, each.starts_at, each.act.code))
    return by


def _families(placed: Sequence[Placed], gap_min: int) -> Iterable[PlanConflict]:
    said: set[tuple[str, str]] = set()
    for several in _shared(placed, lambda each: each.act.families).values():
        for before, after in _followers(several):
            pair = (before.act.code, after.act.code)
            if pair in said:
                continue
            free_min = int((after.busy_from - before.ends_at).total_seconds() // 60)
            if free_min < 0:
                said.add(pair)
                yield _at_once(Clash.FAMILY, before, after)
            elif free_min < gap_min:
                said.add(pair)
                yield PlanConflict(
                    Clash.GAP,
                    pair,
                    N_(
                        "Gia đình chỉ có %(free)s phút giữa «%(before)s» (xong lúc %(end)s) và «%(after)s» "
                        "(bắt đầu %(start)s); cần ít nhất %(gap)s phút.",
                        free=free_min,
                        before=before.act.title,
                        end=clock(before.ends_at),
                        after=after.act.title,
                        start=clock(after.busy_from),
                        gap=gap_min,
                    ),
                )


def _followers(several: Sequence[Placed]) -> Iterable[tuple[Placed, Placed]]:
    """Pairs to compare: each act with the later one that ends last before it begins (a long act hides short ones)."""
    longest = several[0]
    for each in several[1:]:
        yield longest, each
        if each.ends_at > longest.ends_at:
            longest = each


def _at_once(kind: Clash, before: Placed, after: Placed) -> PlanConflict:
    overlap_min = -int((after.busy_from - min(before.ends_at, after.ends_at)).total_seconds() // 60)
    values: dict[str, Value] = {
        "before": before.act.title,
        "before_stage": before.session.stage,
        "after": after.act.title,
        "after_stage": after.session.stage,
        "from_": day_clock(after.busy_from),
        "overlap": max(overlap_min, 1),
    }
    if kind is Clash.FAMILY:
        reason = N_(
            "Một gia đình phải ở hai nơi cùng lúc: «%(before)s» (%(before_stage)s) và «%(after)s» (%(after_stage)s) "
            "trùng nhau %(overlap)s phút từ %(from_)s.",
            **values,
        )
    else:
        reason = N_(
            "Một người phải ở hai nơi cùng lúc: «%(before)s» (%(before_stage)s) và «%(after)s» (%(after_stage)s) "
            "trùng nhau %(overlap)s phút từ %(from_)s.",
            **values,
        )
    return PlanConflict(kind, (before.act.code, after.act.code), reason)


def _persons(placed: Sequence[Placed]) -> Iterable[PlanConflict]:
    said: set[tuple[str, str]] = set()
    for several in _shared(placed, lambda each: each.act.persons).values():
        for before, after in _followers(several):
            pair = (before.act.code, after.act.code)
            # two acts of one family are said once, as the family's conflict
            if pair in said or before.act.families & after.act.families:
                continue
            if after.busy_from < before.ends_at:
                said.add(pair)
                yield _at_once(Clash.PERSON, before, after)


def _stages(placed: Sequence[Placed]) -> Iterable[PlanConflict]:
    by_stage: dict[str, list[Placed]] = defaultdict(list)
    for each in placed:
        by_stage[each.session.stage].append(each)
    for several in by_stage.values():
        several.sort(key=lambda each: (each.starts_at, each.act.code))
        for before, after in pairwise(several):
            changeover = before.act.changeover_min if before.session.code == after.session.code else 0
            short_min = changeover - int((after.starts_at - before.ends_at).total_seconds() // 60)
            if short_min > 0:
                yield PlanConflict(
                    Clash.STAGE,
                    (before.act.code, after.act.code),
                    N_(
                        "%(stage)s: «%(after)s» bắt đầu lúc %(start)s, sớm %(short)s phút so với lúc «%(before)s» "
                        "thi xong và dọn sân khấu.",
                        stage=before.session.stage,
                        before=before.act.title,
                        after=after.act.title,
                        start=clock(after.starts_at),
                        short=short_min,
                    ),
                )


def _judges(placed: Sequence[Placed]) -> Iterable[PlanConflict]:
    """A panel sits through its session, from its first act to its last."""
    acts_of: dict[str, list[Placed]] = defaultdict(list)
    for each in placed:
        acts_of[each.session.code].append(each)
    sittings = sorted(
        (
            (min(each.starts_at for each in several), max(each.ends_at for each in several), several)
            for several in acts_of.values()
        ),
        key=lambda sitting: sitting[:2],
    )
    for at, (_, ends_at, several) in enumerate(sittings):
        for other_start, _, other in sittings[at + 1 :]:
            if other_start >= ends_at:
                break
            both = several[0].session.judges & other[0].session.judges
            if both:
                first, second = several[0].session, other[0].session
                yield PlanConflict(
                    Clash.JUDGE,
                    (several[0].act.code, other[0].act.code),
                    N_(
                        "%(count)s giám khảo phải chấm hai nơi cùng lúc: «%(first)s» và «%(second)s» từ %(start)s.",
                        count=len(both),
                        first=first.title,
                        second=second.title,
                        start=day_clock(other_start),
                    ),
                    (first.code, second.code),
                )


def _overruns(placed: Sequence[Placed]) -> Iterable[PlanConflict]:
    for each in placed:
        early_min = int((each.session.starts_at - each.starts_at).total_seconds() // 60) + each.session.together_min
        late_min = -int((each.session.ends_at - each.ends_at).total_seconds() // 60)
        if late_min > 0:
            yield PlanConflict(
                Clash.OVERRUN,
                (each.act.code,),
                N_(
                    "«%(act)s» xong lúc %(end)s, quá giờ kết thúc của «%(session)s» (%(limit)s) %(late)s phút.",
                    act=each.act.title,
                    end=clock(each.ends_at),
                    session=each.session.title,
                    limit=clock(each.session.ends_at),
                    late=late_min,
                ),
                (each.session.code,),
            )
        elif early_min > 0:
            yield PlanConflict(
                Clash.OVERRUN,
                (each.act.code,),
                N_(
                    "«%(act)s» bắt đầu lúc %(start)s, trước giờ của «%(session)s» %(early)s phút.",
                    act=each.act.title,
                    start=clock(each.starts_at),
                    session=each.session.title,
                    early=early_min,
                ),
                (each.session.code,),
            )


def _drawn_order(placed: Sequence[Placed]) -> Iterable[PlanConflict]:
    in_queue: dict[str, list[Placed]] = defaultdict(list)
    for each in placed:
        if each.act.number is not None:
            in_queue[each.act.queue].append(each)
    for several in in_queue.values():
        several.sort(key=lambda each: (each.starts_at, each.act.number or 0))
        for before, after in pairwise(several):
            if (before.act.number or 0) > (after.act.number or 0):
                yield PlanConflict(
                    Clash.ORDER,
                    (before.act.code, after.act.code),
                    N_(
                        "«%(before)s» bốc thăm số %(number)s nhưng thi trước «%(after)s» (số %(other)s).",
                        before=before.act.title,
                        number=before.act.number or 0,
                        after=after.act.title,
                        other=after.act.number or 0,
                    ),
                )
