"""What of meetings and founding decisions goes with the papers? They stand on what was signed, and stay as long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.contests.models import Contest
from festival.core.database import Base
from festival.editions.models import Festival
from festival.results.meeting.models import FoundingPaper, PanelMeeting, WholeMeeting


def emptied_records(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """On the day of the papers."""
    nothing = {"says": None, "before": None}
    yield FoundingPaper, FoundingPaper.festival_id == festival.id, nothing
    yield WholeMeeting, WholeMeeting.festival_id == festival.id, nothing
    contests = select(Contest.id).where(Contest.festival_id == festival.id)
    yield PanelMeeting, PanelMeeting.contest_id.in_(contests), nothing
