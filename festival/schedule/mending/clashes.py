"""When may one act not begin, because of where another one stands? And where may each begin, whoever moves? Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from festival.schedule.mending.shapes import MendAct, MendProblem, MendSpot, Ranges, inside, without

EVER = 10**10


class MendRules:
    """The rules of one problem, made quick to ask; `near`: who can have to do with whom at all."""

    def __init__(self, problem: MendProblem) -> None:
        self.problem = problem
        self.acts = {act.code: act for act in problem.acts}
        self.after: dict[tuple[str, str], int] = {(first, then): minutes for first, then, minutes in problem.after}
        self.precede = frozenset(problem.precede)
        self.near = self._near()

    def _near(self) -> Mapping[str, frozenset[str]]:
        groups: dict[str, set[str]] = defaultdict(set)
        bound = {session: pair for pair in self.precede for session in pair}
        for act in self.problem.acts:
            sessions = {*act.rooms, *([act.was.session] if act.was else [])}
            for session in sessions:
                groups[f"stage {self.problem.sessions[session].stage}"].add(act.code)
                if session in bound:
                    groups["judges"].add(act.code)
            for who in act.holds:
                groups[who].add(act.code)
        found: dict[str, set[str]] = defaultdict(set)
        for several in groups.values():
            for code in several:
                found[code] |= several
        for first, then, _ in self.problem.after:
            found[first].add(then)
            found[then].add(first)
        return {code: frozenset(several - {code}) for code, several in found.items()}

    def bad(self, act: MendAct, session: str, other: MendAct, spot: MendSpot) -> Iterator[tuple[int, int]]:
        """The minutes at which `act` cannot begin in this session while `other` stands at `spot`."""
        sessions, begins, ends = self.problem.sessions, spot.at, spot.at + other.minutes
        if session == spot.session:
            yield begins - act.minutes - act.changeover + 1, ends + other.changeover - 1
        elif sessions[session].stage == sessions[spot.session].stage:
            yield begins - act.minutes + 1, ends - 1
        both = set(act.holds).intersection(other.holds)
        if both:
            gap = max(self.problem.gaps.get(who, 0) for who in both)
            bound, other_bound = sessions[session].bound_from, sessions[spot.session].bound_from
            first = (begins if other_bound is None else other_bound) - gap - act.minutes + 1
            if bound is None:
                yield first, ends + gap - 1
            elif bound < ends + gap:
                yield first, EVER
        if (act.code, other.code) in self.after:
            yield begins - self.after[act.code, other.code] + 1, EVER
        if (other.code, act.code) in self.after:
            yield -EVER, begins + self.after[other.code, act.code] - 1
        if (session, spot.session) in self.precede:
            yield begins - act.minutes + 1, EVER
        if (spot.session, session) in self.precede:
            yield -EVER, ends - 1

    def clash(self, one: str, spot: MendSpot, other: str, other_spot: MendSpot) -> bool:
        """Can these two not stand like that?"""
        return inside(spot.at, tuple(self.bad(self.acts[one], spot.session, self.acts[other], other_spot)))

    def broken(self, spots: Mapping[str, MendSpot]) -> list[tuple[str, str]]:
        """Every pair that cannot stand so."""
        return [
            (one, other)
            for one, other in combinations(sorted(spots), 2)
            if other in self.near.get(one, ()) and self.clash(one, spots[one], other, spots[other])
        ]

    def domains(self) -> dict[str, dict[str, Ranges]]:
        """Of each act that may move: where it can begin beside all that stay, within what it may move."""
        stay = {act.code: act.was for act in self.problem.acts if act.fixed and act.was is not None}
        found: dict[str, dict[str, Ranges]] = {}
        for act in self.problem.acts:
            if act.fixed:
                continue
            far = self.problem.cap if act.need <= self.problem.cap else act.need + self.problem.cap
            found[act.code] = {}
            for session, ranges in act.rooms.items():
                left = list(ranges)
                if act.was is not None and not act.asked:
                    left = without(without(left, -EVER, act.was.at - far - 1), act.was.at + far + 1, EVER)
                for code in self.near.get(act.code, ()):
                    if code in stay:
                        for low, high in self.bad(act, session, self.acts[code], stay[code]):
                            left = without(left, low, high)
                if left:
                    found[act.code][session] = tuple(left)
        return found
