"""What does an officer say of a registration that was held: the same family once more, or another one?

The same: the new one is withdrawn, its own link says so, and the old one stays untouched. Another: it goes on like any
registration. Of two people who decide at once the second is told; both words are in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import Overtaken
from festival.registration.changing import change_family
from festival.registration.decisions import withdraw_family
from festival.registration.guarding import held, resembling
from festival.registration.letters import send_received
from festival.registration.models import HeldDecision, HeldRegistration, HeldWhy
from festival.roster import views
from festival.roster.families import family_by_id
from festival.roster.household import Household
from festival.roster.links import of_families
from festival.roster.models import Family
from festival.roster.outcomes import Done
from festival.roster.places import lock_delegation
from festival.roster.rules import Rules
from festival.roster.searching.twins import merged
from festival.roster.steps import note


@dataclass(frozen=True, slots=True)
class Settled:
    """It was this word that counted; what the registration that stays took over from the other."""

    taken: tuple[Sentence, ...] = ()


def settle(
    rules: Rules,
    family: Family,
    decision: HeldDecision,
    by: int | None,
    name: str,
    *,
    merge: bool = False,
    road: str = "office",
) -> Settled | None:
    """Write the word for all that is held of this family; None when somebody was faster or nothing is held.

    `merge`: the same family, and the one that stays takes over what the other has more, while it can still be changed.
    `road`: through whose door it is withdrawn (`coming_back`).
    """
    lock_delegation(family)
    state = db.session.scalar(select(Family.state).where(Family.id == family.id))
    if state not in held.UNDECIDED:
        return None
    beside = db.session.scalar(
        select(HeldRegistration.beside_id)
        .where(HeldRegistration.family_id == family.id, HeldRegistration.decision.is_(None))
        .order_by(HeldRegistration.beside_id.is_(None), HeldRegistration.id)
    )
    done = db.session.execute(
        update(HeldRegistration)
        .where(HeldRegistration.family_id == family.id, HeldRegistration.decision.is_(None))
        .values(decision=str(decision), decided_at=now(), decided_by=by)
        .returning(HeldRegistration.why)
        .execution_options(synchronize_session=False)
    )
    reasons = set(done.scalars())
    if not reasons:
        return None
    payload = {"family": family.name, "decision": str(decision), "by": by}
    other = views.view(family, rules).household
    taken = _taking(rules, beside, other) if merge and decision is HeldDecision.SAME and beside is not None else None
    if taken is not None:
        payload["merged"] = "; ".join(map(str, taken.values))
    note(rules.festival, "registration.held_decided", family, family.version, payload)
    if decision is HeldDecision.SAME:
        withdraw_family(rules, family, None, name, road)
        if taken is not None and taken.values:
            _take_over(rules, taken, other)
    elif HeldWhy.FILLED_TRAP in reasons:
        # The receipt was kept back until a person had looked.
        send_received(other, rules.festival, of_families.link_code(family), family.code)
    if decision is HeldDecision.NEW:
        # It may resemble a third one, which nobody has been shown yet.
        resembling.look(rules, [family.id])
    return Settled(taken.values if taken is not None else ())


@dataclass(frozen=True, slots=True)
class _Taking:
    family: Family
    household: Household
    values: tuple[Sentence, ...]


def _taking(rules: Rules, kept_id: int, other: Household) -> _Taking | None:
    """What the one that stays would take over; None when it can no longer be changed."""
    kept = family_by_id(kept_id)
    if kept.state not in views.OPEN_STATES:
        return None
    household, values = merged(views.view(kept, rules).household, other)
    return _Taking(kept, household, values)


def _take_over(rules: Rules, taken: _Taking, other: Household) -> None:
    # Agreements that come along were given as the other registration says.
    method = next((member.agreement.how for member in other.members if member.agreement.how), "") or "paper"
    outcome = change_family(rules, taken.family, taken.household, taken.family.version, method)
    if not isinstance(outcome, Done):
        raise Overtaken()
