"""Which acts have no time, and why: is there no room, or has only nobody put them anywhere?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from festival.core.clock import local
from festival.core.sentence import N_, Sentence
from festival.schedule.conflicts import PlannedAct
from festival.schedule.moving.lying import Lying
from festival.schedule.queries import session_title


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """An act off the board and what stands against it."""

    act: PlannedAct
    contest: str
    why: Sentence


def waiting(table: Lying) -> list[WaitingAct]:
    """Those whose contest has a session; by contest, in the drawn order."""
    names = {row.contest.code: row.contest.name for row in table.sessions.values()}
    return [
        WaitingAct(act, names[act.contest], _why(table, act))
        for act in table.given.acts
        if act.code not in table.placed
    ]


def _why(table: Lying, act: PlannedAct) -> Sentence:
    sessions = table.open_to(act.code)
    if not sessions:
        return N_("mọi buổi của phần thi đã khóa, hoặc sân khấu đã đóng")
    free = {}
    for row in sessions:
        turns = table.turns(row.id)
        free[row.id] = local(row.ends_at) - table.hours(row.id).after(turns, len(turns))
    widest = max(sessions, key=lambda row: free[row.id])
    if free[widest.id] < timedelta(minutes=act.duration_min):
        left = max(int(free[widest.id].total_seconds()) // 60, 0)
        return N_(
            "cần %(minutes)s phút, buổi còn rộng nhất chỉ còn %(free)s phút ở cuối",
            minutes=act.duration_min,
            free=left,
        )
    return N_("còn chỗ ở cuối buổi «%(session)s»", session=session_title(widest))
