"""In whose name does it come in when a person types what stood on paper?

Whoever types has a desk of paper: a row among the devices without a phone behind it, whose token nobody can have. So what
was typed is a message like any other: kept with its verdict, numbered, answered the same when it comes twice, undone by
the same rule, and the office sees whose it is and can revoke it. It speaks with the lead's right, which the account has;
when the account loses it, the desk has ended with the next message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from festival.core import security_log
from festival.core.clock import now
from festival.core.database import db
from festival.core.rehearsing.marked import rehearsed
from festival.core.security_log import SecurityKind
from festival.core.web.errors import Conflict
from festival.devices.deliveries.receiving import Delivery, receive
from festival.devices.handlers import DeviceRole, DeviceView
from festival.devices.models import Device, Mutation
from festival.devices.queries import Known
from festival.devices.wire import CHUNK, EPOCH, FestivalOut, Message, VerdictOut, read_mutation
from festival.editions.models import Festival

# No SHA-256 in hex begins so: no token ever belongs to it.
_NOBODYS = "paper:"
STATION = "Nhập từ giấy"  # kept as every station is, in the language of the festival


@dataclass(frozen=True, slots=True)
class TypedMessage:
    """What was typed, as a device would say it; `at`: when it happened, as the paper says."""

    mid: str
    kind: str
    subject: str
    body: dict[str, Any]
    at: datetime


def typed_in() -> ColumnElement[bool]:
    """The condition that a row of `device` is a desk of paper: nothing is heard of it and it has no battery."""
    return Device.token_hash.like(f"{_NOBODYS}%")


def deliver_typed(
    festival: Festival, user_id: int, station: str, messages: Sequence[TypedMessage]
) -> dict[str, VerdictOut]:
    """The answer to each message by mid, in the open transaction; what was typed before is answered as then."""
    desk = _desk(festival, user_id)
    if desk.revoked_at is not None:
        raise Conflict(_("Bàn nhập từ giấy của tài khoản này đã bị thu hồi ở trang Thiết bị. Nhờ người khác nhập."))
    answers = _answered([message.mid for message in messages])
    view = DeviceView(
        desk.id, desk.code, desk.number, desk.name, DeviceRole.LEAD.value, user_id, station, festival.id
    )  # the station is the gate that stands on the paper
    known = Known(
        view, None, False, False, FestivalOut(code=festival.code, name=festival.name, rehearsal=rehearsed()), "", None
    )
    read = [
        _message(message, desk.code, desk.seq_max + number)
        for number, message in enumerate((each for each in messages if each.mid not in answers), 1)
    ]
    for start in range(0, len(read), CHUNK):
        (received,) = receive([Delivery(known, read[start : start + CHUNK], frozenset(), by_hand=True)])
        assert received is not None  # its row is held
        answers |= {verdict.mid: verdict for verdict in received.verdicts}
    db.session.expire(desk)
    return answers


def _message(typed: TypedMessage, code: str, seq: int) -> Message:
    wall_ms = int((typed.at - EPOCH).total_seconds() * 1000)
    named = {"mid": typed.mid, "seq": seq, "kind": typed.kind, "subject": typed.subject, "body": typed.body}
    message = read_mutation({**named, "v": 2, "wall_ms": wall_ms, "offset_ms": 0}, code)
    assert isinstance(message, Message), message  # we made it ourselves
    return message


def _answered(mids: Sequence[str]) -> dict[str, VerdictOut]:
    rows = db.session.scalars(select(Mutation).where(Mutation.mid.in_(mids)))
    return {
        row.mid: VerdictOut.model_validate(
            {
                "mid": row.mid,
                "verdict": row.verdict,
                "reason": row.reason,
                "detail": row.detail,
                "ledger": row.ledger_stream,
            }
        )
        for row in rows
    }


def _desk(festival: Festival, user_id: int) -> Device:
    """The desk of this account, held until the transaction ends: two windows of one person type one after the other."""
    token_hash = f"{_NOBODYS}{festival.id}:{user_id}"
    # The festival's row is the queue for device numbers, as at enrolment.
    db.session.scalars(select(Festival.id).where(Festival.id == festival.id).with_for_update()).one()
    found = db.session.scalars(
        select(Device)
        .where(Device.token_hash == token_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is not None:
        return found
    desk = Device(
        festival_id=festival.id,
        number=1 + (db.session.scalar(select(func.max(Device.number)).filter_by(festival_id=festival.id)) or 0),
        code=token_hash,
        role=DeviceRole.LEAD,
        user_id=user_id,
        station=STATION,
        name="",
        token_hash=token_hash,
        enrolled_at=now(),
    )
    db.session.add(desk)
    db.session.flush()
    about = {"device": desk.number, "device_role": DeviceRole.LEAD.value, "for": user_id, "what": "paper_sheet"}
    security_log.note(SecurityKind.ENROLLED, about)
    return desk
