"""Which deductions were given, and which of them stand?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, null, select
from sqlalchemy.orm import aliased

from festival.accounts.models import User
from festival.contests.models import Contest
from festival.core.database import db
from festival.judging.models import Deduction
from festival.roster.models import Entry


@dataclass(frozen=True, slots=True)
class GivenDeduction:
    """What the secretary took off an entry, 1/1000 point; `name` as the rules call it."""

    name: str
    milli: int


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """A deduction as the page tells it; `name` as the rules call it, by whom; why it was taken back, and by whom."""

    entry_code: str
    number: int
    name: str
    milli: int
    reason: str
    by: str
    at: datetime
    taken_back_at: datetime | None
    taken_back_reason: str
    taken_back_by: str


def names_of(contest: Contest) -> dict[str, str]:
    """What the rules call each deduction, by its code."""
    return {each["code"]: each["name"] for each in contest.deductions or ()}


def standing_deductions(contest_ids: Iterable[int], mark: int) -> Select[*tuple[Any, ...]]:
    """The deductions that stand in these contests, as a part of the statement in which a tally reads what was typed."""
    return (
        select(
            Deduction.entry_id, literal(mark), null(), Deduction.points_milli, Deduction.number, null(), Deduction.code
        )
        .join(Entry, Entry.id == Deduction.entry_id)
        .where(Entry.contest_id.in_(list(contest_ids)), Deduction.taken_back_at.is_(None))
    )


def lines_of(contest: Contest) -> Sequence[DeductionLine]:
    """Every deduction that was given in a contest, the latest first."""
    names, other = names_of(contest), aliased(User)
    wanted = (
        select(Deduction, Entry.code.label("entry"), User.name.label("by"), other.name.label("back"))
        .join(Entry, Entry.id == Deduction.entry_id)
        .outerjoin(User, User.id == Deduction.given_by)
        .outerjoin(other, other.id == Deduction.taken_back_by)
        .where(Entry.contest_id == contest.id)
        .order_by(Deduction.given_at.desc(), Deduction.id.desc())
    )
    return [
        DeductionLine(
            entry, row.number, names.get(row.code, row.code), row.points_milli, row.reason, by or "", row.given_at,
            row.taken_back_at, row.taken_back_reason, back or "",
        )
        for row, entry, by, back in db.session.execute(wanted)
    ]  # fmt: skip
