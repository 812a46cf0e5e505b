"""Which tablets have sent something that is not here yet?"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from festival.core.database import db
from festival.devices.models import Device
from festival.judging.tally import MarkingJudge


def tablets_with_gaps(seats: Iterable[MarkingJudge]) -> list[Device]:
    """Tablets of these judges of which the server has message n+1 but not n."""
    return list(
        db.session.scalars(
            select(Device)
            .where(
                Device.user_id.in_([seat.user_id for seat in seats]),
                Device.seq_count < Device.seq_max,
                Device.revoked_at.is_(None),
            )
            .order_by(Device.number)
        )
    )
