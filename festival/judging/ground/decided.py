"""What did the head judge decide where two counters did not agree, and why? Read from the ledger, which alone holds it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.judging.contest_rules import judging_stream
from festival.judging.models import MeasureState


@dataclass(frozen=True, slots=True)
class HeadDecision:
    """One decision about a try; `version`: of the result it made."""

    entry_id: int
    round: int
    state: MeasureState
    value: int | None
    answers: str | None
    version: int
    reason: str


def head_decisions(contest: Contest, entries: Iterable[int]) -> list[HeadDecision]:
    """The first first; one that an erasure took from the ledger is not told any more. Asks nothing where one person counts."""
    if contest.counters < 2:
        return []
    known = set(entries)
    found = []
    wanted = (
        select(LedgerEntry.subject, LedgerPayload.content)
        .join(LedgerPayload, and_(LedgerPayload.stream == LedgerEntry.stream, LedgerPayload.seq == LedgerEntry.seq))
        .where(LedgerEntry.stream == judging_stream(contest), LedgerEntry.kind == "measure.noted")
        .where(LedgerPayload.content.contains('"reason":'))
    )
    for subject, content in db.session.execute(wanted.order_by(LedgerEntry.seq)):
        said, about = json.loads(content or "{}"), dict[str, Any](subject)
        if about["entry"] in known and said.get("reason"):
            state = MeasureState(said["state"])
            result = (state, said["value"], said.get("answers"), said["version"])
            found.append(HeadDecision(about["entry"], about["round"], *result, said["reason"]))
    return found
