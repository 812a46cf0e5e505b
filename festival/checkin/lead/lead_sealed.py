"""The rows of the lead's decisions, as the seal compares them with the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from festival.checkin.lead.models import GateDecision, IncidentWord
from festival.checkin.purposes.known import Gates
from festival.checkin.purposes.models import GateSetting
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.compare import Key

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def decisions(festival_id: int | None) -> Found:
    """By the message they are of."""
    columns = (
        GateDecision.mid,
        GateDecision.choice,
        GateDecision.reason,
        GateDecision.version,
        GateDecision.decided_by,
    )
    wanted = select(*columns).where(GateDecision.festival_id == festival_id).execution_options(yield_per=PART)
    for row in db.session.execute(wanted):
        yield (row.mid,), {**row._asdict(), "choice": row.choice.value}


def incidents(festival_id: int | None) -> Found:
    """By the scans they are of."""
    columns = (
        IncidentWord.scans,
        IncidentWord.word,
        IncidentWord.closed,
        IncidentWord.version,
        IncidentWord.decided_by,
    )
    wanted = select(*columns).where(IncidentWord.festival_id == festival_id).execution_options(yield_per=PART)
    for row in db.session.execute(wanted):
        yield (row.scans,), row._asdict()


def settings(festival_id: int | None, *, said: bool) -> Found:
    """How the gates work; a row that nobody ever changed says what holds unsaid, and no line tells of it."""
    columns = (GateSetting.countdown_s, GateSetting.exits)
    for row in db.session.execute(select(*columns).where(GateSetting.festival_id == festival_id)):
        if said or tuple(row) != (Gates().countdown_s, Gates().exits):
            yield (), row._asdict()
