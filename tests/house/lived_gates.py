"""What two gates read, and what the lead decided of readings that a revoked phone sent: one let in, one kept out and decided anew."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from festival.accounts.models import UserRole
from festival.accounts.roles import Role
from festival.checkin.actions import apply_scans
from festival.checkin.lead.closing import incident_lines, say_of_incident
from festival.checkin.lead.deciding import decide_reading
from festival.checkin.lead.models import GateChoice
from festival.checkin.models import Scan
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.models import PurposeEvery, PurposeKind
from festival.checkin.purposes.naming import (
    HoursTyped,
    PurposeTyped,
    add_hours,
    change_hours,
    change_purpose,
    close_hours,
    name_purpose,
    put_away,
    reopen_hours,
    set_gates,
)
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.enrolment import Enrolled, enrol, make_enrolment_code
from festival.devices.handlers import DeviceRole, Incoming
from festival.devices.models import Device, Mutation
from festival.editions.models import Festival
from festival.passes.models import Pass


def read_again(festival_id: int) -> None:
    """A second gate without network read the same passes: some earlier, one later, one typed."""
    with transaction():
        enrolled = enrol(make_enrolment_code(festival_id, DeviceRole.GATE, None, "Cổng 2").code, "Máy 2", None)
        assert isinstance(enrolled, Enrolled)
        device = enrolled.device
        known = db.session.scalars(select(Scan).order_by(Scan.id).limit(3)).all()
        messages = []
        for seq, (scan, hours) in enumerate(zip(known, (-1, -1, 1), strict=True), start=1):
            list_id = db.session.get_one(Pass, scan.pass_id).list_id
            at = now().fromtimestamp(scan.at_ms / 1000, now().tzinfo) + timedelta(hours=hours)
            messages.append(
                Incoming(
                    mid=str(uuid.uuid4()),
                    device_id=device.id,
                    device_role=DeviceRole.GATE.value,
                    user_id=None,
                    seq=seq,
                    kind="scan",
                    subject=list_id,
                    body={"pass": list_id, "persons": None, "purpose": "entry", "how": "typed"},
                    base_version=None,
                    at=at,
                    received_at=now(),
                    festival_id=festival_id,
                    device_number=device.number,
                    station="Cổng 2",
                )
            )
        apply_scans(messages)


def decided(festival_id: int) -> None:
    """Two readings of the second gate that were set aside."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        organisers = select(UserRole.user_id).where(UserRole.role == Role.ORGANISER)
        staff = db.session.scalars(organisers.order_by(UserRole.user_id)).first()
        assert staff is not None
        device = db.session.scalars(select(Device).where(Device.station == "Cổng 2")).first()
        assert device is not None
        scan = db.session.scalars(select(Scan).order_by(Scan.id).limit(1)).one()
        list_id = db.session.scalars(select(Pass.list_id).where(Pass.id == scan.pass_id)).one()
        mids = [_set_aside(device, list_id, scan.at_ms + 60_000 * n, n) for n in (1, 2)]
        decide_reading(festival, mids[0], GateChoice.LET_IN, "máy mất rồi tìm lại được", 0, staff)
        decide_reading(festival, mids[1], GateChoice.KEPT_OUT, "không ai nhớ lượt này", 0, staff)
        decide_reading(festival, mids[1], GateChoice.OPEN, "gia đình gọi lại", 1, staff)
        decide_reading(festival, mids[1], GateChoice.LET_IN, "đã hỏi từng người", 2, staff)
        decide_reading(festival, mids[1], GateChoice.KEPT_OUT, "hóa ra không phải", 3, staff)
        open_ones, _closed = incident_lines(festival_id)
        for line in open_ones[:1]:
            say_of_incident(festival, line.key, "hai cổng cùng quét", closed=True, was=0, by=staff)
        set_gates(festival, 8, exits=True, version=gates_of(festival_id).version, by=staff)
        _hours_named(festival, staff, scan.at_ms)
        set_gates(festival, 4, exits=False, version=gates_of(festival_id).version, by=staff)


def _hours_named(festival: Festival, staff: int, at_ms: int) -> None:
    """A meal with its hours: named, corrected, put away, taken up again; and one that stays put away."""
    noon = HoursTyped("Cơm trưa", at_ms, at_ms + 3_600_000)
    meal = name_purpose(festival, PurposeTyped("Cơm hội", again=False), PurposeKind.MEAL, PurposeEvery.HOURS, staff)
    hours = add_hours(festival, meal, noon, staff)
    change_hours(festival, meal, hours, 1, replace(noon, name="Cơm trưa, bếp 2"), staff)
    close_hours(festival, meal, hours, 2, staff)
    reopen_hours(festival, meal, hours, 3, staff)
    gift = name_purpose(festival, PurposeTyped("Quà", again=False), PurposeKind.GIFT, PurposeEvery.ONCE, staff)
    change_purpose(festival, gift, 1, PurposeTyped("Quà lưu niệm", again=False, classes=["family"]), staff)
    put_away(festival, gift, 2, staff)


def _set_aside(device: Device, list_id: str, at_ms: int, n: int) -> str:
    mid = str(uuid.uuid4())
    body: dict[str, Any] = {"pass": list_id, "persons": None, "purpose": "entry", "how": "camera"}
    db.session.add(
        Mutation(
            mid=mid,
            device_id=device.id,
            seq=9_000 + n,
            version=2,
            kind="scan",
            subject=list_id,
            body=body,
            wall_ms=at_ms,
            offset_ms=0,
            digest=mid,
            received_at=now(),
            verdict="quarantined",
            reason="revoked",
            detail={},
        )
    )
    db.session.flush()
    return mid
