"""When may one act not begin, because of where another one stands? And where may each begin, whoever moves? Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from festival.schedule.mending.shapes import MendAct, MendProblem, MendSpot, Ranges, inside, without

EVER = 10**10
NOBODY = -1  # is in both acts


@dataclass(frozen=True, slots=True)
class _Span:
    """Somebody or a stage may be taken by this act from then until then, wherever it comes to stand."""

    begins: int
    ends: int
    act: MendAct


class MendRules:
    """The rules of one problem, made quick to ask. `reach`: where an act that may move could begin if all others gave way; `near`: who
    could be in its way then, with the minutes between the two of whoever is in both.
    """

    def __init__(self, problem: MendProblem) -> None:
        self.problem = problem
        self.acts = {act.code: act for act in problem.acts}
        self.after: dict[tuple[str, str], int] = {(first, then): minutes for first, then, minutes in problem.after}
        self.precede = frozenset(problem.precede)
        self.reach = {act.code: self._reach(act) for act in problem.acts if not act.fixed}
        self.near = self._near()

    def _reach(self, act: MendAct) -> dict[str, Ranges]:
        if act.was is None or act.asked:
            return dict(act.rooms)
        far = self.problem.cap if act.need <= self.problem.cap else act.need + self.problem.cap
        low, high = act.was.at - far, act.was.at + far
        return {
            session: tuple(without(without(ranges, -EVER, low - 1), high + 1, EVER))
            for session, ranges in act.rooms.items()
        }

    def _near(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {code: {} for code in self.reach}
        for one, other in dict.fromkeys(chain(self._at_once(), self._bound())):
            if one != other and one in found:
                found[one][other] = self._between(self.acts[one], self.acts[other])
        return found

    def _could(self, act: MendAct) -> dict[str, tuple[int, int]]:
        """In which sessions it may come to stand, first and last minute of its beginning."""
        could = {
            session: (ranges[0][0], ranges[-1][1]) for session, ranges in self.reach.get(act.code, {}).items() if ranges
        }
        if act.was is not None:
            low, high = could.get(act.was.session, (act.was.at, act.was.at))
            could[act.was.session] = min(low, act.was.at), max(high, act.was.at)
        return could

    def _at_once(self) -> Iterator[tuple[str, str]]:
        """Who may meet on a stage, or needs the same people at one time."""
        groups: dict[str, list[_Span]] = defaultdict(list)
        for act in self.problem.acts:
            for session, (low, high) in self._could(act).items():
                where = self.problem.sessions[session]
                groups[f"stage {where.stage}"].append(_Span(low, high + act.minutes + act.changeover, act))
                bound = low if where.bound_from is None else min(low, where.bound_from)
                for who, gap in act.holds.items():
                    groups[who].append(_Span(bound - gap, high + act.minutes + gap, act))
        for several in groups.values():
            for one in several:
                if not one.act.fixed:
                    for other in several:
                        if one.begins < other.ends and other.begins < one.ends:
                            yield one.act.code, other.act.code

    def _bound(self) -> Iterator[tuple[str, str]]:
        """Who has to wait for whom."""
        standing: dict[str, list[str]] = defaultdict(list)
        for act in self.problem.acts if self.precede else ():
            for session in self._could(act):
                standing[session].append(act.code)
        pairs = [(one, other) for one, other, _ in self.problem.after]
        pairs += [(one, other) for first, then in self.precede for one in standing[first] for other in standing[then]]
        for one, other in pairs:
            if one in self.acts and other in self.acts:
                yield one, other
                yield other, one

    @staticmethod
    def _between(act: MendAct, other: MendAct) -> int:
        """Whoever is in both needs so many minutes between them."""
        both = act.holds.keys() & other.holds.keys()
        return max((max(act.holds[who], other.holds[who]) for who in both), default=NOBODY)

    def bad(self, act: MendAct, session: str, other: MendAct, spot: MendSpot) -> list[tuple[int, int]]:
        """The minutes at which `act`, which may move, cannot begin in this session while `other` stands at `spot`; none named twice."""
        sessions, begins, ends, found = self.problem.sessions, spot.at, spot.at + other.minutes, []
        if session == spot.session:
            found.append((begins - act.minutes - act.changeover + 1, ends + other.changeover - 1))
        elif sessions[session].stage == sessions[spot.session].stage:
            found.append((begins - act.minutes + 1, ends - 1))
        gap = self.near[act.code].get(other.code, NOBODY)
        if gap != NOBODY:
            bound, other_bound = sessions[session].bound_from, sessions[spot.session].bound_from
            first = (begins if other_bound is None else other_bound) - gap - act.minutes + 1
            if bound is None:
                found.append((first, ends + gap - 1))
            elif bound < ends + gap:
                found.append((first, EVER))
        if (act.code, other.code) in self.after:
            found.append((begins - self.after[act.code, other.code] + 1, EVER))
        if (other.code, act.code) in self.after:
            found.append((-EVER, begins + self.after[other.code, act.code] - 1))
        if (session, spot.session) in self.precede:
            found.append((begins - act.minutes + 1, EVER))
        if (spot.session, session) in self.precede:
            found.append((-EVER, ends - 1))
        return found if len(found) < 2 else _joined(found)

    def clash(self, one: str, spot: MendSpot, other: str, other_spot: MendSpot) -> bool:
        """Can these two not stand like that? One of them may move."""
        if one not in self.near:
            one, spot, other, other_spot = other, other_spot, one, spot
        known = other in self.near.get(one, ())
        return known and inside(spot.at, self.bad(self.acts[one], spot.session, self.acts[other], other_spot))

    def broken(self, spots: Mapping[str, MendSpot]) -> list[tuple[str, str]]:
        """Every pair that cannot stand so, of whom one at least may move."""
        return [
            (one, other)
            for one, others in self.near.items()
            if one in spots
            for other in others
            if other in spots and (other not in self.near or one < other) and self.clash(one, spots[one], other, spots[other])
        ]  # fmt: skip

    def domains(self) -> dict[str, dict[str, Ranges]]:
        """Of each act that may move: where it can begin beside all that stay, within what it may move."""
        found: dict[str, dict[str, Ranges]] = {}
        for code, reach in self.reach.items():
            act = self.acts[code]
            stay = [(other, other.was) for other in map(self.acts.__getitem__, self.near[code]) if other.fixed]
            found[code] = {}
            for session, ranges in reach.items():
                left = list(ranges)
                for other, spot in stay:
                    for low, high in () if spot is None else self.bad(act, session, other, spot):
                        left = without(left, low, high)
                if left:
                    found[code][session] = tuple(left)
        return found

    def answers(self, domains: Mapping[str, Mapping[str, Ranges]], spots: Mapping[str, MendSpot]) -> bool:
        """Does everything stand where it may, and nothing against another?"""
        for act in self.problem.acts:
            spot = spots.get(act.code)
            if act.fixed:
                if spot != act.was:
                    return False
            elif spot is None or not inside(spot.at, domains[act.code].get(spot.session, ())):
                return False
        return not self.broken(spots)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each minute named once."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found
