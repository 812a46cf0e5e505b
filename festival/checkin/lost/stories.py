"""Where is each child: missing, found, or handed over? Pure, and the same for every order in which the steps are heard.

Steps count in the order in which they happened (time, device, number, key). A step that another one takes back does not
count, and neither does a taking back that was taken back itself. Steps about one and the same known child are one story,
whoever began them: it is missed at one gate and found at another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MISSING, FOUND, HANDED, UNDONE = "missing", "found", "handed", "undone"
OPEN = (MISSING, FOUND)
OVER = "over"  # every step was taken back: a mistake


@dataclass(frozen=True, slots=True)
class LostStep:
    """One step as it was said; `person` is the code of a child that is known."""

    key: str
    child: str
    kind: str
    at_ms: int
    device: int = 0
    seq: int = 0
    station: str = ""
    user: int | None = None
    person: str | None = None
    words: str = ""
    undoes: str | None = None

    @property
    def place(self) -> tuple[int, int, int, str]:
        """Its place in time; total."""
        return self.at_ms, self.device, self.seq, self.key


@dataclass(frozen=True, slots=True)
class Story:
    """A child's steps in order; `counts`: keys of those that hold. `twice`: handed over twice with nothing in between."""

    child: str
    person: str | None
    state: str
    looks: str  # what was said last of how the child looks and where
    to: str  # to whom it was handed
    since_ms: int
    steps: tuple[LostStep, ...]
    counts: frozenset[str]
    twice: bool

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN


def stories(steps: Iterable[LostStep]) -> list[Story]:
    """All stories, those that changed last first."""
    ordered = sorted({step.key: step for step in steps}.values(), key=lambda step: step.place)
    holds = _holding(ordered)
    known: dict[str, str] = {}
    for step in ordered:
        if step.key in holds and step.person is not None:
            known[step.child] = step.person
    groups: dict[str, list[LostStep]] = defaultdict(list)
    child_of = {step.key: step.child for step in ordered}
    for step in ordered:
        # A taking back stands with the step it takes back.
        child = child_of.get(step.undoes or "", step.child)
        groups[f"person {known[child]}" if child in known else child].append(step)
    made = [_story(group, holds, known) for group in groups.values()]
    return sorted(made, key=lambda story: (-story.since_ms, story.child))


def _holding(ordered: list[LostStep]) -> frozenset[str]:
    """Keys of the steps that hold: taken back by nobody whose own step holds."""
    backs: dict[str, list[str]] = defaultdict(list)
    kinds: Mapping[str, str] = {step.key: step.kind for step in ordered}
    for step in ordered:
        if step.undoes is not None and step.undoes != step.key:
            backs[step.undoes].append(step.key)

    def holds(key: str, seen: frozenset[str]) -> bool:
        return not any(other in kinds and other not in seen and holds(other, seen | {key}) for other in backs[key])

    return frozenset(key for key in kinds if holds(key, frozenset()))


def _story(steps: list[LostStep], holds: frozenset[str], known: Mapping[str, str]) -> Story:
    counting = [step for step in steps if step.key in holds and step.kind != UNDONE]
    last = counting[-1] if counting else None
    before = counting[-2] if len(counting) > 1 else None
    looks = [step.words for step in counting if step.kind in OPEN and step.words]
    return Story(
        child=min(step.child for step in steps),
        person=next((known[step.child] for step in reversed(steps) if step.child in known), None),
        state=last.kind if last else OVER,
        looks=looks[-1] if looks else "",
        to=last.words if last and last.kind == HANDED else "",
        since_ms=(last or steps[-1]).at_ms,
        steps=tuple(steps),
        counts=holds & {step.key for step in steps},
        twice=last is not None and before is not None and last.kind == before.kind == HANDED,
    )
