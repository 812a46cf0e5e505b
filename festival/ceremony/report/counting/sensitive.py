"""Which tables would tell a few people by their age, their household or their ethnic group, and what of them is shown? Pure.

People go from their unit to a broad group of age, to a finer one, to a sex: one flow, so the three tables are hidden
together (`suppression`). Families go from their unit to the kind of their household. How many of a unit there are everybody
knows. Ethnic groups come as numbers of five or more and are counted by nothing else.

Of an edition these are counted once: two countings a day apart would tell who came between. Later versions of the report
repeat them as long as an earlier one stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from festival.ceremony.report.counting.facts import ReportFacts
from festival.ceremony.report.counting.figures import SEXES, TOTAL, of_units, one
from festival.ceremony.report.counting.groups import (
    AGE_WORDS,
    BROAD,
    BROAD_WORDS,
    HOUSEHOLD_WORDS,
    AgeSpan,
    BroadAge,
    HouseholdKind,
    SexCounted,
)
from festival.ceremony.report.counting.suppression import FlowCell, hidden_cells
from festival.ceremony.report.counting.tables import SUM, CountedOne, Counting, FigureRow, FigureTable, closed, named
from festival.core.sentence import N_

HIDDEN = N_("Ô để … không nêu số: dưới 5 người, hoặc để không suy ra được ô dưới 5.")
KEYS = ("ages", "units_ages", "households", "ethnic")
Place = tuple[str, str, str]  # table, row, column


def counted(facts: ReportFacts) -> list[Counting]:
    """The tables that hide cells, before they do."""
    ages = Counting(
        "ages",
        N_("Lứa tuổi và giới"),
        [(span.value, AGE_WORDS[span]) for span in AgeSpan],
        [*SEXES, (SUM, TOTAL)],
        note=HIDDEN,
        drawn=SUM,
        children=True,
    )
    of_unit = Counting(
        "units_ages",
        N_("Lứa tuổi theo đơn vị"),
        of_units(facts),
        [*((broad.value, BROAD_WORDS[broad]) for broad in BroadAge), (SUM, TOTAL)],
        note=HIDDEN,
        children=True,
    )
    for person in facts.members:
        ages.put(person.age.value, person.sex.value, one(person))
        of_unit.put(str(person.unit), BROAD[person.age].value, one(person))
    kinds = [*((kind.value, HOUSEHOLD_WORDS[kind]) for kind in HouseholdKind), (SUM, TOTAL)]
    households = Counting("households", N_("Loại hộ theo đơn vị"), of_units(facts), kinds, note=HIDDEN)
    for family in facts.families:
        households.put(str(family.unit), family.kind.value, CountedOne(family.name, facts.unit_names[family.unit]))
    return [ages, of_unit, households]


def protected(facts: ReportFacts, countings: Sequence[Counting]) -> list[FigureTable]:
    """As they are shown; the table of ethnic groups where there is one."""
    by_key = {each.key: each for each in countings}
    hidden = _hidden(people_cells(by_key["ages"], by_key["units_ages"])) | _hidden(family_cells(by_key["households"]))
    shown = [closed(each, TOTAL, lambda row, column, key=each.key: (key, row, column) in hidden) for each in countings]  # type: ignore[misc]
    ethnic = _ethnic(facts)
    return [*shown, *([ethnic] if ethnic else [])]


def _hidden(cells: Sequence[tuple[FlowCell, tuple[Place, ...]]]) -> set[Place]:
    hidden = hidden_cells([cell for cell, _places in cells])
    return {place for at, (_cell, places) in enumerate(cells) if at in hidden for place in places}


def people_cells(ages: Counting, of_unit: Counting) -> list[tuple[FlowCell, tuple[Place, ...]]]:
    """Each number of the two tables once, with the places it stands at."""
    everybody = of_unit.number(SUM, SUM)
    cells: list[tuple[FlowCell, tuple[Place, ...]]] = []
    for unit, _words in of_unit.rows:
        most = of_unit.number(unit, SUM)
        for broad in BroadAge:
            cell = FlowCell(f"unit {unit}", broad, of_unit.number(unit, broad), most)
            cells.append((cell, (("units_ages", unit, broad),)))
    for broad in BroadAge:
        # so many of all units in a broad group: the last line of one table, which the other adds up to
        cell = FlowCell(broad, f"all {broad}", of_unit.number(SUM, broad), everybody, total=True)
        cells.append((cell, (("units_ages", SUM, broad),)))
    for span in AgeSpan:
        cell = FlowCell(f"all {BROAD[span]}", f"age {span}", ages.number(span, SUM), everybody, total=True)
        cells.append((cell, (("ages", span, SUM),)))
        for sex in SexCounted:
            cell = FlowCell(f"age {span}", sex, ages.number(span, sex), everybody)
            cells.append((cell, (("ages", span, sex),)))
    for sex in SexCounted:
        cell = FlowCell(sex, "everybody", ages.number(SUM, sex), everybody, total=True)
        cells.append((cell, (("ages", SUM, sex),)))
    return cells


def family_cells(households: Counting) -> list[tuple[FlowCell, tuple[Place, ...]]]:
    """The same of the kinds of households."""
    cells: list[tuple[FlowCell, tuple[Place, ...]]] = []
    for unit, _words in households.rows:
        most = households.number(unit, SUM)
        for kind in HouseholdKind:
            cell = FlowCell(f"unit {unit}", kind, households.number(unit, kind), most)
            cells.append((cell, (("households", unit, kind),)))
    for kind in HouseholdKind:
        cell = FlowCell(kind, "everybody", households.number(SUM, kind), households.number(SUM, SUM), total=True)
        cells.append((cell, (("households", SUM, kind),)))
    return cells


def _ethnic(facts: ReportFacts) -> FigureTable | None:
    if not facts.ethnic and not facts.ethnic_others:
        return None
    rows = [
        FigureRow(key, words, (number,))
        for (key, words), (_name, number) in zip(
            named((f"g{at}", name) for at, (name, _number) in enumerate(facts.ethnic)), facts.ethnic, strict=True
        )
    ]
    if facts.ethnic_others:
        rows.append(FigureRow("others", N_("Các dân tộc khác, gộp lại"), (facts.ethnic_others,)))
    return FigureTable(
        "ethnic",
        N_("Dân tộc"),
        (("people", N_("Người")),),
        tuple(rows),
        N_("Chỉ đếm người tự ghi và đồng ý riêng; nhóm dưới 5 người gộp chung."),
        "people",
    )
