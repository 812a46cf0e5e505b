"""What does an export say of amendments? Beside the signed standings every later table, and what makes the one of the other.

A recount goes the same way: the sheets are those of the signed record, an amendment's corrections are laid over a copy of
them. Number and reason of an amendment are the jury's; its marks stand where the signed ones do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.judging.tally import Tally
from festival.results.amended.corrections import corrected, read_corrections
from festival.results.amended.history import whole_amendments
from festival.results.current import settled_table
from festival.results.decisions import Decisions
from festival.results.models import StandingAmendment
from festival.results.table import ContestTable


def amendments_by_contest(contest_ids: Sequence[int]) -> dict[int, list[StandingAmendment]]:
    """The first first."""
    found: dict[int, list[StandingAmendment]] = defaultdict(list)
    wanted = select(StandingAmendment).where(StandingAmendment.contest_id.in_(contest_ids))
    for row in db.session.scalars(wanted.order_by(StandingAmendment.ordinal)):
        found[row.contest_id or 0].append(row)
    return dict(found)


def amended_tables(
    tallied: Tally, decided: Decisions, rows: Sequence[StandingAmendment]
) -> list[tuple[StandingAmendment, ContestTable]]:
    """Each amendment with the table that follows from it. `tallied`: as signed."""
    return [(row, settled_table(corrected(tallied, read_corrections(row.corrections)), decided)) for row in rows]


def amendment_told(row: StandingAmendment, *, marks: bool, jury: bool) -> dict[str, Any]:
    """All but the table. `marks`: whether the marks of the contest are shown."""
    told: dict[str, Any] = {"n": row.ordinal, "takes_back": row.takes_back}
    if marks:
        told["corrections"] = row.corrections
    return told | ({"number": row.number, "reason": row.reason} if jury else {})


def given_in_whole(festival_id: int) -> dict[str, str | None]:
    """The prizes of delegations that the last amendment of their table states itself."""
    rows = whole_amendments(festival_id)
    found: dict[str, str | None] = rows[-1].corrections.get("prizes", {}) if rows else {}
    return found
