"""Is a device still alive, and has its judge opened it? Conditions for the statements that read a device's row.

A device lives no longer than its own row, its person's account and role, and its seat. That is asked with every request
and not written down, so whoever was switched off by a slip and on again holds the same device again.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from festival.accounts.models import User, UserRole
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import table
from festival.devices.handlers import DeviceRole, seats
from festival.devices.models import Activation, Device
from festival.devices.rights import HELD_BY
from festival.devices.wire import ConditionIn

NOTED_EVERY = timedelta(seconds=20)  # a tablet that only asks is heard, too; oftener nobody needs to know it

_DEVICE, _USER, _ROLE, _ACTIVATION = table(Device), table(User), table(UserRole), table(Activation)


def opened() -> ColumnElement[bool]:
    """Its judge has typed the own PIN on it."""
    return exists(
        select(_ACTIVATION.c.device_id)
        .where(_ACTIVATION.c.device_id == _DEVICE.c.id, _ACTIVATION.c.activated_at.is_not(None))
        .correlate(_DEVICE)
    )


def waiting() -> ColumnElement[bool]:
    """A judge's tablet that its judge has not opened."""
    return and_(_DEVICE.c.role == DeviceRole.JUDGE, ~opened())


def ended() -> ColumnElement[bool]:
    """Revoked; or its account is switched off, lost the role, or has no seat any more."""
    own = _USER.c.id == _DEVICE.c.user_id
    active = exists(select(_USER.c.id).where(own, _USER.c.active).correlate(_DEVICE))
    gone = [~active]
    for role, holders in HELD_BY.items():
        holds = select(_ROLE.c.user_id).where(_ROLE.c.user_id == _DEVICE.c.user_id, _ROLE.c.role.in_(sorted(holders)))
        gone.append(and_(_DEVICE.c.role == role, ~exists(holds.correlate(_DEVICE))))
    for of_role, sits in seats().items():
        # Before it is opened a tablet may wait for its judge's seat: it sees nothing anyway.
        gone.append(and_(_DEVICE.c.role == of_role, opened(), ~sits(_DEVICE.c.user_id, _DEVICE.c.festival_id)))
    return or_(_DEVICE.c.revoked_at.is_not(None), and_(_DEVICE.c.user_id.is_not(None), or_(*gone)))


def quiet(device_id: int) -> bool:
    """Whether it was not noted for a while that the device was heard."""
    seen = db.session.scalar(select(Device.last_seen_at).where(Device.id == device_id))
    return seen is None or now() - seen > NOTED_EVERY


def told(device_id: int, condition: ConditionIn, server_ms: int) -> None:
    """It has said how it is."""
    db.session.execute(
        update(Device)
        .where(Device.id == device_id)
        .values(
            last_seen_at=now(),
            battery=condition.battery,
            unsent=condition.unsent,
            storage_used=condition.storage_used,
            persisted=condition.persisted,
            clock_ms=condition.wall_ms - server_ms,
        )
    )


def heard(device_id: int, app: str = "") -> None:
    """It has just asked what is new; `app`: the release its page is of, where it said so."""
    page = {"app": app} if app else {}
    db.session.execute(update(Device).where(Device.id == device_id).values(last_seen_at=now(), **page))
