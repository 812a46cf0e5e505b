"""May a reading that was set aside count after all? The lead says so, one by one, with a reason, and may say otherwise later.

Whoever is let in by it comes in as if the reading had been taken at its time: the same rule decides first, and only what
the rule would refuse is let in against it, marked as such (`force`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, update

from festival.checkin.actions import apply_scans
from festival.checkin.lead.models import GateChoice, GateDecision
from festival.checkin.lead.set_aside import reading_of, said_at
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.text import clean
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.devices.handlers import Applied, Duplicate, Incoming, Verdict
from festival.devices.models import Mutation
from festival.editions.models import Festival

REASON_LEAST, REASON_MOST = 3, 200


def reason_typed(text: str) -> str:
    """A reason somebody can read later; BadInput for none."""
    reason = " ".join(clean(text).split())
    if not REASON_LEAST <= len(reason) <= REASON_MOST:
        raise BadInput(_("Lý do: viết từ 3 đến 200 chữ, để người khác hiểu về sau."))
    return reason


def decide_reading(festival: Festival, mid: str, choice: GateChoice, typed: str, was: int, by: int | None) -> None:
    """Decide it. `was`: the version of the decision that was shown (0: none); of two leads at once the first counts."""
    reason = reason_typed(typed)
    found = reading_of(festival.id, mid)
    if found is None:
        raise NotFound()
    before = found.GateDecision.choice if found.GateDecision is not None else GateChoice.OPEN
    if before is choice:
        raise Conflict(_("Lượt này đã quyết định như vậy rồi."))
    if before is GateChoice.LET_IN:
        raise Conflict(_("Lượt này đã cho vào rồi."))
    _hold(festival.id, mid, choice, reason, was, by)
    if choice is GateChoice.LET_IN:
        _let_in(found, reason)
    seen = None if choice is GateChoice.OPEN else now()
    db.session.execute(update(Mutation).where(Mutation.mid == mid).values(seen_at=seen, seen_by=by if seen else None))
    ledger.append(
        f"checkin:{festival.code}",
        "aside_decided",
        {"mid": mid, "choice": choice.value, "version": was + 1},
        {"reason": reason, "by": by},
    )


def _hold(festival_id: int, mid: str, choice: GateChoice, reason: str, was: int, by: int | None) -> None:
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


def _let_in(found: Row[Any], reason: str) -> None:
    message, device = found.Mutation, found.Device
    body = {**message.body, "how": "decided", "decision": "let_in"}
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
    by_the_rule = apply_scans([incoming])[0]
    if not _counts(by_the_rule):
        against_it = apply_scans([replace(incoming, body={**body, "force": {"reason": reason}})])[0]
        if not _counts(against_it):
            raise Conflict(_("Thẻ này không cho ai vào được: không đọc được, hoặc thẻ chưa cấp cho ai."))


def _counts(verdict: Verdict) -> bool:
    return isinstance(verdict, Applied | Duplicate)
