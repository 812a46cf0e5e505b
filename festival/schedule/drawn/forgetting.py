"""What of draws goes on the day of the data, and what with the papers?

Minutes that were signed, and who was at the meeting, are a record of the organising body: they stay until the day of the papers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.contests.models import Contest
from festival.core.database import Base
from festival.editions.models import Festival
from festival.papers.draw_minutes import DrawMinutes, DrawMinutesPage
from festival.papers.models import PaperState
from festival.schedule.drawn.models import DrawChange, DrawMeeting
from festival.schedule.models import Draw

GONE = "–"  # where a column must hold something
Emptied = Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]


def emptied_draws(festival: Festival) -> Emptied:
    """On the day of the data: who agreed and why; minutes that nobody signed."""
    draws = select(Draw.id).join(Contest, Contest.id == Draw.contest_id).where(Contest.festival_id == festival.id)
    own = DrawChange.draw_id.in_(draws)
    yield DrawChange, own, {"heads": [], "reason": GONE}
    yield DrawChange, own & DrawChange.undone_at.is_not(None), {"undone_why": GONE}
    unsigned = (DrawMinutes.festival_id == festival.id) & DrawMinutes.signed_at.is_(None)
    yield DrawMinutes, unsigned, {"content": b"", "editable": b""}


def emptied_minutes(festival: Festival) -> Emptied:
    """On the day of the papers; digests, number and day of the minutes stay."""
    own = DrawMinutes.festival_id == festival.id
    yield DrawMinutesPage, DrawMinutesPage.minutes_id.in_(select(DrawMinutes.id).where(own)), {"content": b""}
    yield DrawMinutes, own, {"content": b"", "editable": b"", "signer": ""}
    yield DrawMinutes, own & (DrawMinutes.state == PaperState.ANNULLED), {"reason": GONE}
    nobody = {"place": "", "chair": "", "secretary": "", "attendance": [], "witnesses": []}
    yield DrawMeeting, DrawMeeting.festival_id == festival.id, nobody
