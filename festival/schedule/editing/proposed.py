"""What does the form of a new session or stage propose, so that a whole timetable is typed in few strokes?

After each session: the same stage and day, from the hour the last one ends, the first contest that has no session yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.names import fold
from festival.schedule.models import Session

LONGEST_CODE = 40


def added_last(sessions: Sequence[Session]) -> Session | None:
    """The one after which the form goes on."""
    return max(sessions, key=lambda row: row.id, default=None)


def next_session(sessions: Sequence[Session], contests: Sequence[Contest], first_day: date) -> dict[str, str]:
    """The fields of the next session as an organiser would type them; what nobody can know stays empty."""
    last = added_last(sessions)
    if last is None:
        return {"day": _day(first_day)}
    held = {row.contest_id for row in sessions}
    contest = next((row.id for row in contests if row.id not in held), last.contest_id)
    ended = local(last.ends_at)
    return {
        "contest": str(contest),
        "stage": str(last.stage_id),
        "day": _day(ended.date()),
        "from": f"{ended.hour}:{ended.minute:02d}",
    }


def stage_code(name: str, taken: Collection[str]) -> str:
    """«Sân khấu chính» is san-khau-chinh, numbered from 2 when taken."""
    code = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[: LONGEST_CODE - 3].strip("-") or "san"
    return next(each for each in (code, *(f"{code}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _day(on: date) -> str:
    return f"{on.day}/{on.month}/{on.year}"
