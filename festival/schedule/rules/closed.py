"""Which acts still wait on a stage that is closed? Pure: the part of `conflicts.check` that speaks of closed stages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from festival.core.sentence import N_
from festival.schedule.rules.planned import Clash, Placed, PlanConflict, day_clock


def on_closed_stages(placed: Sequence[Placed]) -> Iterable[PlanConflict]:
    """One for each session on a closed stage with acts that are still to come."""
    waiting: dict[str, list[Placed]] = defaultdict(list)
    for each in sorted(placed, key=lambda each: (each.starts_at, each.act.code)):
        if each.session.closed and not each.over:
            waiting[each.session.code].append(each)
    for several in waiting.values():
        session = several[0].session
        reason = N_(
            "%(stage)s đã đóng nhưng «%(session)s» ở đó còn %(count)s tiết mục chưa thi, từ %(start)s. "
            "Dời các tiết mục đi, hoặc mở lại sân khấu.",
            stage=session.stage,
            session=session.title,
            count=len(several),
            start=day_clock(several[0].starts_at),
        )
        yield PlanConflict(Clash.CLOSED, tuple(each.act.code for each in several), reason, (session.code,))
