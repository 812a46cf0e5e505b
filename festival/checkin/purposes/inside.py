"""How many people were let in for each purpose on a day, and how many of them are inside now?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, select

from festival.checkin.merge import window_of_ms
from festival.checkin.models import Admission, Scan
from festival.checkin.purposes.known import Gates
from festival.checkin.purposes.windows import ONCE, Purpose
from festival.core.database import db


@dataclass(frozen=True, slots=True)
class PurposeInside:
    """`people` let in, `inside` of them not gone out; `unnamed`: let in by force with passes nobody knows."""

    name: str
    window: str
    people: int
    inside: int
    unnamed: int


Counted = dict[tuple[str, str], tuple[int, int, int]]
"""(purpose, window) → let in, of them inside, and how many by force without a name."""


def count_inside(festival_id: int) -> Counted:
    """Every purpose and window in which anybody came; one statement."""
    held = ~Admission.annulled
    named = (
        select(
            Admission.purpose,
            Admission.day_window,
            func.count().filter(held).label("people"),
            func.count().filter(held, ~Admission.outside).label("inside"),
            literal(0).label("unnamed"),
        )
        .where(Admission.festival_id == festival_id)
        .group_by(Admission.purpose, Admission.day_window)
    )
    strange = (
        select(Scan.purpose, Scan.day_window, literal(0), literal(0), func.sum(Scan.unnamed))
        .where(Scan.festival_id == festival_id, Scan.pass_id.is_(None), Scan.way == "in", ~Scan.undone)
        .group_by(Scan.purpose, Scan.day_window)
    )
    found: Counted = {}
    for row in db.session.execute(named.union_all(strange)):
        people, within, unnamed = found.get((row.purpose, row.day_window), (0, 0, 0))
        found[row.purpose, row.day_window] = (people + row.people, within + row.inside, unnamed + int(row.unnamed))
    return found


def days_with_arrivals(counted: Counted, gates: Gates) -> set[date]:
    """Festival days on which somebody came in, also those no calendar foresaw: a rehearsal, a wrong clock."""
    entering = {each.code: each for each in gates.purposes if each.kind == "entry"}
    found = set()
    for (code, window), (people, _within, unnamed) in counted.items():
        if code in entering and people + unnamed and window != ONCE:
            hours = next((each for each in entering[code].windows if each.code == window), None)
            found.add(date.fromisoformat(window if hours is None else window_of_ms(hours.opens_ms)))
    return found


def inside(counted: Counted, gates: Gates, day: date) -> list[PurposeInside]:
    """Each purpose with the windows of that day in which anybody can have come."""
    found = []
    for purpose in gates.purposes:
        for key, name in windows_on(purpose, day):
            people, within, more = counted.get((purpose.code, key), (0, 0, 0))
            if people or more or purpose.removed_ms is None:
                found.append(PurposeInside(purpose.name, name, people, within, more))
    return found


def windows_on(purpose: Purpose, day: date) -> list[tuple[str, str]]:
    """(key, name) of the windows of a purpose on a festival day, also what is put away."""
    if purpose.every == "hours":
        return [(each.code, each.name) for each in purpose.windows if window_of_ms(each.opens_ms) == day.isoformat()]
    return [(ONCE if purpose.every == "once" else day.isoformat(), "")]
