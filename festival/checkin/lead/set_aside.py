"""Which readings of gates, desk and lead wait for the lead, one by one, and which were decided?

A reading that the gate itself refused waits for nobody; the lead may decide it all the same (`refused`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from festival.accounts.models import User
from festival.checkin.lead.machines import READERS
from festival.checkin.lead.models import GateChoice, GateDecision
from festival.checkin.lead.refusal_words import refusal_words
from festival.core.database import db
from festival.devices.handlers import described
from festival.devices.models import Device, Mutation
from festival.devices.wire import EPOCH, LATEST_MS

KIND = "scan"
SET_ASIDE = ("quarantined", "rejected")
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
    purpose: str
    of_a_pass: bool
    version: int
    choice: GateChoice
    reason: str
    by: str
    decided_at: datetime | None


def waiting(festival_id: int, limit: int) -> tuple[list[SetAside], int]:
    """The oldest that wait, and how many wait in all."""
    open_ones = and_(
        Mutation.verdict.in_(SET_ASIDE),
        Mutation.seen_at.is_(None),
        or_(GateDecision.mid.is_(None), GateDecision.choice == GateChoice.OPEN),
    )
    rows = db.session.execute(readings(festival_id).where(open_ones).order_by(Mutation.received_at).limit(limit)).all()
    found = len(rows)
    if found == limit:
        counted = readings(festival_id).where(open_ones).with_only_columns(func.count(), maintain_column_froms=True)
        found = db.session.scalar(counted) or 0
    return told(festival_id, rows), found


def decided(festival_id: int) -> list[SetAside]:
    """What was decided last, so that it can be decided anew."""
    wanted = readings(festival_id).where(GateDecision.choice.in_((GateChoice.LET_IN, GateChoice.KEPT_OUT)))
    newest = wanted.order_by(GateDecision.decided_at.desc(), Mutation.mid).limit(DECIDED_SHOWN)
    return told(festival_id, db.session.execute(newest).all())


def reading_of(festival_id: int, mid: str) -> Row[Any] | None:
    """One of them, as a row; None when it is none of this festival's."""
    return db.session.execute(readings(festival_id).where(Mutation.mid == mid)).one_or_none()


def unheard() -> ColumnElement[bool]:
    """Refused by the gate's own phone: taken as it is told, and nothing of it is in the ledger."""
    return and_(Mutation.verdict == "applied", Mutation.ledger_stream.is_(None))


def readings(festival_id: int) -> Select[Any]:
    """All that the lead may decide, with the device and what was decided."""
    every = (
        select(Mutation, Device, GateDecision, User.name.label("by"))
        .join(Device, Device.id == Mutation.device_id)
        .outerjoin(GateDecision, GateDecision.mid == Mutation.mid)
        .outerjoin(User, User.id == GateDecision.decided_by)
        .where(
            Device.festival_id == festival_id,
            Device.role.in_(READERS),
            Mutation.kind == KIND,
            or_(Mutation.verdict.in_(SET_ASIDE), unheard()),
        )
    )
    return cast("Select[Any]", every)


def told(festival_id: int, rows: Sequence[Row[Any]]) -> list[SetAside]:
    """With whose pass it was; two statements, or none for no rows."""
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
        why=refusal_words(
            message.verdict, message.reason, message.detail.get("refused"), of_a_pass=bool(body.get("pass"))
        ),
        # The gate's own word: it let them in, or turned them away; a card refused in red let nobody in.
        let_in_at_gate=message.verdict == "quarantined" and body.get("decision") != "turned_away",
        purpose=str(body.get("purpose", "")),
        of_a_pass=bool(body.get("pass")),
        version=decision.version if decision else 0,
        choice=decision.choice if decision else GateChoice.OPEN,
        reason=decision.reason if decision else "",
        by=row.by or "",
        decided_at=decision.decided_at if decision else None,
    )


def said_at(message: Mutation) -> datetime:
    """When it was read, by the corrected clock of the phone; a mad clock closes no page."""
    return EPOCH + timedelta(milliseconds=min(max(message.wall_ms + message.offset_ms, 0), LATEST_MS))
