"""Who has arrived today? The one place where this is said, for every page that speaks of somebody's presence.

*Arrived* is: let in that festival day for a purpose of entering, by an admission that holds. It is not *inside*: who went out
again has arrived all the same, and only where every exit is scanned does anybody know who is still in. Where an organiser
has entering counted once for the whole festival, whoever was let in on an earlier day has arrived too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from festival.checkin.merge import DAY_BEGINS, VIETNAM_OFFSET
from festival.checkin.models import Admission
from festival.checkin.purposes.models import GatePurpose, PurposeKind
from festival.checkin.purposes.windows import ONCE
from festival.roster.models import Person

DAY = timedelta(days=1)


def _entering() -> ColumnElement[bool]:
    named = select(GatePurpose.code).where(
        GatePurpose.festival_id == Admission.festival_id, GatePurpose.kind == PurposeKind.ENTRY
    )
    return or_(Admission.purpose == "entry", Admission.purpose.in_(named.correlate(Admission)))


def _entered(window: str) -> ColumnElement[bool]:
    begins = datetime.fromisoformat(window).replace(tzinfo=UTC) - VIETNAM_OFFSET + DAY_BEGINS
    from_ms, until_ms = (int(at.timestamp() * 1000) for at in (begins, begins + DAY))
    that_day = and_(Admission.at_ms >= from_ms, Admission.at_ms < until_ms)
    earlier = and_(Admission.day_window == ONCE, Admission.at_ms < until_ms)
    return and_(~Admission.annulled, _entering(), or_(Admission.day_window == window, that_day, earlier))


def has_come(window: str) -> ColumnElement[bool]:
    """Whether the person of the statement has arrived that festival day."""
    return exists().where(Admission.person_id == Person.id, _entered(window)).correlate(Person)


def is_inside(window: str) -> ColumnElement[bool]:
    """Whether the person of the statement is in, as far as exits are scanned: came that day and has not gone out since."""
    return exists().where(Admission.person_id == Person.id, _entered(window), ~Admission.outside).correlate(Person)


def anybody_came(festival_id: int, window: str) -> ColumnElement[bool]:
    """Whether gates have let anybody in that day: before, nobody is missing."""
    return exists().where(Admission.festival_id == festival_id, _entered(window))
