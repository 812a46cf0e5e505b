"""How does a family come to stand in reserve, how does it leave, and how is it called up?

A family in reserve takes no place: it is sent also where the delegation is full, has no pass, and its entries wait. That it is
never approved while it stands there is a constraint of its row. Each step is a line of the ledger and has its way back.
"""

from __future__ import annotations

from collections.abc import Sequence

from festival.core.database import db
from festival.core.post.outbox import Attachment
from festival.registration import decisions
from festival.registration.guarding import held
from festival.registration.outcomes import Decision, NotComplete, NotLookedAt
from festival.roster.models import Family, FamilyState, Reserve
from festival.roster.outcomes import Done, Stale
from festival.roster.rules import Rules
from festival.roster.steps import current, note, step
from festival.roster.views import OPEN_STATES, FamilyView, view


def propose(rules: Rules, family: Family, version: int, by: int | None, *, reserve: bool) -> Done | Stale:
    """Put a family into reserve, or take it out again; of one the organiser has accepted this is not the officer's."""
    if family.reserve is Reserve.ACCEPTED:
        return current(family)
    return _stand(rules, family, version, Reserve.PROPOSED if reserve else None, OPEN_STATES, by)


def accept(rules: Rules, item: FamilyView, version: int, by: int | None) -> Decision:
    """Take a complete, waiting family as one in reserve."""
    if item.lacks:
        return NotComplete(item.lacks)
    if held.is_held(item.family.id):
        return NotLookedAt()
    return _stand(rules, item.family, version, Reserve.ACCEPTED, (FamilyState.SUBMITTED,), by)


def release(rules: Rules, family: Family, version: int, by: int | None, *, reserve: bool) -> Done | Stale:
    """The organiser takes the acceptance back (`reserve`), or looks at the family as at any other."""
    return _stand(rules, family, version, Reserve.PROPOSED if reserve else None, (FamilyState.SUBMITTED,), by)


def call_up(
    rules: Rules, item: FamilyView, version: int, by: int | None, attachments: Sequence[Attachment] = ()
) -> Decision:
    """Out of reserve into a place of the delegation and of each contest, with a pass; else everything stays as it was."""
    if item.family.reserve is None:
        return current(item.family)
    with db.session.begin_nested() as undoing:
        left = step(item.family, version, (FamilyState.SUBMITTED,), reserve=None)
        if isinstance(left, Stale):
            return left
        _note(rules, item.family, left.version, None, by)
        db.session.refresh(item.family, ["reserve", "version"])
        outcome = decisions.admit(rules, view(item.family, rules), left.version, by, attachments)
        if not isinstance(outcome, Done):
            undoing.rollback()
    return outcome


def _stand(
    rules: Rules,
    family: Family,
    version: int,
    reserve: Reserve | None,
    states: Sequence[FamilyState],
    by: int | None,
) -> Done | Stale:
    outcome = step(family, version, states, reserve=reserve)
    if isinstance(outcome, Done):
        _note(rules, family, outcome.version, reserve, by)
    return outcome


def _note(rules: Rules, family: Family, version: int, reserve: Reserve | None, by: int | None) -> None:
    payload = {"family": family.name, "reserve": reserve.value if reserve else "", "by": by}
    note(rules.festival, "registration.reserve", family, version, payload)
