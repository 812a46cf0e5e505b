"""What a reception desk hands out on a day: counted, corrected, taken back, given again."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from festival.checkin.handouts.applying import apply_handouts
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.enrolment import Enrolled, enrol, make_enrolment_code
from festival.devices.handlers import Applied, DeviceRole, Incoming
from festival.passes.models import Pass


def received(festival_id: int) -> None:
    """Two delegations get their cards at a desk; one count is corrected, one handing-over taken back and given again."""
    with transaction():
        made = enrol(make_enrolment_code(festival_id, DeviceRole.DESK, None, "Bàn tiếp đón").code, "Máy bàn", None)
        assert isinstance(made, Enrolled)
        device = made.device
        cards = db.session.scalars(
            select(Pass.list_id)
            .where(Pass.festival_id == festival_id, Pass.delegation_id.is_not(None), Pass.replaced_at.is_(None))
            .order_by(Pass.id)
            .limit(2)
        ).all()
        first, second = str(uuid.uuid4()), str(uuid.uuid4())
        card, other = cards[0], cards[-1]
        said = [
            (first, card, None, {"card": 20, "meal": 60, "flag": 1}, ""),
            (second, other, None, {"card": 12, "number": 4}, ""),
            (str(uuid.uuid4()), card, first, {"card": 19, "meal": 57, "flag": 1}, "đếm lại"),
            (str(uuid.uuid4()), other, second, None, "giao nhầm đoàn"),
            (str(uuid.uuid4()), other, second, {"card": 12}, "đúng đoàn"),
        ]
        verdicts = apply_handouts(
            [
                Incoming(
                    mid=mid, device_id=device.id, device_role=DeviceRole.DESK.value, user_id=None, seq=seq, kind="handout",
                    subject=list_id,
                    body={"pass": list_id, "root": root, "items": items, "receiver": "Lâm Văn Sáu", "reason": reason},
                    base_version=None, at=now() + timedelta(seconds=seq), received_at=now(), festival_id=festival_id,
                    device_number=device.number, station="Bàn tiếp đón",
                )
                for seq, (mid, list_id, root, items, reason) in enumerate(said, start=1)
            ]
        )  # fmt: skip
        assert all(isinstance(each, Applied) for each in verdicts), verdicts
