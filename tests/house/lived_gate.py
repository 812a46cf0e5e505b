"""A gate on the worst day: out and in again, taken back and let in after all, forced, a pass nobody knows."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from festival.checkin.actions import apply_scans
from festival.checkin.counting.undoing import apply_undos
from festival.checkin.models import Scan
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.enrolment import Enrolled, enrol, make_enrolment_code
from festival.devices.handlers import DeviceRole, Incoming
from festival.passes.models import Pass


def worst_day(festival_id: int) -> None:
    """One phone; every person is in at the end, so that each row can be held against the ledger."""
    with transaction():
        enrolled = enrol(make_enrolment_code(festival_id, DeviceRole.GATE, None, "Cổng 3").code, "Máy 3", None)
        assert isinstance(enrolled, Enrolled)
        device = enrolled.device
        first, second = db.session.scalars(select(Scan).order_by(Scan.id.desc()).limit(2)).all()
        steps = 0

        def said(kind: str, body: dict[str, object]) -> Incoming:
            nonlocal steps
            steps += 1
            at = now().fromtimestamp(first.at_ms / 1000, now().tzinfo) + timedelta(minutes=steps)
            return Incoming(
                mid=str(uuid.uuid4()), device_id=device.id, device_role=DeviceRole.GATE.value, user_id=None,
                seq=steps, kind=kind, subject="", body=body, base_version=None, at=at, received_at=now(),
                festival_id=festival_id, device_number=device.number, station="Cổng 3",
            )  # fmt: skip

        def read(scan: Scan, **more: object) -> Incoming:
            list_id = db.session.get_one(Pass, scan.pass_id).list_id
            return said("scan", {"pass": list_id, "persons": scan.persons, "purpose": scan.purpose, **more})

        reason = {"force": {"reason": "trưởng đoàn xác nhận"}}
        apply_scans([read(first, way="out"), read(first, way="in"), read(second, way="out"), read(second, **reason)])
        strange = {"pass": "ab" * 16, "persons": None, "purpose": "entry", "how": "decided", "count": 2}
        apply_scans([wrong := read(second), said("scan", {**strange, **reason}), read(second, how="photo")])
        apply_undos([said("undo", {"scan": wrong.mid, "reason": "bấm nhầm gia đình"})])
