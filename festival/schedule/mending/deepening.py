"""With how few families moved can it be mended? First with one, then with two, three, four: tried one after the other. Pure.

Who has to go is put where it meets certain others; those go on in turn, whoever has been placed stays. Of all minutes at which it would
meet the same others, the nearest is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from festival.schedule.mending.clashes import MendRules
from festival.schedule.mending.shapes import MendAct, MendSpot, Ranges, inside, standing_spots

MOST, NODES = 5, 400  # families beyond those who cannot stay, and places that are tried


@dataclass(frozen=True, slots=True)
class PushWay:
    """Where an act would go, and who has to go on then."""

    families: frozenset[str]
    far: int
    spot: MendSpot
    gone: tuple[str, ...]


def with_few(rules: MendRules, domains: Mapping[str, Mapping[str, Ranges]]) -> dict[str, MendSpot] | None:
    """An answer that moves few families, or None when none was found soon."""
    return _Deepening(rules, domains).answer()


class _Deepening:
    def __init__(self, rules: MendRules, domains: Mapping[str, Mapping[str, Ranges]]) -> None:
        self.rules, self.domains, self.nodes = rules, domains, 0

    def answer(self) -> dict[str, MendSpot] | None:
        spots = standing_spots(self.rules.problem)
        acts = [act for act in self.rules.problem.acts if not act.fixed]
        waits = [act for act in acts if act.was is None or not inside(act.was.at, self._ranges(act, act.was))]
        for act in waits:
            spots.pop(act.code, None)
        waits.sort(key=lambda act: (not act.asked, act.home, act.code))
        forced = frozenset(who for act in waits if not act.asked for who in act.whose)
        for left in range(MOST + 1):
            found = self._further([act.code for act in waits], spots, forced, left)
            if found is not None or self.nodes >= NODES:
                return found
        return None

    def _ranges(self, act: MendAct, spot: MendSpot) -> Ranges:
        return self.domains[act.code].get(spot.session, ())

    def _further(
        self, waits: Sequence[str], spots: dict[str, MendSpot], moved: frozenset[str], left: int
    ) -> dict[str, MendSpot] | None:
        """All who wait placed, with at most so many families more."""
        if not waits:
            return spots
        self.nodes += 1
        code, rest = waits[0], waits[1:]
        for way in self._ways(code, spots, moved, left):
            if self.nodes >= NODES:
                return None
            then = {other: spot for other, spot in spots.items() if other not in way.gone} | {code: way.spot}
            found = self._further([*way.gone, *rest], then, moved | way.families, left - len(way.families))
            if found is not None:
                return found
        return None

    def _ways(self, code: str, spots: Mapping[str, MendSpot], moved: frozenset[str], left: int) -> list[PushWay]:
        act = self.rules.acts[code]
        best: dict[tuple[str, int], tuple[int, int]] = {}
        loose = [
            other for other in self.rules.near.get(code, ()) if other in spots and not self.rules.acts[other].fixed
        ]
        for session, ranges in self.domains[code].items():
            for at, mask in self._met(act, session, ranges, loose, spots):
                far = act.way(at)
                if (session, mask) not in best or far < best[session, mask][0]:
                    best[session, mask] = far, at
        found = []
        for (session, mask), (far, at) in best.items():
            gone = tuple(other for bit, other in enumerate(loose) if mask >> bit & 1)
            families = frozenset(who for other in gone for who in self.rules.acts[other].whose) - moved
            if len(families) <= left:
                found.append(PushWay(families, far, MendSpot(session, at), gone))
        return sorted(found, key=lambda way: (len(way.families), len(way.gone), way.far, way.spot.session))

    def _met(
        self, act: MendAct, session: str, ranges: Ranges, loose: Sequence[str], spots: Mapping[str, MendSpot]
    ) -> Iterator[tuple[int, int]]:
        """Each minute, and whom it would meet there, as bits; not where somebody stands who was placed already."""
        low, high = ranges[0][0], ranges[-1][1]
        met, never = [0] * (high - low + 1), bytearray(high - low + 1)
        for bit, code in enumerate(loose):
            other, stands = self.rules.acts[code], spots[code]
            for first, last in self.rules.bad(act, session, other, stands):
                for at in range(max(first, low) - low, min(last, high) - low + 1):
                    if stands == other.was:
                        met[at] |= 1 << bit
                    else:
                        never[at] = 1
        for at in range(low, high + 1):
            if not never[at - low] and inside(at, ranges):
                yield at, met[at - low]
