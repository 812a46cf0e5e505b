"""What do the tables say of results that were taken back, for the check against the ledger?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from festival.contests.models import Contest
from festival.core.seal.compare import Key
from festival.results.ladder.taking_back import moment_text, taken_back_columns, taken_back_of


def stands(contest: Contest) -> dict[str, Any]:
    """How far a contest is, and whether it was public before."""
    return {"state": contest.state, "taken_back_at": moment_text(contest.taken_back_at)}


def back_rows(contest_id: int) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Each under its place among those of the contest, its moments as the ledger writes them."""
    for place, row in enumerate(taken_back_of(contest_id), start=1):
        yield (contest_id, place), taken_back_columns(row)
