"""What can be worked out of the cells that a report does not show? An attacker with a solver reads the tables."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from festival.ceremony.report.counting import figures, sensitive
from festival.ceremony.report.counting.facts import ReportFacts
from festival.ceremony.report.counting.figures import TOTAL
from festival.ceremony.report.counting.suppression import LEAST, FlowCell, bounds, hidden_cells
from festival.ceremony.report.counting.tables import SUM, Counting, FigureTable, closed
from tests.ceremony.report_cast import Attacker, Cell, made_up

WORLDS = 10


def told(facts: ReportFacts, shown: Iterable[FigureTable], countings: Iterable[Counting]) -> list[Cell]:
    """Hidden cells of which the tables tell too much: not anything from nobody to five (or all of the unit, where fewer)."""
    attacker, by_key = Attacker(list(shown)), {each.key: each for each in countings}
    found = []
    for cell in attacker.hidden:
        key, row, column = cell
        number = by_key[key].number(row, column)
        fewest, most = attacker.bounds(cell)
        assert fewest <= number <= most, "the attacker is right"
        wanted = min(LEAST, by_key[key].number(row if key != "ages" else SUM, SUM))
        if fewest == most or (0 < number < LEAST and not (fewest == 0 and most >= wanted)):
            found.append(cell)
    return found


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_hidden_cell_is_worked_out_from_rows_columns_totals_and_tables_that_share_them(seed: int) -> None:
    rng = random.Random(seed)
    facts = made_up(rng, units=rng.randint(2, 4), most=rng.choice((6, 14, 30)))
    countings = sensitive.counted(facts)
    assert told(facts, sensitive.protected(facts, countings), countings) == []


def test_hiding_the_small_cells_alone_is_seen_through_by_the_same_attacker() -> None:
    broken = 0
    for seed in range(4):
        rng = random.Random(seed)
        facts = made_up(rng, units=rng.randint(2, 4), most=rng.choice((6, 14, 30)))
        countings = sensitive.counted(facts)
        naive = [
            closed(
                each,
                TOTAL,
                lambda row, column, each=each: (
                    (row, column) != (SUM, SUM)  # type: ignore[misc]
                    and 0 < each.number(row, column) < LEAST
                    and not (column == SUM and each.key != "ages")
                ),
            )
            for each in countings
        ]
        broken += bool(told(facts, naive, countings))
    assert broken == 4


def test_no_small_cell_is_shown_and_what_everybody_knows_is() -> None:
    for seed in range(40):
        facts = made_up(random.Random(seed), units=6, most=25)
        countings = sensitive.counted(facts)
        for table, counting in zip(sensitive.protected(facts, countings), countings, strict=True):
            for row in table.rows:
                for (column, _words), cell in zip(table.columns, row.cells, strict=True):
                    number = counting.number(row.key, column)
                    assert cell in (None, number)
                    if table.key != "ages" and column == SUM:
                        assert cell == number, "how many of a unit there are stands in other tables"
                    else:
                        assert cell is None or not 0 < number < LEAST


def test_the_rule_and_the_attacker_agree_how_much_is_open() -> None:
    """Two ways of solving, found apart: round by the other hidden cells, and a search over whole numbers."""
    for seed in range(4):
        facts = made_up(random.Random(100 + seed), units=3, most=12)
        countings = sensitive.counted(facts)
        ages, of_unit, _households = countings
        flow = sensitive.people_cells(ages, of_unit)
        cells = [cell for cell, _places in flow]
        hidden = hidden_cells(cells)
        attacker = Attacker(sensitive.protected(facts, countings))
        for at in hidden:
            place = flow[at][1][0]
            fewest, most = attacker.bounds(place)
            assert bounds(cells, hidden, at) == (fewest, min(most, cells[at].value + LEAST))


def test_where_nothing_else_helps_all_cells_are_hidden() -> None:
    lonely = [FlowCell("a", "x", 3, 3), FlowCell("a", "y", 0, 3), FlowCell("x", "T", 3, 3), FlowCell("y", "T", 0, 3)]
    assert hidden_cells(lonely) == {0, 1, 2, 3}
    assert hidden_cells([FlowCell("a", "x", 6, 6), FlowCell("x", "T", 6, 6)]) == frozenset()
    assert hidden_cells([]) == frozenset()


def test_a_comparison_names_only_what_both_reports_show() -> None:
    """The edition before may hide what this one shows, and the other way round: a change would tell it."""
    rng = random.Random(5)
    before, now = (made_up(rng, units=3, most=9) for _edition in range(2))
    shown = [sensitive.protected(facts, sensitive.counted(facts)) for facts in (before, now)]
    table = figures.compared("Kỳ trước", figures.totals(before), figures.totals(now), *shown)
    compared = {row.key.removeprefix("age-"): row.cells for row in table.rows if row.key.startswith("age-")}
    by_age = [next(each for each in tables if each.key == "ages") for tables in shown]
    expected = {}
    for row in by_age[0].rows:
        one, other = (each.shown(row.key, SUM) for each in by_age)
        if row.key != SUM and isinstance(one, int) and isinstance(other, int):
            expected[row.key] = (one, other)
    assert {key: cells[:2] for key, cells in compared.items()} == expected
    assert len(expected) < len(by_age[0].rows) - 1, "something was hidden in one of them"
