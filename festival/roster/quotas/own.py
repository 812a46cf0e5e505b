"""What does the organiser allot to one delegation otherwise than the rules do, and which bounds hold for it then? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from festival.roster.eligibility import Bounds, Quotas


@dataclass(frozen=True, slots=True)
class OwnBounds:
    """The bounds of one delegation. `entries` and `performers` by contest code, only where they are its own.

    `families` as they hold for it, also where they are those of the edition; None where no delegation is meant yet.
    """

    families: Bounds | None = None
    people_most: int | None = None
    entries: Mapping[str, int] = field(default_factory=dict)
    performers: Mapping[str, int] = field(default_factory=dict)


NO_OWN = OwnBounds()


def quotas_of(quotas: Quotas, own: OwnBounds) -> Quotas:
    """The bounds of the edition with those of this delegation in their place."""
    contests = []
    for contest in quotas.contests:
        bounds = contest.entries_per_delegation
        most = own.entries.get(contest.code, bounds.most)
        # nobody is asked for more entries than there are places
        least = bounds.least if most is None or bounds.least is None else min(bounds.least, most)
        contests.append(replace(contest, entries_per_delegation=Bounds(least, most)))
    families = own.families or quotas.families_per_delegation
    return replace(quotas, families_per_delegation=families, contests=tuple(contests))
