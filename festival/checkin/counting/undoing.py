"""How is a reading taken back?

The admission is annulled, not deleted, and the next best scan of that person wins. An undoing that comes before the reading
it speaks of (a server restored from an old backup hears everything again, in any order) is kept, shown to the lead, and
counts as soon as the reading is there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row, insert, select, update

from festival.checkin.counting.recount import count_again
from festival.checkin.merge import BY_HAND, Moment, SeenScan, TakenBack, keys_of, may_take_back
from festival.checkin.models import Scan, ScanUndo
from festival.checkin.purposes.gate_bodies import UNDO_BODY, UndoBody
from festival.core import ledger
from festival.core.database import db
from festival.core.statements import table
from festival.devices.handlers import (
    Applied,
    DeviceRole,
    Duplicate,
    Incoming,
    Quarantined,
    Rejected,
    Verdict,
)
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.roster.models import Person

_SCAN = table(Scan)


def apply_undos(incoming: Sequence[Incoming]) -> list[Verdict]:
    """The verdicts of undoings (kind `undo`) of one festival's devices, in order."""
    return [_apply(message) for message in incoming]


def _apply(message: Incoming) -> Verdict:
    try:
        body = UNDO_BODY.validate_python(message.body)
    except ValidationError as wrong:
        return Rejected("malformed", {"field": ".".join(str(part) for part in wrong.errors()[0]["loc"])})
    undo = undo_of(message, body)
    row = _scan_of(message.festival_id, body.scan)
    if row is None:
        # Nobody writes a scan from here on until this transaction ends: either it is there now, or it finds this line.
        db.session.execute(
            select(Device.id).where(Device.festival_id == message.festival_id).order_by(Device.id).with_for_update()
        )
        row = _scan_of(message.festival_id, body.scan)
    if row is None:
        _keep(message, undo)
        return Quarantined("undo_unknown", {"scan": body.scan})
    scan = seen(row)
    if not may_take_back(scan, undo):
        return Rejected("undo_late", {"scan": body.scan})
    _keep(message, undo)
    stream = f"checkin:{db.session.scalars(select(Festival.code).where(Festival.id == message.festival_id)).one()}"
    detail: dict[str, Any] = {"scan": body.scan, "purpose": scan.purpose, "window": scan.window}
    taken = db.session.execute(
        update(Scan).where(Scan.id == row.id, ~Scan.undone).values(undone=True).returning(Scan.id)
    ).scalar_one_or_none()
    if taken is None:
        return Duplicate(detail, stream)
    detail["annulled"] = sorted(annul(message.festival_id, scan, int(message.received_at.timestamp() * 1000)))
    ledger.append(stream, *undone_line(scan, undo, body.reason))
    return Applied(detail, stream)


def annul(festival_id: int, scan: SeenScan, now_ms: int) -> set[str]:
    """After a scan was taken back: who of it is let in by no other one."""
    ids = person_ids_of(festival_id, scan.persons)
    keys = [key for key in keys_of(scan) if key[0] in ids]
    return {key[0] for key in count_again(festival_id, keys, ids, now_ms)} if keys else set()


def person_ids_of(festival_id: int, codes: Collection[str]) -> dict[str, int]:
    """The numbers of these people, by code."""
    found = select(Person.code, Person.id).where(Person.festival_id == festival_id, Person.code.in_(sorted(codes)))
    return {row.code: row.id for row in db.session.execute(found)}


def undo_of(message: Incoming, body: UndoBody) -> TakenBack:
    moment = Moment(int(message.at.timestamp() * 1000), message.device_number, message.seq)
    return TakenBack(moment, body.scan, message.device_role == DeviceRole.LEAD)


def undone_line(scan: SeenScan, undo: TakenBack, reason: str) -> tuple[str, dict[str, object], dict[str, object]]:
    """What the ledger says: which scan of which device; the reason lies in the part that can be erased."""
    subject: dict[str, object] = {
        "scan": [scan.moment.device, scan.moment.seq],
        "device": undo.moment.device,
        "seq": undo.moment.seq,
    }
    return "undone", subject, {"at_ms": undo.moment.at_ms, "reason": reason}


def early_undos(mids: Sequence[str]) -> list[TakenBack]:
    """What was taken back before it came."""
    rows = db.session.scalars(select(ScanUndo).where(ScanUndo.scan_mid.in_(mids)))
    return [TakenBack(Moment(row.at_ms, row.device_number, row.seq), row.scan_mid, row.by_lead) for row in rows]


def seen(row: Row[Any]) -> SeenScan:
    """A row of the table as a value; its pass is left out."""
    return SeenScan(
        Moment(row.at_ms, row.device_number, row.seq),
        row.gate,
        "",
        row.purpose,
        row.day_window,
        tuple(row.persons),
        row.way,
        row.mid or "",
        bool(row.forced),
        bool(row.not_allowed),
        row.unnamed,
        bool(row.undone),
        row.how in BY_HAND,
    )


def _scan_of(festival_id: int, mid: str) -> Row[Any] | None:
    found = select(_SCAN).where(_SCAN.c.mid == mid, _SCAN.c.festival_id == festival_id)
    return db.session.execute(found).one_or_none()


def _keep(message: Incoming, undo: TakenBack) -> None:
    db.session.execute(
        insert(ScanUndo),
        {
            "festival_id": message.festival_id,
            "scan_mid": undo.scan_mid,
            "device_id": message.device_id,
            "device_number": undo.moment.device,
            "seq": undo.moment.seq,
            "at_ms": undo.moment.at_ms,
            "by_lead": undo.by_lead,
        },
    )
