"""What did the head judge decide where two counters did not agree, and why? Read from the ledger, which alone holds it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from festival.contests.models import Contest
from festival.core import ledger
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
    for subject, content in ledger.spoken(judging_stream(contest), "measure.noted", '"reason":'):
        said, about = json.loads(content), subject
        if about["entry"] in known and said.get("reason"):
            state = MeasureState(said["state"])
            result = (state, said["value"], said.get("answers"), said["version"])
            found.append(HeadDecision(about["entry"], about["round"], *result, said["reason"]))
    return found
