"""With how few families moved can it be mended? First with one, then with two, three, four: tried one after the other. Pure.

Who has to go is put where it meets certain others; those go on in turn, whoever has been placed stays. Of all minutes at which it would
meet the same others, the nearest is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from festival.schedule.mending.clashes import MendRules
from festival.schedule.mending.shapes import MendAct, MendSpot, Ranges, inside, nearest, pieces, standing_spots

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
        act, home = self.rules.acts[code], self.rules.acts[code].home
        loose = [other for other in self.rules.near[code] if other in spots and not self.rules.acts[other].fixed]
        best: dict[tuple[str, int], tuple[int, int]] = {}
        for session, ranges in self.domains[code].items():
            for first, last, met in self._met(act, session, ranges, loose, spots):
                at = nearest(home, first, last, ranges)
                if at is not None and ((session, met) not in best or abs(at - home) < best[session, met][0]):
                    best[session, met] = abs(at - home), at
        found = []
        for (session, met), (far, at) in best.items():
            gone = tuple(other for bit, other in enumerate(loose) if met >> bit & 1)
            families = frozenset(who for other in gone for who in self.rules.acts[other].whose) - moved
            if len(families) <= left:
                found.append(PushWay(families, far, MendSpot(session, at), gone))
        return sorted(found, key=lambda way: (len(way.families), len(way.gone), way.far, way.spot.session))

    def _met(
        self, act: MendAct, session: str, ranges: Ranges, loose: Sequence[str], spots: Mapping[str, MendSpot]
    ) -> Iterator[tuple[int, int, int]]:
        """From when until when it would meet whom, as bits; not where somebody stands who was placed already."""
        never, marks = 1 << len(loose), []
        for bit, code in enumerate(loose):
            other, stands = self.rules.acts[code], spots[code]
            mark = 1 << bit if stands == other.was else never
            marks += [(first, last, mark) for first, last in self.rules.bad(act, session, other, stands)]
        for first, last, met in pieces(ranges[0][0], ranges[-1][1], marks):
            if met < never:
                yield first, last, met
