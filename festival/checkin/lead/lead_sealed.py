"""The rows of the lead's decisions, as the seal compares them with the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from festival.checkin.lead.models import GateDecision, IncidentWord
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
