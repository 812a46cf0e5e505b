"""May whoever shows this pass come in? Pure: what the gate read, against what is known of the pass.

Rule: protocols, "Admission". A replaced pass is refused, an unknown one and one of a family that is not approved are kept
for the lead, with the number of people the gate let in on its own word.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownPass:
    """What is known of a pass: whether a newer one stands in its place, and the codes of those it lets in."""

    replaced: bool
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetIn:
    """These people, by their codes, in the order of the pass."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForTheLead:
    """Nobody is admitted; the reading is kept for the lead to look at. `people_seen`: let in by the gate, unnamed."""

    reason: str
    people_seen: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is admitted, and there is nothing to look at."""

    reason: str


def decide(
    known: KnownPass | None, people: Collection[str] | None, *, turned_away: bool = False, people_seen: int = 0
) -> LetIn | ForTheLead | Refused:
    """`people`: codes of those who came, None for everybody of the pass. `turned_away`: the gate let nobody in."""
    if turned_away:
        return ForTheLead("turned_away")
    if known is None:
        return ForTheLead("unknown_pass", people_seen)
    if known.replaced:
        return Refused("pass_replaced")
    if not known.people:
        return ForTheLead("not_approved")
    if people is None:
        return LetIn(known.people)
    wanted = set(people)
    present = tuple(code for code in known.people if code in wanted)
    return LetIn(present) if present else Refused("nobody")
