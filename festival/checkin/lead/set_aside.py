"""Which readings of gates, desk and lead wait for the lead, one by one, and which were decided?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Select, and_, func, or_, select

from festival.accounts.models import User
from festival.checkin.lead.machines import READERS
from festival.checkin.lead.models import GateChoice, GateDecision
from festival.core.database import db
from festival.devices.handlers import described
from festival.devices.models import Device, Mutation
from festival.devices.wire import EPOCH, LATEST_MS
from festival.devices.words import reason_words

KIND = "scan"
DECIDED_SHOWN = 30


@dataclass(frozen=True, slots=True)
class SetAside:
    """One reading: whose pass, where, when, why nobody was let in by it; `version` 0: nobody has decided yet."""

    mid: str
    device: int
    station: str
    about: str
    at: datetime
    why: str
    let_in_at_gate: bool
    version: int
    choice: GateChoice
    reason: str
    by: str
    decided_at: datetime | None


def waiting(festival_id: int, limit: int) -> tuple[list[SetAside], int]:
    """The oldest that wait, and how many wait in all."""
    open_ones = and_(
        Mutation.seen_at.is_(None), or_(GateDecision.mid.is_(None), GateDecision.choice == GateChoice.OPEN)
    )
    rows = db.session.execute(_readings(festival_id).where(open_ones).order_by(Mutation.received_at).limit(limit)).all()
    found = len(rows)
    if found == limit:
        counted = _readings(festival_id).where(open_ones).with_only_columns(func.count(), maintain_column_froms=True)
        found = db.session.scalar(counted) or 0
    return _told(festival_id, rows), found


def decided(festival_id: int) -> list[SetAside]:
    """What was decided last, so that it can be decided anew."""
    wanted = _readings(festival_id).where(GateDecision.choice.in_((GateChoice.LET_IN, GateChoice.KEPT_OUT)))
    newest = wanted.order_by(GateDecision.decided_at.desc(), Mutation.mid).limit(DECIDED_SHOWN)
    return _told(festival_id, db.session.execute(newest).all())


def reading_of(festival_id: int, mid: str) -> Row[Any] | None:
    """One of them, as a row; None when it is none of this festival's."""
    return db.session.execute(_readings(festival_id).where(Mutation.mid == mid)).one_or_none()


def _readings(festival_id: int) -> Select[Any]:
    readings = (
        select(Mutation, Device, GateDecision, User.name.label("by"))
        .join(Device, Device.id == Mutation.device_id)
        .outerjoin(GateDecision, GateDecision.mid == Mutation.mid)
        .outerjoin(User, User.id == GateDecision.decided_by)
        .where(
            Device.festival_id == festival_id,
            Device.role.in_(READERS),
            Mutation.kind == KIND,
            Mutation.verdict.in_(("quarantined", "rejected")),
        )
    )
    return cast("Select[Any]", readings)


def _told(festival_id: int, rows: Sequence[Row[Any]]) -> list[SetAside]:
    bodies = [{**row.Mutation.body, "subject": row.Mutation.subject} for row in rows]
    about = described(KIND, festival_id, bodies) if bodies else []
    return [_one(row, words) for row, words in zip(rows, about, strict=True)]


def _one(row: Row[Any], about: str) -> SetAside:
    message, device, decision = row.Mutation, row.Device, row.GateDecision
    body = message.body
    return SetAside(
        mid=message.mid,
        device=device.number,
        station=device.station,
        about=about,
        at=said_at(message),
        why=reason_words(message.verdict, message.reason),
        # The gate's own word: it let them in, or turned them away; a card refused in red let nobody in.
        let_in_at_gate=message.verdict == "quarantined" and body.get("decision") != "turned_away",
        version=decision.version if decision else 0,
        choice=decision.choice if decision else GateChoice.OPEN,
        reason=decision.reason if decision else "",
        by=row.by or "",
        decided_at=decision.decided_at if decision else None,
    )


def said_at(message: Mutation) -> datetime:
    """When it was read, by the corrected clock of the phone; a mad clock closes no page."""
    return EPOCH + timedelta(milliseconds=min(max(message.wall_ms + message.offset_ms, 0), LATEST_MS))
