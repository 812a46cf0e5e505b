"""What of a kept household is copied into the next edition? Pure.

People, phone, address; of the contests those that still exist. Agreements are asked anew, and nobody is the person of the earlier
edition.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from festival.roster.household import Household


def fitting(household: Household, contests: Collection[str]) -> tuple[Household, tuple[str, ...]]:
    """The household as it is registered, and the codes of the contests that are not there any more."""
    members = tuple(
        replace(each, code="", contests=tuple(code for code in each.contests if code in contests))
        for each in household.members
    )
    return replace(household, members=members), tuple(code for code in household.entries if code not in contests)
