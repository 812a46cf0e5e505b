"""What follows of a step on the timetable, and is it the step somebody agreed to?

The step is done, the timetable before and after is compared, and where people would be moved it is undone unless the one who
takes it has seen just that (`stamp`). So what is told is what happens, also when somebody else changed the timetable since.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from festival.core.seal.compare import digest
from festival.core.sentence import N_, Sentence
from festival.core.transaction import transaction
from festival.schedule import queries
from festival.schedule.changes import changes
from festival.schedule.conflicts import Clash, day_clock
from festival.schedule.sessions import locked

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PlanFollows:
    """What becomes otherwise. `version`: the published one, which stays, and in how much the draft then differs from it."""

    lost: tuple[Sentence, ...]
    gained: int
    moved: tuple[Sentence, ...]
    conflicts: tuple[Sentence, ...]
    told: tuple[Sentence, ...]
    version: int | None
    differs: int

    @property
    def asks(self) -> bool:
        """Whether somebody has to see it first."""
        return bool(self.lost or self.moved or self.conflicts or self.told)

    @property
    def stamp(self) -> str:
        """The same for the same consequences, whatever the language of the reader."""
        said = (self.lost, self.moved, self.conflicts, self.told)
        return digest([[str(each) for each in several] for several in said])


@dataclass(frozen=True, slots=True)
class Carried(Generic[Result]):
    """The step was taken; what it answered and what followed."""

    result: Result
    follows: PlanFollows


class _Undone(Exception):
    """Leaves the transaction without its changes."""

    def __init__(self, follows: PlanFollows) -> None:
        super().__init__("undone")
        self.follows = follows


def carry_out(
    festival_id: int,
    step: Callable[[], Result],
    agreed: str | None,
    told: Callable[[Result], Sequence[Sentence]] = lambda _result: (),
) -> Carried[Result] | PlanFollows:
    """Take the step, or answer what would follow when nobody has agreed to that. `agreed` None: whatever follows."""
    try:
        with transaction():
            festival = locked(festival_id)
            published = queries.published_plan(festival_id)
            before, hard = queries.snapshot(festival), _hard(festival_id)
            result = step()
            after = queries.snapshot(locked(festival_id))
            lost, gained, moved = _compared(before, after)
            follows = PlanFollows(
                lost,
                gained,
                moved,
                tuple(each for each in _hard(festival_id) if each not in hard),
                tuple(told(result)),
                None if published is None else published.version,
                0 if published is None else len(changes(published.content, after)),
            )
            if agreed is not None and follows.asks and follows.stamp != agreed:
                raise _Undone(follows)
            return Carried(result, follows)
    except _Undone as undone:
        return undone.follows


def _hard(festival_id: int) -> list[Sentence]:
    """What is impossible in the plan; who has no place is told as a loss."""
    return [
        each.reason for each in queries.plan_conflicts(festival_id) if each.kind not in (Clash.UNPLACED, Clash.CAPACITY)
    ]


def _compared(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[Sentence, ...], int, tuple[Sentence, ...]]:
    """Who loses a place, how many get one, and who is moved."""
    had = {act["entry"]: act for act in before["acts"]}
    has = {act["entry"] for act in after["acts"]}
    lost = tuple(
        N_(
            "«%(name)s» (%(contest)s), đang có giờ lúc %(time)s, %(stage)s.",
            name=act["name"],
            contest=act["contest_name"],
            time=day_clock(datetime.fromisoformat(act["starts_at"])),
            stage=act["stage_name"],
        )
        for entry, act in had.items()
        if entry not in has
    )
    kept = {**before, "acts": [act for entry, act in had.items() if entry in has]}
    stayed = {**after, "acts": [act for act in after["acts"] if act["entry"] in had]}
    return lost, len(has - set(had)), tuple(changes(kept, stayed))
