"""How far is the day: when is each act still to come expected, on which stages is somebody leading by taps?"""

from __future__ import annotations

from datetime import datetime, timedelta

from festival.roster.models import EntryState
from festival.schedule.mending.reading import DayNow
from festival.schedule.models import Act, ActState
from festival.schedule.moving.lying import Lying
from festival.schedule.published.following import followed
from festival.schedule.stage_day.expected import PENDING, is_called, starts_from
from festival.schedule.stage_day.reading import day_act, festival_day


def acts_of_day(festival_id: int, at: datetime) -> dict[str, list[Act]]:
    """By the name of the stage, in the order of the programme; those that take part."""
    found: dict[str, list[Act]] = {}
    for row in followed(festival_id).sessions:
        for act in row.acts:
            if festival_day(act.starts_at) == festival_day(at) and act.entry.state is EntryState.ENROLLED:
                found.setdefault(row.stage.name, []).append(act)
    return found


def day_now(table: Lying, festival_id: int, at: datetime) -> DayNow:
    """As every screen of the day says it."""
    code_of = {row.id: code for code, rows in table.by_code.items() for row in rows}
    expected: dict[str, datetime] = {}
    ends: dict[str, datetime] = {}
    for acts in acts_of_day(festival_id, at).values():
        plain = [day_act(act) for act in acts]
        if not is_called(plain):
            continue
        for key, begins in starts_from(plain, at).items():
            expected.setdefault(code_of[int(key)], begins)
        for act in acts:
            if act.state is ActState.ON_STAGE and act.began_at is not None:
                over = max(act.began_at + timedelta(minutes=act.duration_min), at)
                ends[code_of[act.id]] = over
    return DayNow(at, expected, ends)


def next_of_session(festival_id: int, session_id: int, at: datetime) -> datetime | None:
    """When the first of its acts still to come is expected, else as published; None when none is left."""
    for acts in acts_of_day(festival_id, at).values():
        plain = [day_act(act) for act in acts]
        expected = starts_from(plain, at) if is_called(plain) else {}
        own = [
            expected.get(str(act.id), act.starts_at)
            for act in acts
            if act.session_id == session_id and act.state.value in PENDING
        ]
        if own:
            return min(own)
    return None
