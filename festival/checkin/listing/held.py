"""What lies on a gate's phone, in which parts, and what of it has changed since? Pure.

The list has two faces. A gate's phone finds in a delegation's record only the keys of its families' records, so that a family
that changes is one small record and nothing else. The devices that read names anyway (and phones of an older release) get
the delegation's record whole.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

# A changed list goes out in parts: the passes whose id begins alike. Small lists have 16 parts, large ones 256.
LARGE = 1000
PART_MARK = 6  # characters of base64, 36 bits: that a change goes unseen is a matter of 1 in 68 thousand million
# Of a part that a phone has not got yet. No mark is written so; nor with `.` and `~`, which divide a cursor.
NO_MARK = "*" * PART_MARK
BATCH = (
    300_000  # characters of sealed records in one answer: a few seconds on a slow line, and what an interruption costs
)
STEPS_MAX = 100


@dataclass(frozen=True, slots=True)
class ListedPass:
    """A pass with those it stands for, as a gate sees it; `token` opens its sealed record."""

    list_id: str
    pass_id: int
    token: bytes
    record: dict[str, Any]
    search: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """`mark` is made with the token, so it tells a phone nothing of the names; `text`: base64."""

    mark: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Face:
    """The sealed records by list id, the ids of replaced passes, and a mark of each part, in the order of the beginnings."""

    sealed: Mapping[str, SealedRecord]
    replaced: tuple[str, ...]
    part_marks: Mapping[str, str]

    @property
    def parts(self) -> str:
        """The same in every process, for the same list."""
        return "".join(self.part_marks.values())

    @property
    def depth(self) -> int:
        """Hex digits a part's list ids have in common."""
        return len(next(iter(self.part_marks)))

    def known(self, told: str) -> dict[str, str]:
        """What a phone holds, by the marks it sent; nothing when they are of another division."""
        whole = len(told) == PART_MARK * len(self.part_marks)
        return {
            start: told[n * PART_MARK : (n + 1) * PART_MARK] if whole else NO_MARK
            for n, start in enumerate(self.part_marks)
        }

    def differing(self, told: str) -> list[str] | None:
        """Beginnings of the parts whose mark is another; None = all, from a phone that has no parts or others."""
        if len(told) != PART_MARK * len(self.part_marks):
            return None
        held = self.known(told)
        return [start for start, mark in self.part_marks.items() if held[start] != mark]


def depth_of(count: int) -> int:
    """How a list of so many passes is divided."""
    return 1 if count < LARGE else 2


def face(
    sealed: Mapping[str, SealedRecord], replaced: Sequence[str], before: Face | None, changed: Collection[str]
) -> Face:
    """The marks are made anew only where something in `changed` lies."""
    depth = depth_of(len(sealed))
    marks = {f"{n:0{depth}x}": "" for n in range(16**depth)}
    touched = set(marks)
    if before is not None and before.depth == depth:
        touched = {list_id[:depth] for list_id in changed}
        marks.update(before.part_marks)
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for list_id, each in sealed.items():
        if (start := list_id[:depth]) in touched:
            lines[start].append(f"{list_id} {each.mark.hex()}")
    for gone in replaced:
        if (start := gone[:depth]) in touched:
            lines[start].append(gone)
    for start in touched:
        digest = sha256("\n".join(sorted(lines[start])).encode()).digest()
        marks[start] = urlsafe_b64encode(digest).decode()[:PART_MARK]
    return Face(sealed, tuple(replaced), marks)


def changed_between(before: Face, sealed: Mapping[str, SealedRecord], replaced: Collection[str]) -> frozenset[str]:
    """List ids whose record is new, gone or another, or that were replaced since."""
    old = before.sealed
    ids = {each for each in sealed if each not in old or old[each].mark != sealed[each].mark}
    return frozenset(ids | (old.keys() - sealed.keys()) | set(before.replaced).symmetric_difference(replaced))


@dataclass(frozen=True, slots=True)
class ListStep:
    """What changed when the list with the stamp `before` gave way to the next."""

    before: str
    changed: frozenset[str]


def since(steps: Sequence[ListStep], stamp: str) -> frozenset[str] | None:
    """All that has changed since that stamp; None when nobody here remembers it."""
    at = next((n for n, step in enumerate(steps) if step.before == stamp), None)
    return None if at is None else frozenset().union(*(step.changed for step in steps[at:]))


def batch(parts: Sequence[str], weights: Mapping[str, int]) -> list[str]:
    """The first of these parts that together are not too much for one answer; always one."""
    taken: list[str] = []
    weight = 0
    for start in parts:
        weight += weights.get(start, 0)
        if taken and weight > BATCH:
            break
        taken.append(start)
    return taken
