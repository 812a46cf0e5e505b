"""How many came when, for the curve; and what may everybody in the hall read of who has arrived?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from festival.checkin import desk
from festival.checkin.arriving.curve import QUARTER_MS, VIETNAM_MS, quarters_of
from festival.checkin.models import Admission, Scan
from festival.core.database import db


def came_by_quarter(festival_id: int, purpose: str, day: date) -> dict[int, int]:
    """People by the quarter of an hour in which they first came for this on a festival day, whatever its windows are."""
    whole = (Admission.at_ms + VIETNAM_MS) // QUARTER_MS
    rows = db.session.execute(
        select(whole.label("quarter"), func.count().label("people"))
        .where(
            Admission.festival_id == festival_id,
            Admission.purpose == purpose,
            whole.between(*quarters_of(day)),
            ~Admission.annulled,
        )
        .group_by(whole)
    )
    came = {int(row.quarter): row.people for row in rows}
    for quarter, people in _unnamed_by_quarter(festival_id, purpose, day):
        came[quarter] = came.get(quarter, 0) + people
    return came


def _unnamed_by_quarter(festival_id: int, purpose: str, day: date) -> Iterator[tuple[int, int]]:
    """Let in by force with passes nobody knows: counted, of nobody in particular."""
    whole = (Scan.at_ms + VIETNAM_MS) // QUARTER_MS
    rows = db.session.execute(
        select(whole.label("quarter"), func.sum(Scan.unnamed).label("people"))
        .where(
            Scan.festival_id == festival_id,
            Scan.purpose == purpose,
            Scan.way == "in",
            Scan.unnamed > 0,
            ~Scan.undone,
            whole.between(*quarters_of(day)),
        )
        .group_by(whole)
    )
    return ((int(row.quarter), int(row.people)) for row in rows)


@dataclass(frozen=True, slots=True)
class HallLine:
    """A delegation on the screen of the hall: a name and two numbers, nobody in particular."""

    name: str
    people: int
    here: int


@dataclass(frozen=True, slots=True)
class Hall:
    """What the screen shows."""

    people: int
    here: int
    delegations: int
    complete: int
    lines: tuple[HallLine, ...]


def hall(festival_id: int, window: str) -> Hall:
    """Everybody who is awaited by delegation; a delegation nobody was approved of is not awaited."""
    lines = tuple(
        HallLine(each.delegation, each.people, each.people_here)
        for each in desk.arrivals(festival_id, window)
        if each.people
    )
    return Hall(
        people=sum(line.people for line in lines),
        here=sum(line.here for line in lines),
        delegations=len(lines),
        complete=sum(line.here == line.people for line in lines),
        lines=lines,
    )


NOBODY = Hall(0, 0, 0, 0, ())
