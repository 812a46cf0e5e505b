"""How does a family accept the place it was offered, decline it, and stand in the line again?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from festival.core.clock import now
from festival.core.database import db
from festival.registration import decisions
from festival.registration.offering import standing, steps
from festival.registration.outcomes import Decision
from festival.registration.queueing.line import in_order
from festival.registration.queueing.models import OfferState, OutBy, PlaceOffer
from festival.roster import views
from festival.roster.models import Family
from festival.roster.outcomes import Done
from festival.roster.rules import Rules


@dataclass(frozen=True, slots=True)
class OfferOver:
    """Its time is over, or it was answered or taken back meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class OfferTooSmall:
    """The family is larger than when it was offered the place."""

    held: int
    people: int


def accept(rules: Rules, family: Family) -> Decision | OfferOver | OfferTooSmall:
    """Into the place that is held, with a pass, as an approval; else everything stays as it was."""
    standing.delegation_now(family.delegation_id)
    made = _standing(family)
    if made is None:
        return OfferOver()
    people = standing.people_in(family.id)
    if people > made.people:
        return OfferTooSmall(made.people, people)
    with db.session.begin_nested() as undoing:
        steps.end(rules.festival, family, made, OfferState.ACCEPTED)
        outcome = decisions.admit(rules, views.view(family, rules), family.version, None)
        if not isinstance(outcome, Done):
            undoing.rollback()
            return outcome
    steps.stand(rules.festival, family, None, out_by=OutBy.PLACE)  # it had its turn, also if the approval is undone
    return outcome


def decline(rules: Rules, family: Family) -> bool:
    """The place goes on to the next; the family waits no more until it asks. False: nothing stood to be declined."""
    standing.delegation_now(family.delegation_id)
    made = _standing(family)
    if made is None:
        return False
    steps.end(rules.festival, family, made, OfferState.DECLINED)
    steps.stand(rules.festival, family, None, out_by=OutBy.FAMILY)
    return True


def stand_again(rules: Rules, family: Family) -> bool:
    """At the end of the line, for a family that declined or let the time pass; False: that is not for it to say."""
    standing.delegation_now(family.delegation_id)
    if standing.out_by(family) is not OutBy.FAMILY:
        return False
    last = max((each.since for each in in_order(standing.line_of(family.delegation_id))), default=now())
    steps.stand(rules.festival, family, None, out_by=None, stands_at=max(now(), last + timedelta(seconds=1)))
    return True


def _standing(family: Family) -> PlaceOffer | None:
    made = standing.standing_offer(family.id)
    return made if made is not None and now() < made.until else None
