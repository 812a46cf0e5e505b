"""Made-up people for the report, and somebody who reads its tables to work out what they hide."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from festival.ceremony.report.counting.facts import CountedFamily, CountedPerson, CountedUnit, ReportFacts
from festival.ceremony.report.counting.groups import BROAD, AgeSpan, HouseholdKind, SexCounted
from festival.ceremony.report.counting.tables import SUM, FigureTable

Cell = tuple[str, str, str]  # table, row, column


def made_up(rng: random.Random, units: int, most: int) -> ReportFacts:
    """Units with up to so many people, of ages as families have them: few small children, few grandparents."""
    people: list[CountedPerson] = []
    families: list[CountedFamily] = []
    spans, weights = list(AgeSpan), (2, 5, 2, 9, 3, 1)
    for unit in range(1, units + 1):
        for _each in range(rng.randint(1, most)):
            at = len(people)
            sex = rng.choices(list(SexCounted), (6, 6, 1))[0]
            age = rng.choices(spans, weights)[0]
            people.append(CountedPerson(at, unit, at, f"Người {at}", "", sex, age, "family", came=True))
        for _each in range(rng.randint(1, max(1, most // 3))):
            kind = rng.choices(list(HouseholdKind), (1, 6, 4, 1, 1))[0]
            families.append(CountedFamily(len(families), unit, f"Gia đình {len(families)}", kind))
    return ReportFacts(
        tuple(CountedUnit(unit, f"u{unit}", f"Đoàn {unit}", "", SexCounted.UNKNOWN) for unit in range(1, units + 1)),
        tuple(families),
        tuple(people),
    )


class Attacker:
    """Reads what is shown, knows how tables add up and that nobody is counted less than once, and solves for what is hidden.

    One unknown for each unit, age and sex, so also what follows from how the tables hang together in three directions.
    """

    def __init__(self, shown: Sequence[FigureTable]) -> None:
        self._model = cp_model.CpModel()
        self._tables = {each.key: each for each in shown}
        self.sums: dict[Cell, Any] = {}
        if "ages" in self._tables:
            self._people()
        if "households" in self._tables:
            self._families()
        self.hidden: list[Cell] = []
        for (key, row, column), expression in self.sums.items():
            cell = self._tables[key].shown(row, column)
            if isinstance(cell, int):
                self._model.add(expression == cell)
            else:
                self.hidden.append((key, row, column))

    def _unknown(self, name: str) -> cp_model.IntVar:
        return self._model.new_int_var(0, 10_000, name)

    def _people(self) -> None:
        units = [row.key for row in self._tables["units_ages"].rows if row.key != SUM]
        one = {
            (unit, span, sex): self._unknown(f"{unit} {span} {sex}")
            for unit in units
            for span in AgeSpan
            for sex in SexCounted
        }
        for span in (*AgeSpan, SUM):
            for sex in (*SexCounted, SUM):
                own = [x for (_unit, s, e), x in one.items() if span in (s, SUM) and sex in (e, SUM)]
                self.sums["ages", span, sex] = sum(own)
        for unit in (*units, SUM):
            for broad in (*dict.fromkeys(BROAD.values()), SUM):
                own = [x for (u, s, _sex), x in one.items() if unit in (u, SUM) and broad in (BROAD[s], SUM)]
                self.sums["units_ages", unit, broad] = sum(own)

    def _families(self) -> None:
        units = [row.key for row in self._tables["households"].rows if row.key != SUM]
        one = {(unit, kind): self._unknown(f"{unit} {kind}") for unit in units for kind in HouseholdKind}
        for unit in (*units, SUM):
            for kind in (*HouseholdKind, SUM):
                own = [x for (u, k), x in one.items() if unit in (u, SUM) and kind in (k, SUM)]
                self.sums["households", unit, kind] = sum(own)

    def bounds(self, cell: Cell) -> tuple[int, int]:
        """The fewest and the most that may be in a cell for all that is shown."""
        return self._best(cell, least=True), self._best(cell, least=False)

    def _best(self, cell: Cell, *, least: bool) -> int:
        model = self._model.clone()
        if least:
            model.minimize(self.sums[cell])
        else:
            model.maximize(self.sums[cell])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        return round(solver.objective_value)
