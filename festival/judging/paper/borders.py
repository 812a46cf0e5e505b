"""Which slips are typed again before the signature? Pure, and recomputed by anybody from the ledger's line.

*Beside a border.* Entries of one place are a group. Where not everybody of a group, or of two groups that follow each
other, gets the same award (no award is one too), a border runs there, and all of these entries stand beside it. An entry
that waits for the panel's word counts as another award: a shared place between two prizes stands beside a border.

*The drawn ones.* Of the other slips min(20, 10 %, rounded up). Each is named `<entry code>/<judge letter>/<round>`; the
SHA-256 of `<seed>:<name>` in hex orders them, the smallest are drawn. The seed is what dice showed, digits 1 to 6 in
order. In a shell: `printf '%s' '3125466123:E004/B/1' | sha256sum`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, pairwise

MOST_DRAWN = 20
FEWEST_DICE = 10
MOST_DICE = 60


@dataclass(frozen=True, slots=True)
class PlacedAct:
    """An entry with its place and what it gets; `award` None: nothing. `asked`: the panel has not said yet."""

    entry: str
    place: int
    award: str | None
    asked: bool = False


def beside_a_border(acts: Sequence[PlacedAct]) -> tuple[str, ...]:
    """The entries beside a border between different awards, best first."""
    ranked = sorted(acts, key=lambda act: act.place)
    groups = [list(group) for _place, group in groupby(ranked, key=lambda act: act.place)]
    found: dict[str, None] = {}
    for group in groups:
        if _parted(group):
            found.update(dict.fromkeys(act.entry for act in group))
    for above, below in pairwise(groups):
        if _parted([*above, *below]):
            found.update(dict.fromkeys(act.entry for act in (*above, *below)))
    order = {act.entry: at for at, act in enumerate(ranked)}
    return tuple(sorted(found, key=order.__getitem__))


def _parted(acts: Sequence[PlacedAct]) -> bool:
    return len({(act.asked, act.award) for act in acts}) > 1


def how_many(rest: int) -> int:
    """min(20, 10 % of the rest, rounded up)."""
    return min(MOST_DRAWN, -(-rest // 10))


def drawn(seed: str, rest: Sequence[str]) -> tuple[str, ...]:
    """The names that are drawn, in the order of their digests."""
    by_digest = sorted(rest, key=lambda name: sha256(f"{seed}:{name}".encode()).hexdigest())
    return tuple(by_digest[: how_many(len(rest))])


def read_dice(typed: str) -> str | None:
    """What the dice showed, digits 1 to 6; spaces and commas between them are forgiven. None: no dice show that."""
    seed = "".join(typed.replace(",", " ").split())
    if not FEWEST_DICE <= len(seed) <= MOST_DICE or set(seed) - set("123456"):
        return None
    return seed


def slip_name(entry: str, letter: str, round_: int = 1) -> str:
    """How a slip is called in the draw."""
    return f"{entry}/{letter}/{round_}"
