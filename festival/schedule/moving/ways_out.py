"""Which way out is kept ready before it is needed: the evening in the hall, if it rains?

Kept is only what is wanted. What would follow is worked out anew when it is opened, because acts may have been on since.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, NotFound, Overtaken
from festival.schedule.editing.steps import own_session, own_stage
from festival.schedule.history.models import WayOut
from festival.schedule.moving.shifting import Shift, Shifted, shift, shift_from_json
from festival.schedule.sessions import locked


def ways_out(festival_id: int) -> list[WayOut]:
    """The newest first; those thrown away or taken too, so that they can be had back."""
    rows = select(WayOut).where(WayOut.festival_id == festival_id).order_by(WayOut.id.desc()).limit(20)
    return list(db.session.scalars(rows))


def keep(festival_id: int, wanted: Shift, by: int | None) -> WayOut:
    """Nothing of the draft changes."""
    locked(festival_id)
    if not wanted.sessions:
        raise BadInput(_("Chọn ít nhất một buổi thi để dời."))
    for each in wanted.sessions:
        own_session(festival_id, each)
    if wanted.stage:
        own_stage(festival_id, wanted.stage)
    elif wanted.starts_at is None:
        raise BadInput(_("Chọn sân khấu khác hoặc giờ bắt đầu khác."))
    kept = WayOut(festival_id=festival_id, wanted=wanted.as_json(), made_by=by, made_at=now())
    db.session.add(kept)
    db.session.flush()
    return kept


def own_way_out(festival_id: int, way_id: int) -> WayOut:
    """NotFound for one of another festival."""
    kept = db.session.get(WayOut, way_id)
    if kept is None or kept.festival_id != festival_id:
        raise NotFound()
    return kept


def put_away(festival_id: int, way_id: int, *, back: bool = False) -> None:
    """Throw it away, or have it back; of two at once the second is told."""
    own_way_out(festival_id, way_id)
    where = WayOut.closed_at.is_not(None) if back else WayOut.closed_at.is_(None)
    done = db.session.execute(
        update(WayOut).where(WayOut.id == way_id, where).values(closed_at=None if back else now())
    )
    if done.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Có người vừa dùng hoặc bỏ phương án này. Xem lại danh sách."))


def take(festival_id: int, way_id: int, by: int | None) -> Shifted:
    """Do what it says, as things stand now; it is then no longer kept."""
    locked(festival_id)
    put_away(festival_id, way_id)
    return shift(festival_id, shift_from_json(own_way_out(festival_id, way_id).wanted), by)
