"""What does an officer say of a registration that was held: the same family once more, or another one?

The same: the new one is withdrawn, its own link says so, and the old one stays untouched. Another: it goes on like any
registration. Of two people who decide at once the second is told; both words are in the ledger.
"""

from __future__ import annotations

from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.registration.decisions import withdraw_family
from festival.registration.guarding import held
from festival.registration.letters import send_received
from festival.registration.models import HeldDecision, HeldRegistration, HeldWhy
from festival.roster import links, views
from festival.roster.models import Family
from festival.roster.places import lock_delegation
from festival.roster.rules import Rules
from festival.roster.steps import note


def settle(rules: Rules, family: Family, decision: HeldDecision, by: int, name: str) -> bool:
    """Write the word for all that is held of this family; False when somebody was faster or nothing is held."""
    lock_delegation(family)
    state = db.session.scalar(select(Family.state).where(Family.id == family.id))
    if state not in held.UNDECIDED:
        return False
    done = db.session.execute(
        update(HeldRegistration)
        .where(HeldRegistration.family_id == family.id, HeldRegistration.decision.is_(None))
        .values(decision=str(decision), decided_at=now(), decided_by=by)
        .returning(HeldRegistration.why)
        .execution_options(synchronize_session=False)
    )
    reasons = set(done.scalars())
    if not reasons:
        return False
    payload = {"family": family.name, "decision": str(decision), "by": by}
    note(rules.festival, "registration.held_decided", family, family.version, payload)
    if decision is HeldDecision.SAME:
        withdraw_family(rules, family, None, name)
    elif HeldWhy.FILLED_TRAP in reasons:
        # The receipt was kept back until a person had looked.
        send_received(views.view(family, rules).household, rules.festival, links.link_code(family))
    return True
