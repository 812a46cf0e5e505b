"""What can come of moving a family from one state to the next?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.roster.models import FamilyState


@dataclass(frozen=True, slots=True)
class Done:
    """It happened; the family's new version."""

    version: int


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody else was first; nothing was written."""

    state: FamilyState
    version: int


@dataclass(frozen=True, slots=True)
class QuotaFull:
    """The delegation's places are taken: of families (contest ''), of entries of one contest; with `people` of its people, or
    of who performs in that contest.
    """

    contest: str
    most: int
    people: bool = False
