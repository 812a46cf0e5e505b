"""May a reading that was set aside count after all? The lead says so, one by one, with a reason, and may say otherwise later.

Whoever is let in by it comes in as if the reading had been taken at its time: the same rule decides first, and only what
the rule would refuse is let in against it, marked as such (`force`). Said otherwise later, the reading is taken back; let in
once more, it is a new message of the lead's, of the same hour.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, select, update

from festival.checkin.actions import apply_scans
from festival.checkin.lead.models import GateChoice, GateDecision
from festival.checkin.lead.reasons import reason_typed
from festival.checkin.lead.set_aside import reading_of, said_at
from festival.checkin.lead.taking_back import message_id, take_back
from festival.checkin.models import Scan
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.devices.deliveries.typed_in import TypedMessage, deliver_typed
from festival.devices.handlers import Applied, Duplicate, Incoming
from festival.devices.models import Mutation
from festival.editions.models import Festival


def decide_reading(festival: Festival, mid: str, choice: GateChoice, typed: str, was: int, by: int) -> None:
    """Decide it. `was`: the version of the decision that was shown (0: none); of two leads at once the first counts."""
    reason = reason_typed(typed)
    found = reading_of(festival.id, mid)
    if found is None:
        raise NotFound()
    before = found.GateDecision.choice if found.GateDecision is not None else GateChoice.OPEN
    _hold(festival.id, mid, choice, reason, was, by)
    if before is choice and found.GateDecision is not None:
        raise Conflict(_("Lượt này đã quyết định như vậy rồi."))
    if choice is GateChoice.LET_IN:
        _let_in(festival, found, reason, was, by)
    elif (counted := _counting(festival.id, mid, was)) is not None:
        take_back(festival, counted, reason, by)
    seen = None if choice is GateChoice.OPEN else now()
    db.session.execute(update(Mutation).where(Mutation.mid == mid).values(seen_at=seen, seen_by=by if seen else None))
    ledger.append(
        f"checkin:{festival.code}",
        "aside_decided",
        {"mid": mid, "choice": choice.value, "version": was + 1},
        {"reason": reason, "by": by},
    )


def _hold(festival_id: int, mid: str, choice: GateChoice, reason: str, was: int, by: int) -> None:
    """One statement: whoever comes second finds another version and changes nothing."""
    values: dict[str, Any] = {
        "choice": choice,
        "reason": reason,
        "version": was + 1,
        "decided_by": by,
        "decided_at": now(),
    }
    if was == 0:
        statement: Any = (
            insert_or_pass(GateDecision)
            .values(mid=mid, festival_id=festival_id, **values)
            .on_conflict_do_nothing(index_elements=["mid"])
        )
    else:
        statement = update(GateDecision).where(GateDecision.mid == mid, GateDecision.version == was).values(values)
    if db.session.execute(statement.returning(GateDecision.mid)).one_or_none() is None:
        raise Overtaken(_("Người khác vừa quyết định lượt này. Xem lại rồi quyết định tiếp nếu cần."))


def _counting(festival_id: int, mid: str, version: int) -> str | None:
    """The reading by which it counts now, if it does: its own message, or a later one of the lead's."""
    known = [mid, *(message_id("again", mid, str(number)) for number in range(1, version + 1))]
    return db.session.scalars(
        select(Scan.mid).where(Scan.festival_id == festival_id, Scan.mid.in_(known), ~Scan.undone)
    ).first()


def _let_in(festival: Festival, found: Row[Any], reason: str, was: int, by: int) -> None:
    message, device = found.Mutation, found.Device
    body = {**message.body, "how": "decided", "decision": "let_in"}
    body.pop("why", None)
    forced = {**body, "force": {"reason": reason}}
    if db.session.scalar(select(Scan.id).where(Scan.mid == message.mid)) is not None:
        again = message_id("again", message.mid, str(was + 1))
        typed = TypedMessage(again, "scan", message.subject, forced, said_at(message))
        if deliver_typed(festival, by, device.station, [typed])[again].verdict not in ("applied", "duplicate"):
            raise Conflict(_nobodys())
        return
    incoming = Incoming(
        mid=message.mid,
        device_id=device.id,
        device_role=device.role.value,
        user_id=device.user_id,
        seq=message.seq,
        kind=message.kind,
        subject=message.subject,
        body=body,
        base_version=None,
        at=said_at(message),
        received_at=now(),
        festival_id=device.festival_id,
        device_number=device.number,
        station=device.station,
    )
    for each in (incoming, replace(incoming, body=forced)):
        if isinstance(apply_scans([each])[0], Applied | Duplicate):
            return
    raise Conflict(_nobodys())


def _nobodys() -> object:
    return _("Thẻ này không cho ai vào được: không đọc được, hoặc thẻ chưa cấp cho ai.")
