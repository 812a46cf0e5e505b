"""What does the page of a sum's panel say of its components: how far each is, and which of them says something else now?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.contests.models import Contest, ContestState
from festival.results.blueprint import bp
from festival.results.current import tally_for_result
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


def shown_sum(contest: Contest) -> ShownSum:
    """Of a contest of the kind `sum`."""
    weights = {of["contest"]: of["weight"] for of in contest.sum_of or ()}
    components = tuple(
        ShownComponent(each.name, each.state, weights[each.code], each.state in NOT_SIGNED)
        for each in components_of([contest])[contest.id]
    )
    locked = contest.state is not ContestState.OPEN
    return ShownSum(components, said_otherwise(tally_for_result(contest)) if locked else ())


@bp.app_context_processor
def _summed() -> dict[str, object]:
    return {"shown_sum": shown_sum}
