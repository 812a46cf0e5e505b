"""Which number does an entry bear, on its card, aloud and on minutes?

The one drawn for its contest. In a contest that is judged blind nobody draws an order: there it is the number of the entry it
comes from, which its family knows. The plate is no number of an entry.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from festival.contests.models import Contest
from festival.roster.models import Entry

_ORIGIN = aliased(Entry)
_BLIND = aliased(Contest)


def own_number() -> ColumnElement[int | None]:
    """Of the entry of the row, wherever its contest is not in the statement already."""
    blind = select(_BLIND.id).where(_BLIND.id == Entry.contest_id, _BLIND.plates_of != "").correlate(Entry).exists()
    of_origin = select(_ORIGIN.number).where(_ORIGIN.id == Entry.from_id).correlate(Entry).scalar_subquery()
    return case((blind, of_origin), else_=Entry.number)
