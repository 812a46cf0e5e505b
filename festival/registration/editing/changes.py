"""What changed in a registration since whoever reviews last saw it: field by field, by whom, when?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from festival.registration.editing.differences import FamilyDifference, differences
from festival.registration.models import FormerRegistration
from festival.roster.household import Household, from_json


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """One saving of a registration; `by` is an account, None for the family itself by its link."""

    by: int | None
    how: str
    at: datetime
    found: tuple[FamilyDifference, ...]


def changes(formers: Sequence[FormerRegistration], now: Household) -> tuple[ChangeSeen, ...]:
    """Each saving with what it changed, the oldest first; one that changed nothing is none."""
    states = [*(from_json(each.household) for each in formers), now]
    made = (
        ChangeSeen(each.changed_by, each.how, each.changed_at, differences(before, after))
        for each, (before, after) in zip(formers, pairwise(states), strict=True)
    )
    return tuple(each for each in made if each.found)
