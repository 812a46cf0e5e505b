"""Until when does the jury review petitions about a contest: by the rules, or until the hour that the organiser typed instead?

The typed hour is changed, taken back and brought again. It closes the jury's review and nothing else; a petition that was taken
before keeps what was true of it then, and is moved by hand where it should be another's business now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import moment
from festival.editions.models import Festival
from festival.results.meeting.saying import said_row, say_once, undo_once
from festival.results.models import StateChange
from festival.results.petition_desk.models import PetitionHour
from festival.results.petitions.kinds import closes_at
from festival.results.petitions.reading import rule_of

FURTHEST = timedelta(days=60)  # further away a year is mistyped


def closing_hour(festival: Festival, contest: Contest | None) -> datetime | None:
    """When the review of this contest closes, as far as it is known; None: no hour is named, or its step is not taken."""
    if contest is None:
        return None
    said = db.session.scalar(select(PetitionHour.says).where(PetitionHour.contest_id == contest.id))
    if (typed := hour_of(said)) is not None:
        return typed
    rule = rule_of(festival)
    if rule is None:
        return None
    step = StateChange.state == ContestState(rule.after.value)
    taken = select(StateChange.at).where(StateChange.contest_id == contest.id, step)
    return closes_at(rule, db.session.scalar(taken))


def hour_of(says: Mapping[str, Any] | None) -> datetime | None:
    """The typed hour as its row holds it; None where it was taken back."""
    return None if says is None else datetime.fromisoformat(says["closes_at"])


def hour_rows(festival_id: int) -> dict[int, PetitionHour]:
    """By contest, each that was ever typed."""
    own = select(PetitionHour).join(Contest, Contest.id == PetitionHour.contest_id)
    return {row.contest_id: row for row in db.session.scalars(own.where(Contest.festival_id == festival_id))}


def typed_hours(festival_id: int) -> list[tuple[Contest, datetime]]:
    """Those that stand, in the order of the contests."""
    rows = db.session.execute(
        select(Contest, PetitionHour.says)
        .join(PetitionHour, PetitionHour.contest_id == Contest.id)
        .where(Contest.festival_id == festival_id)
        .order_by(Contest.position, Contest.id)
    )
    return [(contest, hour) for contest, says in rows if (hour := hour_of(says)) is not None]


def say_hour(festival: Festival, code: str, at: datetime | None, version: int, by: int | None) -> bool:
    """The jury reviews until this hour; None takes it back, then the rules count. False when nothing is different."""
    row = _held(festival, code)
    wanted = None if at is None else {"closes_at": at.astimezone(UTC).isoformat()}
    if at is not None and wanted != row.says:
        _refuse_odd(at)
    return say_once(festival, row, wanted, version, by)


def undo_hour(festival: Festival, code: str, version: int, by: int | None) -> None:
    """One step back; done again it is the step forth."""
    undo_once(festival, _held(festival, code), version, by)


def _held(festival: Festival, code: str) -> PetitionHour:
    own = (Contest.festival_id == festival.id) & (Contest.code == code)
    contest_id = db.session.scalar(select(Contest.id).where(own))
    if contest_id is None:
        raise NotFound()
    return said_row(PetitionHour, PetitionHour.contest_id == contest_id) or PetitionHour(contest_id=contest_id)


def _refuse_odd(at: datetime) -> None:
    if at <= now():
        raise BadInput(
            _("%(at)s đã qua. Ghi một giờ chưa đến: kiến nghị đã nhận không thể thành quá hạn.", at=moment(at)),
            field="until",
        )
    if at > now() + FURTHEST:
        raise BadInput(_("%(at)s còn quá xa. Xem lại ngày, tháng, năm.", at=moment(at)), field="until")
