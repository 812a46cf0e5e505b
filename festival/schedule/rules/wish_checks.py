"""Which wishes does a plan break? The part of `conflicts.check` that speaks of what was wished. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

from festival.core.sentence import N_
from festival.schedule.rules.planned import Clash, Placed, PlanConflict, clock, day_clock
from festival.schedule.rules.wished import AwayTime, Wishes


def against_wishes(placed: Sequence[Placed], wishes: Wishes) -> Iterable[PlanConflict]:
    """Every wish that is not kept; somebody in two acts that follow each other is said without any wish."""
    in_session: dict[str, list[Placed]] = defaultdict(list)
    for each in sorted(placed, key=lambda each: (each.starts_at, each.act.code)):
        in_session[each.session.code].append(each)
    sittings = list(in_session.values())
    yield from _away(placed, sittings, wishes)
    yield from _pauses(placed, wishes)
    yield from _windows(placed, wishes)
    yield from _before(placed, wishes)
    yield from _places(sittings, wishes)
    yield from _stages(sittings, wishes)
    yield from _costumes(placed, sittings, wishes)


def _away(placed: Sequence[Placed], sittings: Sequence[Sequence[Placed]], wishes: Wishes) -> Iterable[PlanConflict]:
    for away in wishes.away:
        for each in placed:
            if away.binds_act(each.act) and each.busy_from < away.ends and away.begins < each.ends_at:
                yield _not_there(away, each, each.act.title)
        for sitting in sittings:
            session = sitting[0].session
            if not away.binds_session(session):
                continue
            then = [each for each in sitting if each.starts_at < away.ends and away.begins < each.ends_at]
            if then:
                yield _not_there(away, then[0], session.title, session.code)


def _not_there(away: AwayTime, each: Placed, title: str, *sessions: str) -> PlanConflict:
    reason = N_(
        "«%(act)s» có giờ lúc %(start)s nhưng %(who)s vắng mặt từ %(begins)s đến %(ends)s.",
        act=title,
        start=clock(each.starts_at),
        who=away.who,
        begins=day_clock(away.begins),
        ends=day_clock(away.ends),
    )
    return PlanConflict(Clash.AWAY, (each.act.code,), reason, sessions)


def _pauses(placed: Sequence[Placed], wishes: Wishes) -> Iterable[PlanConflict]:
    for pause in wishes.pauses:
        for each in placed:
            here = pause.stage in ("", each.session.stage)
            if here and each.starts_at < pause.ends and pause.begins < each.ends_at:
                reason = N_(
                    "«%(act)s» (%(start)s – %(end)s) đứng trong giờ nghỉ «%(pause)s», từ %(begins)s đến %(ends)s.",
                    act=each.act.title,
                    start=clock(each.starts_at),
                    end=clock(each.ends_at),
                    pause=pause.title,
                    begins=clock(pause.begins),
                    ends=day_clock(pause.ends),
                )
                yield PlanConflict(Clash.PAUSE, (each.act.code,), reason)


def _windows(placed: Sequence[Placed], wishes: Wishes) -> Iterable[PlanConflict]:
    for each in placed:
        earliest, latest = wishes.earliest.get(each.act.code), wishes.latest.get(each.act.code)
        if earliest is not None and each.starts_at < earliest:
            reason = N_(
                "«%(act)s» bắt đầu %(start)s, sớm hơn giờ đã hẹn: không trước %(hour)s.",
                act=each.act.title,
                start=day_clock(each.starts_at),
                hour=day_clock(earliest),
            )
            yield PlanConflict(Clash.WINDOW, (each.act.code,), reason)
        if latest is not None and each.ends_at > latest:
            reason = N_(
                "«%(act)s» xong lúc %(end)s, muộn hơn giờ đã hẹn: xong trước %(hour)s.",
                act=each.act.title,
                end=day_clock(each.ends_at),
                hour=day_clock(latest),
            )
            yield PlanConflict(Clash.WINDOW, (each.act.code,), reason)


def _before(placed: Sequence[Placed], wishes: Wishes) -> Iterable[PlanConflict]:
    at = {each.act.code: each for each in placed}
    for first, second in wishes.before:
        if first in at and second in at and at[second].starts_at < at[first].ends_at:
            reason = N_(
                "«%(first)s» phải thi xong trước «%(second)s», nhưng xong lúc %(end)s còn «%(second)s» bắt đầu %(start)s.",
                first=at[first].act.title,
                second=at[second].act.title,
                end=day_clock(at[first].ends_at),
                start=day_clock(at[second].starts_at),
            )
            yield PlanConflict(Clash.BEFORE, (first, second), reason)


def _places(sittings: Sequence[Sequence[Placed]], wishes: Wishes) -> Iterable[PlanConflict]:
    for sitting in sittings:
        first, last = sitting[0], sitting[-1]
        for each in sitting:
            if each.act.code in wishes.opening and each is not first:
                reason = N_(
                    "«%(act)s» phải mở màn buổi của mình, nhưng «%(other)s» thi trước.",
                    act=each.act.title,
                    other=first.act.title,
                )
                yield PlanConflict(Clash.PLACE, (each.act.code, first.act.code), reason)
            if each.act.code in wishes.closing and each is not last:
                reason = N_(
                    "«%(act)s» phải kết thúc buổi của mình, nhưng «%(other)s» thi sau.",
                    act=each.act.title,
                    other=last.act.title,
                )
                yield PlanConflict(Clash.PLACE, (each.act.code, last.act.code), reason)


def _stages(sittings: Sequence[Sequence[Placed]], wishes: Wishes) -> Iterable[PlanConflict]:
    for sitting in sittings:
        session = sitting[0].session
        if not wishes.takes_it(session):
            reason = N_(
                "«%(session)s» diễn ra ở %(stage)s, nơi được ghi là không nhận phần thi này.",
                session=session.title,
                stage=session.stage,
            )
            yield PlanConflict(Clash.TAKES, (sitting[0].act.code,), reason, (session.code,))


def _costumes(placed: Sequence[Placed], sittings: Sequence[Sequence[Placed]], wishes: Wishes) -> Iterable[PlanConflict]:
    """Of each person, the acts that follow each other; who is in two at once is said by another rule."""
    next_on_stage = {(before.act.code, after.act.code) for sitting in sittings for before, after in pairwise(sitting)}
    of_person: dict[Hashable, list[Placed]] = defaultdict(list)
    for each in placed:
        for person in each.act.persons:
            of_person[person].append(each)
    said: set[tuple[str, str]] = set()
    for several in of_person.values():
        several.sort(key=lambda each: (each.busy_from, each.starts_at, each.act.code))
        for before, after in pairwise(several):
            pair, free = (before.act.code, after.act.code), after.busy_from - before.ends_at
            needed = max(wishes.change_of(before.act.contest), wishes.change_of(after.act.contest))
            if pair in said or free < timedelta():
                continue
            if free < timedelta(minutes=needed):
                said.add(pair)
                reason = N_(
                    "Có người chỉ có %(free)s phút thay trang phục giữa «%(before)s» và «%(after)s»; cần ít nhất %(needed)s phút.",
                    free=int(free.total_seconds()) // 60,
                    before=before.act.title,
                    after=after.act.title,
                    needed=needed,
                )
                yield PlanConflict(Clash.CHANGE, pair, reason)
            elif pair in next_on_stage:
                said.add(pair)
                reason = N_(
                    "Có người tham gia hai tiết mục liền nhau: «%(before)s» rồi «%(after)s».",
                    before=before.act.title,
                    after=after.act.title,
                )
                yield PlanConflict(Clash.CHANGE, pair, reason)
