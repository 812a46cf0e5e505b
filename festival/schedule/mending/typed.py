"""What did an organiser type of a question, and does the draft still lie as it did when the answer was shown?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.seal.compare import digest
from festival.core.web.errors import BadInput
from festival.schedule.editing.typed import moment_typed
from festival.schedule.moving.lying import Lying
from festival.schedule.stage_day.reading import festival_day
from festival.schedule.timetable import day_number, sessions_alone

MOST_MIN = 240
LATE = 3  # in the morning


def cap_typed(typed: str, otherwise: int) -> int:
    """How far others may be moved; nothing typed: as proposed."""
    return minutes_typed(typed, otherwise, _("Số phút các tiết mục khác được đổi là số từ 0 đến 240."), least=0)


def minutes_typed(typed: str, otherwise: int | None, wrong: str, *, least: int = 1) -> int:
    """A number of minutes; BadInput that says how it is typed."""
    if not typed.strip() and otherwise is not None:
        return otherwise
    found = typed_number(typed)
    if found is None or not least <= found <= MOST_MIN:
        raise BadInput(wrong)
    return found


def typed_day(typed: str, festival_id: int) -> date:
    """One of the days with a session; what begins until three in the morning belongs to the evening."""
    days = {day_number(on): on for on in (festival_day(row.starts_at) for row in sessions_alone(festival_id))}
    found = days.get(typed_number(typed) or 0)
    if found is None:
        raise BadInput(_("Chọn một ngày có buổi thi."))
    return found


def hour_of(day: date, typed: str) -> datetime:
    """An hour as people write it; until three in the morning it belongs to the evening of that day."""
    at = local(moment_typed(day, typed))
    return at + timedelta(days=1) if at.hour < LATE else at


def day_stamp(table: Lying) -> str:
    """The same while nobody changes where the acts lie, who is locked, and the hours of the sessions."""
    acts = [
        [code, [[r.session_id, r.starts_at.isoformat(), r.locked] for r in rows]]
        for code, rows in sorted(table.by_code.items())
    ]
    rows = [
        [row.id, local(row.starts_at).isoformat(), local(row.ends_at).isoformat(), row.locked]
        for row in table.sessions.values()
    ]
    return digest([acts, rows])[:16]
