"""Which amendments are there, which is in force, and whose place or prize did each of them move?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.results.models import StandingAmendment

BEFORE_SIGNED = (ContestState.OPEN, ContestState.LOCKED)


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry (or a delegation) whose place or prize is another after an amendment; '' is no prize."""

    entry: str
    place_before: int | None
    place: int | None
    prize_before: str
    prize: str


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """One amendment, without what it computed."""

    ordinal: int
    at: datetime
    number: str
    reason: str
    paper_id: int
    takes_back: int | None
    moved: tuple[Moved, ...]


def moved(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    key: str = "entry",
    specials: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {}),
) -> tuple[Moved, ...]:
    """Whose place or prize differs, in the new order. `specials`: before and after, by special prize the entry."""
    changed = {prize for prize in {*specials[0], *specials[1]} if specials[0].get(prize) != specials[1].get(prize)}
    old, new = (
        {each[key]: (each["place"], _prizes(each[key], each["prize"], given, changed)) for each in rows}
        for rows, given in ((before, specials[0]), (after, specials[1]))
    )
    gone = [entry for entry in old if entry not in new]
    nothing: tuple[int | None, str] = (None, "")
    pairs = [(entry, old.get(entry, nothing), new.get(entry, nothing)) for entry in (*new, *gone)]
    return tuple(Moved(entry, was[0], now[0], was[1], now[1]) for entry, was, now in pairs if was != now)


def _prizes(entry: str, prize: str | None, specials: Mapping[str, str], changed: set[str]) -> str:
    """The prize of the place, and whichever special prizes changed hands."""
    own = [name for name in sorted(changed) if specials.get(name) == entry]
    return ", ".join([*([prize] if prize else []), *own])


def in_force_of(contest_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[Any]:
    """What the last amendment of a contest says, as a column beside others of it; NULL: it was never amended."""
    own = select(StandingAmendment.corrections).where(StandingAmendment.contest_id == contest_id)
    last = own.order_by(StandingAmendment.ordinal.desc()).limit(1)
    return last.correlate_except(StandingAmendment).scalar_subquery().label("corrections")


def amendments_of(contests: Iterable[Contest]) -> dict[int, list[AmendmentLine]]:
    """By contest its amendments, the first first; only contests that were amended are in it."""
    signed = [each.id for each in contests if each.state not in BEFORE_SIGNED]
    found: dict[int, list[AmendmentLine]] = defaultdict(list)
    if signed:
        rows = select(StandingAmendment).where(StandingAmendment.contest_id.in_(signed))
        for row in db.session.scalars(rows.order_by(StandingAmendment.ordinal)):
            found[row.contest_id or 0].append(_line(row, "entry"))
    return dict(found)


def whole_amendments(festival_id: int) -> list[StandingAmendment]:
    """Those of the whole delegation, the first first."""
    own = (StandingAmendment.festival_id == festival_id) & StandingAmendment.contest_id.is_(None)
    return list(db.session.scalars(select(StandingAmendment).where(own).order_by(StandingAmendment.ordinal)))


def amendments_of_whole(festival_id: int, contests: Iterable[Contest]) -> tuple[list[StandingAmendment], bool]:
    """The same, and whether one of its contests was amended; one statement for both."""
    signed = [each.id for each in contests if each.state not in BEFORE_SIGNED]
    whole = (StandingAmendment.festival_id == festival_id) & StandingAmendment.contest_id.is_(None)
    wanted = select(StandingAmendment).where(or_(whole, StandingAmendment.contest_id.in_(signed)))
    rows = list(db.session.scalars(wanted.order_by(StandingAmendment.ordinal)))
    own = [row for row in rows if row.contest_id is None]
    return own, len(own) < len(rows)


def whole_lines(rows: Iterable[StandingAmendment]) -> list[AmendmentLine]:
    """The same as lines of a list."""
    return [_line(row, "delegation") for row in rows]


def _line(row: StandingAmendment, key: str) -> AmendmentLine:
    return AmendmentLine(
        row.ordinal,
        row.at,
        row.number,
        row.reason,
        row.paper_id,
        row.takes_back,
        moved(row.before, row.standings, key, (row.specials_before, row.specials)),
    )
