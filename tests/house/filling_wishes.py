"""What the page of one wish is opened with: a pause that stands."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from festival.core.clock import from_local
from festival.core.database import db
from festival.editions.models import Festival
from festival.schedule.wishes.models import Wish, WishKind
from festival.schedule.wishing.deciding import WishValues, add_wish


def wish(festival: Festival, user_id: int | None) -> int:
    """Asked again, the same."""
    known = db.session.scalar(select(Wish.id).where(Wish.festival_id == festival.id, Wish.kind == WishKind.PAUSE))
    if known is not None:
        return known
    begins = from_local(datetime.combine(festival.starts_on, time(11, 30)))
    lunch = WishValues(WishKind.PAUSE, starts_at=begins, ends_at=begins + timedelta(minutes=90), note="Nghỉ trưa")
    return add_wish(festival.id, lunch, user_id).id
