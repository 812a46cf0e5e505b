"""How do several families stand best together, while all others stay? OR-Tools CP-SAT; only the worker's process comes here.

What the others leave free is the domain of each begin, so the model holds nothing but the families that are asked about. Interchangeable
stages are told apart here only because few acts are asked about at once. All families at once is the whole festival: what is
proved then is proved of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from festival.schedule.solver.whole.ground import StageGround

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True)
class Together:
    """`places`: a better place (stage, field, moment in it) for each act, where there is one. `bound`: these families cost no less;
    None: nothing is proved.
    """

    places: Mapping[int, tuple[int, int, int]]
    bound: int | None


def stood_together(
    ground: StageGround, groups: Sequence[str], floors: Mapping[str, int], less_than: int, seconds: float, seed: int
) -> Together:
    """Better places for all acts of these families that have none now; together they are to cost less than `less_than`."""
    model = _Model(ground, groups)
    if model.impossible:
        return Together({}, less_than)
    return model.solved(floors, less_than, seconds, seed)


class _Model:
    def __init__(self, ground: StageGround, groups: Sequence[str]) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - 100 MB of memory, only where it is used

        self.cp = cp_model
        self.model = cp_model.CpModel()
        self.ground = ground
        self.groups = [group for group in groups if group[0] != "\0"]
        self.free = sorted({act for group in groups for act in ground.groups[group] if act not in ground.stands})
        self.begins: dict[int, cp_model.IntVar] = {}
        self.chosen: dict[int, list[tuple[int, cp_model.IntVar]]] = {}
        self.on_field: dict[tuple[int, int], cp_model.IntVar] = {}
        self.stages: dict[int, list[cp_model.IntervalVar]] = defaultdict(list)
        self.impossible = not all(self._act(act) for act in self.free)
        if not self.impossible:
            for several in self.stages.values():
                self.model.add_no_overlap(several)
            self._needs()
            self._orders()

    def _act(self, act: int) -> bool:
        """Where it may begin, on which stage and on which day."""
        ground, length = self.ground, self.ground.acts[act].minutes + self.ground.changeover[act]
        spans: dict[int, list[list[int]]] = defaultdict(list)
        fields: dict[int, list[list[int]]] = defaultdict(list)
        own = next(iter(ground.acts[act].families), "") if len(ground.acts[act].families) == 1 else ""
        for field, (first, _) in enumerate(ground.fields):
            for stage, bits in ground.free_by_stage(act, field, own):
                found = [[first + begins, first + ends] for begins, ends in runs(bits)]
                spans[stage] += found
                fields[field] += found
        if not spans:
            return False
        model, domain = self.model, self.cp.Domain.from_intervals
        begin = model.new_int_var_from_domain(domain([each for several in spans.values() for each in several]), "")
        self.begins[act] = begin
        self.chosen[act] = []
        for stage, several in spans.items():
            here = model.new_bool_var("")
            model.add_linear_expression_in_domain(begin, domain(several)).only_enforce_if(here)
            self.stages[stage].append(model.new_optional_fixed_size_interval_var(begin, length, here, ""))
            self.chosen[act].append((stage, here))
        model.add_exactly_one(here for _, here in self.chosen[act])
        for field, several in fields.items():
            there = model.new_bool_var("")
            model.add_linear_expression_in_domain(begin, domain(several)).only_enforce_if(there)
            self.on_field[act, field] = there
        model.add_exactly_one(self.on_field[act, field] for field in fields)
        return True

    def _needs(self) -> None:
        """Families with their gap, people and panels: one thing at a time."""
        gap = self.ground.festival.family_gap_min
        bodies: dict[tuple[str, str], list[cp_model.IntervalVar]] = defaultdict(list)
        for act in self.free:
            minutes = self.ground.acts[act].minutes
            body = self.model.new_fixed_size_interval_var(self.begins[act], minutes, "")
            for need in self.ground.needs[act]:
                bodies[need].append(body)
            if self.ground.acts[act].families:
                resting = self.model.new_fixed_size_interval_var(self.begins[act], minutes + gap, "")
                for family in self.ground.acts[act].families:
                    bodies["family", family].append(resting)
        for group in self.groups:
            for act in self.ground.groups[group]:
                if act in self.ground.stands:
                    size = self.ground.acts[act].minutes + gap
                    bodies["family", group].append(
                        self.model.new_fixed_size_interval_var(self.ground.moment(act), size, "")
                    )
        for several in bodies.values():
            if len(several) > 1:
                self.model.add_no_overlap(several)

    def _orders(self) -> None:
        seen: set[int] = set()
        for act in self.free:
            if act in self.ground.order and act not in seen:
                several = [each for each in self.ground.order[act][0] if each in self.begins]
                seen.update(several)
                for before, after in pairwise(several):
                    self.model.add(self.begins[before] <= self.begins[after])

    def _cost(self, group: str, floor: int) -> list[cp_model.LinearExprT]:
        """Days and waiting of one family, its own minutes included."""
        ground, model, asked = self.ground, self.model, self.ground.festival
        acts = ground.groups[group]
        parts: list[cp_model.LinearExprT] = []
        for field, (first, last) in enumerate(ground.fields):
            fixed = [act for act in acts if act in ground.stands and ground.stands[act].field == field]
            loose = [act for act in acts if (act, field) in self.on_field]
            if not fixed and not loose:
                continue
            comes = model.new_bool_var("") if not fixed else model.new_constant(1)
            begins, ends = model.new_int_var(first, last, ""), model.new_int_var(first, last, "")
            span = model.new_int_var(0, last - first, "")
            model.add(span == ends - begins)
            for act in fixed:
                model.add(begins <= ground.moment(act))
                model.add(ends >= ground.moment(act) + ground.acts[act].minutes)
            for act in loose:
                there = self.on_field[act, field]
                model.add_implication(there, comes)
                model.add(begins <= self.begins[act]).only_enforce_if(there)
                model.add(ends >= self.begins[act] + ground.acts[act].minutes).only_enforce_if(there)
            own = sum(ground.acts[act].minutes for act in fixed)
            if asked.longest_wait_min is not None:
                busy = [ground.acts[act].minutes * self.on_field[act, field] for act in loose]
                model.add(span <= asked.longest_wait_min + own + sum(busy))
            parts += [asked.day_cost_min * comes, span]
        model.add(sum(parts) >= floor + sum(ground.acts[act].minutes for act in acts))
        return parts

    def solved(self, floors: Mapping[str, int], less_than: int, seconds: float, seed: int) -> Together:
        """What comes out in so many seconds."""
        own = sum(self.ground.acts[act].minutes for group in self.groups for act in self.ground.groups[group])
        whole = sum(part for group in self.groups for part in self._cost(group, floors[group]))
        self.model.add(whole <= less_than - 1 + own)
        self.model.minimize(whole)
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 4
        solver.parameters.random_seed = seed
        status = solver.solve(self.model)
        if status == self.cp.INFEASIBLE:
            return Together({}, less_than)
        if status not in {self.cp.OPTIMAL, self.cp.FEASIBLE}:
            return Together({}, None)
        bound = round(solver.best_objective_bound) - own
        return Together({act: self._place(solver, act) for act in self.free}, bound)

    def _place(self, solver: cp_model.CpSolver, act: int) -> tuple[int, int, int]:
        stage = next(stage for stage, here in self.chosen[act] if solver.boolean_value(here))
        at = solver.value(self.begins[act])
        field = next(field for field, (first, last) in enumerate(self.ground.fields) if first <= at < last)
        return stage, field, at - self.ground.fields[field][0]


def runs(bits: int) -> Iterable[tuple[int, int]]:
    """From the first to the last of each row of set bits, both included."""
    at = 0
    while bits:
        empty = (bits & -bits).bit_length() - 1
        bits >>= empty
        at += empty
        full = (~bits & (bits + 1)).bit_length() - 1
        yield at, at + full - 1
        bits >>= full
        at += full
