"""What follows when somebody of a family does not take part any more? Said before it is confirmed. Pure.

An entry loses the person; one that nobody is left in ends, one that falls below its contest's least number stays and the
organiser has to decide. Was it the representative, the next grown-up of the family takes over, and the family is called
after that one. Without a grown-up nobody can answer for the family: then all of it has to step back, not one alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# As consent.rules says it: under 16 is a child. None: the birth is not known, and the doubt protects.
GROWN_UP_FROM = 16


@dataclass(frozen=True, slots=True)
class OneOfFamily:
    """Somebody of the family: by name, with the least number of years, whether leading, whether out already."""

    code: str
    name: str
    least_age: int | None
    leads: bool
    out: bool


@dataclass(frozen=True, slots=True)
class EntryOf:
    """An entry the person is in: how many are in it, how many its contest asks for."""

    contest: str
    performers: int
    least: int


@dataclass(frozen=True, slots=True)
class EntryAfter:
    """What is left of an entry."""

    contest: str
    performers: int
    least: int

    @property
    def ends(self) -> bool:
        """Nobody is left in it."""
        return self.performers == 0

    @property
    def short(self) -> bool:
        """Fewer than the contest asks for."""
        return 0 < self.performers < self.least


@dataclass(frozen=True, slots=True)
class Follows:
    """Everything that follows. `leader`: code of who takes over, '' when nobody has to; `possible` False: nobody can."""

    name: str
    entries: tuple[EntryAfter, ...]
    leader: str
    leader_name: str
    possible: bool
    left: int
    least_members: int

    @property
    def family_short(self) -> bool:
        """Fewer people than a family must have."""
        return self.left < self.least_members


def what_follows(
    person: OneOfFamily, family: Sequence[OneOfFamily], entries: Sequence[EntryOf], least_members: int
) -> Follows:
    """What becomes of entries and family without this person."""
    others = [one for one in family if not one.out and one.code != person.code]
    leader = next((one for one in others if (one.least_age or 0) >= GROWN_UP_FROM), None) if person.leads else None
    return Follows(
        person.name,
        tuple(EntryAfter(each.contest, each.performers - 1, each.least) for each in entries),
        leader.code if leader else "",
        leader.name if leader else "",
        not person.leads or leader is not None,
        len(others),
        least_members,
    )
