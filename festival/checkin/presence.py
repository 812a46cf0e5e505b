"""Who has arrived today? The one place where this is said, for every page that speaks of somebody's presence.

*Arrived* is: let in for entering that festival day, by an admission that holds. It is not *inside*: who went out again
has arrived all the same, and only where every exit is scanned does anybody know who is still in.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists

from festival.checkin.models import Admission
from festival.roster.models import Person


def _entered(window: str) -> ColumnElement[bool]:
    return and_(Admission.purpose == "entry", Admission.day_window == window)


def has_come(window: str) -> ColumnElement[bool]:
    """Whether the person of the statement has arrived that festival day."""
    return exists().where(Admission.person_id == Person.id, _entered(window)).correlate(Person)


def anybody_came(festival_id: int, window: str) -> ColumnElement[bool]:
    """Whether gates have let anybody in that day: before, nobody is missing."""
    return exists().where(Admission.festival_id == festival_id, _entered(window))
