"""What stands of founding decisions and of a panel's meeting, and what is still not said before minutes are signed?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import exists, func, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.results.meeting.models import FoundingKind, FoundingPaper, PanelMeeting, WholeMeeting
from festival.results.meeting.told import FoundingTold, MeetingTold, founding_of, meeting_of


def founding_rows(festival_id: int) -> Mapping[FoundingKind, FoundingPaper]:
    """Each that was ever said, also taken back."""
    rows = db.session.scalars(select(FoundingPaper).where(FoundingPaper.festival_id == festival_id))
    return {row.what: row for row in rows}


def founded_on(festival_id: int) -> list[tuple[FoundingKind, FoundingTold]]:
    """The decisions that papers cite, in their order."""
    rows = founding_rows(festival_id)
    found = ((what, founding_of(rows[what].says)) for what in FoundingKind if what in rows)
    return [(what, told) for what, told in found if told is not None]


def meeting_row(contest_id: int) -> PanelMeeting | None:
    """What was said of the meeting."""
    return db.session.scalars(select(PanelMeeting).where(PanelMeeting.contest_id == contest_id)).one_or_none()


def meeting_told(contest_id: int) -> MeetingTold | None:
    """The same, as it stands."""
    row = meeting_row(contest_id)
    return None if row is None else meeting_of(row.says)


def whole_meeting_row(festival_id: int) -> WholeMeeting | None:
    """What was said of the meeting about the whole delegation."""
    return db.session.scalars(select(WholeMeeting).where(WholeMeeting.festival_id == festival_id)).one_or_none()


def receivers_usual() -> tuple[str, ...]:
    """Who gets minutes when nobody says otherwise."""
    return str(_("Ban Tổ chức")), str(_("Ban giám khảo")), str(_("Lưu: Tổ Thư ký"))


def not_said(contest: Contest) -> tuple[str, ...]:
    """What the minutes of a locked contest would not say yet: nothing of the meeting, nothing they are founded on. One statement."""
    met = exists().where(PanelMeeting.contest_id == contest.id, PanelMeeting.says.is_not(None))
    own = FoundingPaper.festival_id == contest.festival_id
    founded = select(func.count()).select_from(FoundingPaper).where(own, FoundingPaper.says.is_not(None))
    row = db.session.execute(select(met.label("met"), founded.scalar_subquery().label("founded"))).one()
    return (*(() if row.met else ("meeting",)), *(() if row.founded == len(FoundingKind) else ("founding",)))
