"""Which tablets have their judges opened, and how are these devices?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from festival.core.database import db
from festival.devices import life
from festival.devices.handlers import DeviceRole
from festival.devices.models import Activation, Device


@dataclass(frozen=True, slots=True)
class OpenTablet:
    """A judge's tablet that its judge has opened and that is in use."""

    device_id: int
    number: int
    user_id: int
    name: str
    since: datetime
    heard: datetime | None  # when it last delivered, or asked what is new
    on_the_way: int  # messages that are known to be missing
    offset_ms: int
    app: str  # the release of its page; empty while it has not said so


def open_tablets(festival_id: int, user_ids: Collection[int]) -> list[OpenTablet]:
    """The tablets in use of these judges, in the order in which they were opened."""
    rows = db.session.execute(
        select(
            Device.id,
            Device.number,
            Device.user_id,
            Device.name,
            Activation.activated_at,
            Device.last_seen_at,
            Device.seq_max - Device.seq_count,
            Device.offset_ms,
            Device.app,
        )
        .join(Activation, Activation.device_id == Device.id)
        .where(
            Device.festival_id == festival_id,
            Device.user_id.in_(list(user_ids)),
            Device.role == DeviceRole.JUDGE,
            Activation.activated_at.is_not(None),
            ~life.ended(),
        )
        .order_by(Activation.activated_at, Device.number)
    )
    found: list[OpenTablet] = []
    for device, number, user, name, since, heard, on_the_way, offset_ms, app in rows:
        assert user is not None and since is not None  # asked for
        found.append(OpenTablet(device, number, user, name, since, heard, on_the_way, offset_ms, app))
    return found
