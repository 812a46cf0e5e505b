"""How is a registration changed, by whichever hand, and how is the change taken back?

One verb for the family, the officer and the organiser. A draft, a sent and a returned registration change at once: what was
sent waits on, and whoever reviews sees what is different since the last look (`former`). What stood there before is kept,
so that it can be brought back; bringing it back is a change like any other, and can be taken back in turn.
"""

from __future__ import annotations

from dataclasses import replace

from festival.registration.changing import change_family
from festival.registration.editing.differences import FamilyDifference, differences, paired
from festival.registration.outcomes import SameHousehold
from festival.registration.typed import former
from festival.roster import views
from festival.roster.household import Household, cleaned, from_json
from festival.roster.models import Family
from festival.roster.outcomes import Done, Stale
from festival.roster.rules import Rules
from festival.roster.steps import current
from festival.roster.views import FamilyView


def save(
    rules: Rules, family: Family, household: Household, version: int, *, how: str, by: int | None = None
) -> Done | Stale | SameHousehold:
    """Make a registration say this, if it is still what was seen. Stale once it is decided, or when somebody was faster."""
    found = differences(views.view(family, rules).household, cleaned(household))
    what = [[str(each.field), each.code] for each in found]
    return change_family(rules, family, household, version, how, by=by, what=what)


def former_household(family: Family, now: Household) -> Household | None:
    """What the registration said before its last change, as it can be brought back; None when nothing was changed.

    Agreements are not brought back: those of who stayed stand as they stand now, who comes back is asked anew.
    """
    last = former.before_last_change(family.id)
    if last is None or family.state not in views.OPEN_STATES:
        return None
    was = from_json(last.household)
    pairs, _gone = paired(now.members, was.members)
    members = tuple(
        replace(member, code=here.code, out=here.out).agreeing(here.agreements)
        if here is not None
        else replace(member, code="", out=False).agreeing(type(member.agreements)())
        for here, member in pairs
    )
    return replace(was, members=members)


def bring_back(
    rules: Rules, family: Family, version: int, *, how: str, by: int | None = None
) -> Done | Stale | SameHousehold:
    """Make the registration say again what it said before its last change."""
    household = former_household(family, views.view(family, rules).household)
    return current(family) if household is None else save(rules, family, household, version, how=how, by=by)


def brought_back(item: FamilyView) -> tuple[FamilyDifference, ...]:
    """What would be different then."""
    household = former_household(item.family, item.household)
    return differences(item.household, household) if household is not None else ()
