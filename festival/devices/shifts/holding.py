"""Who holds a device, and since when? Said on the device at the end of a shift, or by the office; taken back, never overwritten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from festival.accounts.models import User
from festival.core import security_log
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind
from festival.core.text import clean
from festival.devices.handlers import Applied, DeviceRole, Incoming, Rejected, Verdict
from festival.devices.models import Device, DeviceShift

NAME_MAX = 80
SHOWN = 200
ROLES = (DeviceRole.GATE, DeviceRole.DESK, DeviceRole.LEAD, DeviceRole.STAGE, DeviceRole.GROUND)


def apply_shifts(incoming: Sequence[Incoming]) -> list[Verdict]:
    """`shift` of a device: {"holder": name}, "" when it is put away. It counts from its own hour, however late it arrives."""
    verdicts: list[Verdict] = []
    for each in incoming:
        holder = holder_of(each.body)
        if holder is None:
            verdicts.append(Rejected("malformed"))
            continue
        db.session.execute(
            insert(DeviceShift).values(
                device_id=each.device_id, holder=holder, began_at=each.at, said_at=each.received_at, mid=each.mid
            )
        )
        verdicts.append(Applied())
    return verdicts


def holder_of(body: dict[str, Any]) -> str | None:
    """The name in a message; None when it is no name."""
    said = body.get("holder")
    if set(body) != {"holder"} or not isinstance(said, str) or len(said) > NAME_MAX:
        return None
    return clean(said).strip()


def say(device_id: int, holder: str, by: int) -> int:
    """The office writes down who holds it from now on; '' = nobody, it is put away."""
    moment = now()
    row = DeviceShift(device_id=device_id, holder=holder.strip(), began_at=moment, said_at=moment, said_by=by)
    db.session.add(row)
    db.session.flush()
    _note(row.id)
    return row.id


def take_back(shift_id: int, by: int) -> bool:
    """It was written by mistake: whoever held the device before does so still. False when that was done already."""
    return _mark(shift_id, taken=False, values={"taken_back_at": now(), "taken_back_by": by})


def use_again(shift_id: int) -> bool:
    """The way back from `take_back`."""
    return _mark(shift_id, taken=True, values={"taken_back_at": None, "taken_back_by": None})


def _mark(shift_id: int, *, taken: bool, values: dict[str, Any]) -> bool:
    is_taken = DeviceShift.taken_back_at.is_not(None) if taken else DeviceShift.taken_back_at.is_(None)
    done = db.session.execute(
        update(DeviceShift).where(DeviceShift.id == shift_id, is_taken).values(values).returning(DeviceShift.id)
    )
    if done.scalar_one_or_none() is None:
        return False
    _note(shift_id)
    return True


def _note(shift_id: int) -> None:
    number = select(Device.number).join(DeviceShift, DeviceShift.device_id == Device.id)
    device = db.session.scalar(number.where(DeviceShift.id == shift_id))
    security_log.note(SecurityKind.HANDED_OVER, {"device": device, "shift": shift_id})


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One line of the page; `by`: who of the office said it, '' = on the device itself."""

    id: int
    number: int
    station: str
    holder: str
    began_at: datetime
    by: str
    taken_back: bool
    now: bool  # who holds it now


def shift_lines(festival_id: int, roles: Collection[DeviceRole]) -> list[ShiftLine]:
    """The latest first."""
    rows = db.session.execute(
        select(DeviceShift, Device.number, Device.station, User.name)
        .join(Device, Device.id == DeviceShift.device_id)
        .outerjoin(User, User.id == DeviceShift.said_by)
        .where(Device.festival_id == festival_id, Device.role.in_(sorted(roles)))
        .order_by(DeviceShift.began_at.desc(), DeviceShift.id.desc())
        .limit(SHOWN)
    ).all()
    holding: dict[int, int] = {}
    for shift, *_ in rows:
        if shift.taken_back_at is None:
            holding.setdefault(shift.device_id, shift.id)
    return [
        ShiftLine(
            shift.id,
            number,
            station,
            shift.holder,
            shift.began_at,
            name or "",
            shift.taken_back_at is not None,
            holding.get(shift.device_id) == shift.id,
        )
        for shift, number, station, name in rows
    ]


def holders(festival_id: int) -> dict[int, tuple[str, datetime]]:
    """By device: the name of who holds it now ('' = put away), and since when. One statement."""
    nth = func.row_number().over(
        partition_by=DeviceShift.device_id, order_by=(DeviceShift.began_at.desc(), DeviceShift.id.desc())
    )
    latest = (
        select(DeviceShift.device_id, DeviceShift.holder, DeviceShift.began_at, nth.label("nth"))
        .join(Device, Device.id == DeviceShift.device_id)
        .where(Device.festival_id == festival_id, DeviceShift.taken_back_at.is_(None))
        .subquery()
    )
    rows = db.session.execute(select(latest.c.device_id, latest.c.holder, latest.c.began_at).where(latest.c.nth == 1))
    return {row.device_id: (row.holder, row.began_at) for row in rows}


def devices_to_hand(festival_id: int, roles: Collection[DeviceRole]) -> list[tuple[int, int, str]]:
    """(id, number, station) of devices that are in use."""
    rows = db.session.execute(
        select(Device.id, Device.number, Device.station)
        .where(Device.festival_id == festival_id, Device.role.in_(sorted(roles)), Device.revoked_at.is_(None))
        .order_by(Device.number)
    )
    return [(row.id, row.number, row.station) for row in rows]


def role_of_device(festival_id: int, device_id: int) -> DeviceRole | None:
    """What this device is for; None when it is not this festival's."""
    return db.session.scalar(select(Device.role).where(Device.id == device_id, Device.festival_id == festival_id))


def role_of_shift(festival_id: int, shift_id: int) -> DeviceRole | None:
    """Of which kind of device this line speaks; None when it is not this festival's."""
    return db.session.scalar(
        select(Device.role)
        .join(DeviceShift, DeviceShift.device_id == Device.id)
        .where(DeviceShift.id == shift_id, Device.festival_id == festival_id)
    )
