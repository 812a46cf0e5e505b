"""What do pages show of a family: its row, its household, what it lacks?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from festival.core.names import sort_key
from festival.roster.eligibility import Missing, missing
from festival.roster.families import contests_by_person, families_of, household_of_family
from festival.roster.household import Household
from festival.roster.models import (
    Family,
    FamilyState,
)
from festival.roster.rules import Rules

OPEN_STATES = (FamilyState.DRAFT, FamilyState.SUBMITTED, FamilyState.RETURNED)


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family as a page needs it: the row, its household as a value, what it lacks."""

    family: Family
    household: Household
    lacks: tuple[Missing, ...]

    @property
    def complete(self) -> bool:
        """Đủ hồ sơ."""
        return not self.lacks


def views(families: Sequence[Family], rules: Rules) -> list[FamilyView]:
    """Families with their households and what they lack; two queries however many families."""
    contests = contests_by_person([family.id for family in families])
    on = rules.festival.starts_on
    made = []
    for family in families:
        household = household_of_family(family, contests)
        made.append(FamilyView(family, household, missing(household.facts, rules.quotas, on)))
    return made


def view(family: Family, rules: Rules) -> FamilyView:
    """One family with its household and what it lacks."""
    return views([family], rules)[0]


def members_in_order(families: Iterable[FamilyView]) -> list[FamilyView]:
    """Families by the given name of their representative, as lists in Vietnam are."""

    def key(item: FamilyView) -> str:
        head = item.household.representative
        return sort_key(head.name if head else item.family.name)

    return sorted(families, key=key)


def complete_and_waiting(delegation_id: int, rules: Rules) -> list[FamilyView]:
    """The families of a delegation that could be approved at once."""
    return [
        item
        for item in views(families_of(delegation_id), rules)
        if item.family.state is FamilyState.SUBMITTED and item.family.reserve is None and item.complete
    ]
