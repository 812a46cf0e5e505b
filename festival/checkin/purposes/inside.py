"""How many people were let in for each purpose on a day, and how many of them are inside now?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from festival.checkin.merge import window_of_ms
from festival.checkin.models import Admission, Scan
from festival.checkin.purposes.known import Gates
from festival.checkin.purposes.windows import ONCE
from festival.core.database import db


@dataclass(frozen=True, slots=True)
class PurposeInside:
    """`people` let in, `inside` of them not gone out; `unnamed`: let in by force with passes nobody knows."""

    name: str
    window: str
    people: int
    inside: int
    unnamed: int


def inside(festival_id: int, gates: Gates, day: date) -> list[PurposeInside]:
    """Each purpose with the windows of that day in which anybody can have come; two statements."""
    held = ~Admission.annulled
    rows = db.session.execute(
        select(
            Admission.purpose,
            Admission.day_window,
            func.count().filter(held).label("people"),
            func.count().filter(held, ~Admission.outside).label("inside"),
        )
        .where(Admission.festival_id == festival_id)
        .group_by(Admission.purpose, Admission.day_window)
    )
    named = {(row.purpose, row.day_window): (row.people, row.inside) for row in rows}
    strange = db.session.execute(
        select(Scan.purpose, Scan.day_window, func.sum(Scan.unnamed).label("unnamed"))
        .where(Scan.festival_id == festival_id, Scan.pass_id.is_(None), Scan.way == "in", ~Scan.undone)
        .group_by(Scan.purpose, Scan.day_window)
    )
    unnamed = {(row.purpose, row.day_window): int(row.unnamed) for row in strange}
    found = []
    for purpose in gates.purposes:
        windows = {"day": [(day.isoformat(), "")], "once": [(ONCE, "")]}.get(purpose.every)
        if windows is None:
            windows = [
                (each.code, each.name) for each in purpose.windows if window_of_ms(each.opens_ms) == day.isoformat()
            ]
        for key, name in windows:
            people, within = named.get((purpose.code, key), (0, 0))
            more = unnamed.get((purpose.code, key), 0)
            if people or more or purpose.removed_ms is None:
                found.append(PurposeInside(purpose.name, name, people, within, more))
    return found
