"""What does the page of a sum's panel say of its components: how far each is, and which of them says something else now?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.contests.models import ContestState
from festival.judging.tally import Tally
from festival.results.sums.guards import said_otherwise
from festival.results.sums.parts import NOT_SIGNED, components_of


@dataclass(frozen=True, slots=True)
class ShownComponent:
    """A component as the page lists it."""

    name: str
    state: ContestState
    weight_milli: int
    awaited: bool  # its minutes are not signed


@dataclass(frozen=True, slots=True)
class ShownSum:
    """`otherwise`: names of components that were amended since the sum was locked."""

    components: tuple[ShownComponent, ...]
    otherwise: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether the sum cannot be locked yet."""
        return any(each.awaited for each in self.components)


def shown_sum(tallied: Tally) -> ShownSum:
    """Of a contest of the kind `sum`."""
    contest = tallied.contest
    weights = {of["contest"]: of["weight"] for of in contest.sum_of or ()}
    components = components_of([contest])[contest.id]
    return ShownSum(
        tuple(
            ShownComponent(of.name, of.state, weights[of.code], of.state in NOT_SIGNED)
            for of in (each.contest for each in components)
        ),
        said_otherwise(contest, tallied.parts, components),
    )
