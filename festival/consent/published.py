"""Which agreements let somebody's name and picture be published, in statements? The rule is that of `rules`.

Who agreed alone has said so with one row. For a child father, mother or guardian must have agreed by a road that proves it, and
who reaches 7 that year must have said yes too. It is asked anew each time, so a corrected birth is obeyed at once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, extract, or_, select
from sqlalchemy.orm import aliased

from festival.consent.models import Consent, ConsentPurpose, ConsentRefusal
from festival.consent.rules import CHILD_UNDER, OWN_AGREEMENT_FROM, PROVES, SELF
from festival.editions.models import Festival

_GIVEN, _FROM_CHILD = aliased(Consent), aliased(Consent)


def child_asked(festival_id: Any, birth_year: Any) -> ColumnElement[bool]:
    """Whether somebody of this year of birth is a child that is asked itself; false where the year is not known."""
    of = aliased(Festival)
    year = select(extract("year", of.starts_on)).where(of.id == festival_id).correlate_except(of).scalar_subquery()
    return and_(birth_year.is_not(None), birth_year.between(year - CHILD_UNDER, year - OWN_AGREEMENT_FROM))


def may_be_published(person_id: Any, festival_id: Any, birth_year: Any) -> ColumnElement[bool]:
    """Whether all whose agreement it needs have agreed."""
    gave = select(_GIVEN.id).where(
        _GIVEN.person_id == person_id, _GIVEN.purpose == ConsentPurpose.PUBLISH, _GIVEN.withdrawn_at.is_(None)
    )
    child_yes = select(_FROM_CHILD.id).where(
        _FROM_CHILD.person_id == person_id,
        _FROM_CHILD.purpose == ConsentPurpose.CHILD_PUBLISH,
        _FROM_CHILD.withdrawn_at.is_(None),
    )
    alone = gave.where(_GIVEN.given_as == SELF).correlate_except(_GIVEN).exists()
    by_parent = gave.where(_GIVEN.given_as != SELF, _GIVEN.method.in_(PROVES)).correlate_except(_GIVEN).exists()
    child_agrees = or_(~child_asked(festival_id, birth_year), child_yes.correlate_except(_FROM_CHILD).exists())
    return or_(alone, and_(by_parent, child_agrees))


def child_refused(person_id: Any) -> ColumnElement[bool]:
    """Whether the child itself said no to it."""
    said = select(ConsentRefusal.id).where(
        ConsentRefusal.person_id == person_id,
        ConsentRefusal.purpose == ConsentPurpose.CHILD_PUBLISH,
        ConsentRefusal.ended_at.is_(None),
    )
    return said.correlate_except(ConsentRefusal).exists()
