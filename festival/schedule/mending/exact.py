"""Which answer disturbs the fewest families, proved? OR-Tools CP-SAT; only the worker's process comes here.

First the fewest families, then, with no more of them, the fewest minutes and the least waiting. Acts that stay are no part of the
model: what they forbid is taken out of where the others may begin.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from festival.schedule.mending.shapes import NIGHT, MendAct, MendProblem, MendSpot, Ranges, inside, standing_spots
from festival.schedule.solver.shapes import DAY

if TYPE_CHECKING:
    Domains = Mapping[str, Mapping[str, Ranges]]

MINUTE = 100_000  # what a minute of moving counts against one of waiting
WORKERS = 4
Tell = Callable[[Mapping[str, MendSpot]], None]


class MendModel:
    """The acts that may move, each with its begin and its session."""

    def __init__(self, problem: MendProblem, domains: Domains) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.acts = [act for act in problem.acts if act.code in domains]
        self.begins: dict[str, cp_model.IntVar] = {}
        self.here: dict[tuple[str, str], cp_model.IntVar] = {}
        self.moved: dict[str, cp_model.IntVar] = {}
        self.impossible = not all(domains[act.code] for act in self.acts)
        if self.impossible:
            return
        gaps = {(who, gap) for act in self.acts for who, gap in act.holds.items()}
        self.uneven = {who for who, several in Counter(who for who, _ in gaps).items() if several > 1}
        one_at_a_time: dict[str, list[cp_model.IntervalVar]] = defaultdict(list)
        for act in self.acts:
            self._act(act, domains[act.code], one_at_a_time)
        for several in one_at_a_time.values():
            if len(several) > 1:
                self.model.add_no_overlap(several)
        self._pairs()
        self.families = self._families()

    def _act(self, act: MendAct, rooms: Mapping[str, Ranges], one: dict[str, list[cp_model.IntervalVar]]) -> None:
        model, domain = self.model, cp_model.Domain.from_intervals
        begin = model.new_int_var_from_domain(domain([[*each] for ranges in rooms.values() for each in ranges]), "")
        self.begins[act.code] = begin
        for session, ranges in rooms.items():
            here = model.new_bool_var("")
            self.here[act.code, session] = here
            model.add_linear_expression_in_domain(begin, domain([[*each] for each in ranges])).only_enforce_if(here)
            where = self.problem.sessions[session]
            size = act.minutes + act.changeover
            one[f"session {session}"].append(model.new_optional_fixed_size_interval_var(begin, size, here, ""))
            one[f"stage {where.stage}"].append(model.new_optional_fixed_size_interval_var(begin, act.minutes, here, ""))
            for who, gap in act.holds.items():
                one[who].append(self._taken(act, here, where.bound_from, 0, gap))
                if who in self.uneven:  # with what one act needs after it, and with what the next one needs before it
                    one[f"before {who}"].append(self._taken(act, here, where.bound_from, gap, 0))
        model.add_exactly_one(self.here[act.code, session] for session in rooms)
        self.moved[act.code] = moved = model.new_bool_var("")
        if act.was is not None and inside(act.was.at, rooms.get(act.was.session, ())):
            model.add(begin == act.was.at).only_enforce_if(moved.negated())
            model.add_implication(moved.negated(), self.here[act.code, act.was.session])
        else:
            model.add(moved == 1)

    def _taken(
        self, act: MendAct, here: cp_model.IntVar, bound: int | None, before: int, behind: int
    ) -> cp_model.IntervalVar:
        """When whoever is in this act can be nowhere else, with so many minutes before and behind it."""
        begin, size = self.begins[act.code], act.minutes + before + behind
        if bound is None:
            return self.model.new_optional_fixed_size_interval_var(begin - before, size, here, "")
        long = self.model.new_int_var(0, 3 * DAY, "")
        return self.model.new_optional_interval_var(bound - before, long, begin + act.minutes + behind, here, "")

    def _pairs(self) -> None:
        minutes = {act.code: act.minutes for act in self.acts}
        for first, then, wait in self.problem.after:
            if first in self.begins and then in self.begins:
                self.model.add(self.begins[then] >= self.begins[first] + wait)
        for first, then in self.problem.precede:
            border = self.model.new_int_var(0, 10**10, "")
            for (code, session), here in self.here.items():
                if session == first:
                    self.model.add(self.begins[code] + minutes[code] <= border).only_enforce_if(here)
                elif session == then:
                    self.model.add(self.begins[code] >= border).only_enforce_if(here)

    def _families(self) -> dict[str, cp_model.IntVar]:
        found: dict[str, cp_model.IntVar] = {}
        for act in self.acts:
            for who in () if act.asked else act.whose:
                known = found.setdefault(who, self.model.new_bool_var(""))
                self.model.add_implication(self.moved[act.code], known)
        return found

    def _way(self) -> cp_model.LinearExprT:
        """Minutes moved, and then minutes waited."""
        model, ways, waits = self.model, [], []
        for act in self.acts:
            way = model.new_int_var(0, 3 * DAY, "")
            model.add_abs_equality(way, self.begins[act.code] - act.home)
            ways.append(way)
        for own in self._days().values():
            first, last = model.new_int_var(0, 10**10, ""), model.new_int_var(0, 10**10, "")
            for act in own:
                at = self.begins.get(act.code, None if act.was is None else act.was.at)
                if at is not None:
                    model.add(first <= at)
                    model.add(last >= at + act.minutes)
            waits.append(last - first)
        return MINUTE * sum(ways) + sum(waits)

    def _days(self) -> dict[tuple[str, int], list[MendAct]]:
        """The acts of each family that may move on the day of the mending, with those of it that stay then."""
        days: dict[tuple[str, int], list[MendAct]] = defaultdict(list)
        loose = set()
        for act in self.problem.acts:
            ats = [low for ranges in act.rooms.values() for low, _ in ranges] if act.code in self.begins else []
            at = ats[0] if ats and act.asked else act.home
            for family in act.families:
                day = family, (at - NIGHT) // DAY
                days[day].append(act)
                if act.code in self.begins:
                    loose.add(day)
        return {day: own for day, own in days.items() if day in loose and len(own) > 1}

    def places(self, value: Callable[[cp_model.IntVar], int]) -> dict[str, MendSpot]:
        """Where all stand in a solution."""
        spots = standing_spots(self.problem)
        for (code, session), here in self.here.items():
            if value(here):
                spots[code] = MendSpot(session, value(self.begins[code]))
        return spots

    def hint(self, spots: Mapping[str, MendSpot]) -> None:
        """Begin from this answer."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for act in self.acts:
            self.model.add_hint(self.begins[act.code], spots[act.code].at)
            self.model.add_hint(self.moved[act.code], spots[act.code] != act.was)
        for (code, session), here in self.here.items():
            self.model.add_hint(here, spots[code].session == session)


class _Telling(cp_model.CpSolverSolutionCallback):
    def __init__(self, model: MendModel, tell: Tell) -> None:
        super().__init__()
        self.of, self.tell = model, tell

    def on_solution_callback(self) -> None:
        self.tell(self.of.places(self.value))


@dataclass(frozen=True, slots=True)
class Exact:
    """`families`: no answer disturbs fewer. `impossible`: it is proved that there is none."""

    families: int
    impossible: bool = False
    best: bool = False  # nor fewer minutes


def best_mend(
    problem: MendProblem, domains: Domains, known: Mapping[str, MendSpot] | None, seconds: float, tell: Tell
) -> Exact:
    """Tells every better answer, and says at last what is proved."""
    began = time.monotonic()
    model = MendModel(problem, domains)
    if model.impossible:
        return Exact(0, impossible=True)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = 1

    def solved(share: float) -> int:
        nonlocal known
        if known is not None:
            model.hint(known)
        solver.parameters.max_time_in_seconds = max(share * (seconds - (time.monotonic() - began)), 0.1)
        status = solver.solve(model.model, _Telling(model, tell))
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            known = model.places(solver.value)
        return int(status)

    fewest = sum(model.families.values())
    model.model.minimize(fewest)
    status = solved(0.6)
    if status == cp_model.INFEASIBLE:
        return Exact(0, impossible=True)
    bound = max(-int(-solver.best_objective_bound // 1), 0)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Exact(bound)
    model.model.add(fewest <= round(solver.objective_value))
    model.model.minimize(model._way())
    second = solved(1.0)
    return Exact(bound, best=status == second == cp_model.OPTIMAL)
