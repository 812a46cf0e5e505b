"""How does the lead take a reading back, whoever wrote it and however late, and let it count again?

As a message of the account's own desk (devices/deliveries/typed_in.py): the rule that holds for a gate decides, for the
lead at any time, and everybody who saw the admission sees that it holds no more.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.checkin.lead.reasons import reason_typed
from festival.checkin.models import Scan
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.devices.deliveries.typed_in import TypedMessage, deliver_typed
from festival.devices.models import Mutation
from festival.devices.wire import EPOCH
from festival.editions.models import Festival


def take_back(festival: Festival, mid: str, typed: str, by: int) -> None:
    """Annul what this reading let in; the next best reading of each person counts. Refused when it is taken back already."""
    reason = reason_typed(typed)
    undone = db.session.scalar(select(Scan.undone).where(Scan.festival_id == festival.id, Scan.mid == mid))
    if undone is None:
        raise NotFound()
    own = message_id("undo", mid, str(by))
    asked = TypedMessage(own, "undo", mid, {"scan": mid, "reason": reason}, now())
    verdict = deliver_typed(festival, by, "", [asked])[own]
    if undone or verdict.verdict == "duplicate":
        raise Overtaken(_("Lượt này đã được hoàn tác trước đó."))
    if verdict.verdict != "applied":
        raise Conflict(_("Tài khoản này không hoàn tác được lượt quét: cần quyền trưởng cổng hoặc Ban Tổ chức."))


def give_back(festival: Festival, mid: str, typed: str, by: int) -> None:
    """It was taken back by mistake: the same people count as let in, or gone out, at the hour of the reading."""
    reason = reason_typed(typed)
    scan = db.session.scalars(select(Scan).where(Scan.festival_id == festival.id, Scan.mid == mid)).one_or_none()
    said = db.session.scalar(select(Mutation.body).where(Mutation.mid == mid))
    if scan is None or said is None:
        raise NotFound()
    own = given_back_id(mid)
    if not scan.undone or db.session.scalar(select(Scan.id).where(Scan.mid == own)) is not None:
        raise Overtaken(_("Lượt này đang được tính rồi."))
    named: dict[str, Any] = {"persons": scan.persons} if scan.persons else {}
    body = {**said, **named, "how": "decided", "decision": "let_in", "force": {"reason": reason}}
    at = EPOCH + timedelta(milliseconds=scan.at_ms)
    asked = TypedMessage(own, "scan", scan.unknown_list or str(said["pass"]), body, at)
    if deliver_typed(festival, by, scan.gate, [asked])[own].verdict not in ("applied", "duplicate"):
        raise Conflict(_("Lượt này không tính lại được: người của thẻ không còn dự."))


def given_back_id(mid: str) -> str:
    """The message by which a reading that was taken back counts again: one of each, itself taken back like any other."""
    return message_id("back", mid)


def message_id(*about: str) -> str:
    """The same request is the same message, so a second tap says nothing new."""
    digits = sha256("|".join(about).encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
