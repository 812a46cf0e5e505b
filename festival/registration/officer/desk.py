"""Which delegation is an officer working on, what may be sent from it now, and how many places are left?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from flask import url_for

from festival.core.web.access import current_actor
from festival.editions.models import Festival
from festival.registration import phases
from festival.registration.grid.ready import SENT_NOW, PlacesLeft, Stand, places_left, stand_of
from festival.registration.sending import Ground, Hindrance, hindrances
from festival.roster import delegations, families, rules
from festival.roster import views as roster_views
from festival.roster.eligibility import Missing, Place, Quotas
from festival.roster.household import Household
from festival.roster.models import Delegation, FamilyState
from festival.roster.quotas.own import quotas_of
from festival.roster.rules import Rules
from festival.roster.views import FamilyView

# The field of a member's row in which what is missing is put, by what is missing.
FIELDS = {
    "no_sex": "sex",
    "no_relation": "relation",
    "no_birth": "birth",
    "child_representative": "relation",
    "no_consent": "signed",
    "no_guardian_consent": "guardian",
    "no_own_agreement": "own",
}


def field_of(lack: Missing, household: Household) -> str:
    """The id of the field of the officer's form where somebody mends it."""
    if lack.place is Place.FAMILY:
        return "phone"
    rows = [row for row, member in enumerate(household.members) if not member.out]
    first = rows[0] if rows else 0
    if lack.place is Place.CONTESTS:
        return f"members-{first}-contests"
    if lack.member is not None:
        return f"members-{rows[lack.member]}-{FIELDS.get(lack.reason.code, 'name')}"
    if lack.reason.code == "too_few_members":
        return f"members-{len(household.members)}-name"
    return f"members-{first}-relation"


class Desk:
    """The officer's own delegation with its rules and families."""

    def __init__(self, code: str) -> None:
        self.delegation: Delegation = delegations.delegation_of(current_actor(), code)
        self.rules: Rules = rules.rules_of(self.delegation.festival)

    @property
    def festival(self) -> Festival:
        """The edition."""
        return self.rules.festival

    def views(self) -> list[FamilyView]:
        """All families by the given name of their representative, as they are now."""
        return roster_views.members_in_order(roster_views.views(families.families_of(self.delegation.id), self.rules))

    @cached_property
    def listed(self) -> list[FamilyView]:
        """The same for a page that only shows them."""
        return self.views()

    def family(self, code: str) -> FamilyView:
        """One family of this delegation."""
        return roster_views.view(families.family_in(self.delegation, code), self.rules)

    @cached_property
    def ground(self) -> Ground:
        """What sending a family depends on beside itself."""
        return phases.ground_of(self.delegation.id)

    @property
    def quotas(self) -> Quotas:
        """The bounds that hold for this delegation."""
        return quotas_of(self.rules.quotas, self.ground.own)

    @property
    def open(self) -> bool:
        """Whether families may be sent in now."""
        return self.ground.open

    def where(self, item: FamilyView, lack: Missing) -> str:
        """The address of the field where this is mended."""
        field = field_of(lack, item.household)
        return url_for("registration.family_edit", code=self.delegation.code, family=item.family.code, _anchor=field)

    def barred(self, item: FamilyView) -> tuple[Hindrance, ...]:
        """What keeps a family from being sent now."""
        family = item.family
        return hindrances(
            item.household.facts,
            self.rules.quotas,
            self.festival.starts_on,
            self.ground,
            state=family.state,
            origin=family.origin,
            reserve=family.reserve is not None,
        )

    def stand(self, item: FamilyView) -> Stand:
        """Where it stands for whoever sends it; green is what nothing keeps."""
        return stand_of(item.family.state, self.barred(item), complete=item.complete)

    def offers(self, item: FamilyView) -> bool:
        """Whether the page offers to send this family."""
        return self.stand(item) in SENT_NOW

    def places(self, also: Iterable[Household] = ()) -> tuple[PlacesLeft, ...]:
        """How many places are left of everything that has a bound; `also`: families that a file would add."""
        wait = (FamilyState.DRAFT, FamilyState.RETURNED, FamilyState.SUBMITTED)
        waiting = [
            *(item.household for item in self.listed if item.family.state in wait and not item.family.reserve),
            *also,
        ]
        people = sum(len(household.facts.members) for household in waiting)
        return places_left(self.rules.quotas, self.ground, [each.entries for each in waiting], people)
