"""What is a table of the report: who is counted in each cell, and what of it is kept and shown? Pure.

While it is counted a cell holds those it counts, so the number and the list behind it cannot differ. What is kept and drawn
holds numbers alone; a cell that must not be shown holds none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from festival.core.sentence import Sentence, from_json, to_json

SUM = "sum"  # the key of the column and of the row that count everybody
Named = tuple[str, Sentence]


@dataclass(frozen=True, slots=True)
class CountedOne:
    """Somebody or something that is counted: a name, and where it belongs."""

    name: str
    under: str = ""


@dataclass(slots=True)
class Counting:
    """A table while it is counted. `children`: its lists name people by age, so who opens one is noted."""

    key: str
    title: Sentence
    rows: Sequence[Named]
    columns: Sequence[Named]
    cells: dict[tuple[str, str], list[CountedOne]] = field(default_factory=dict)
    note: Sentence | None = None
    drawn: str = ""  # the column that is drawn as bars
    children: bool = False
    summed: bool = True

    def put(self, row: str, column: str, one: CountedOne) -> None:
        """Count one here, and in the sum of the row."""
        self.cells.setdefault((row, column), []).append(one)

    def of(self, row: str, column: str) -> list[CountedOne]:
        """Who is counted in a cell; the sums are of all rows or columns."""
        rows = [key for key, _words in self.rows] if row == SUM else [row]
        columns = [key for key, _words in self.columns if key != SUM] if column == SUM else [column]
        return [one for each in rows for other in columns for one in self.cells.get((each, other), ())]

    def number(self, row: str, column: str) -> int:
        return len(self.of(row, column))


Cell = int | Sentence | None  # None: not shown


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of a table as it is shown."""

    key: str
    label: Sentence
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table as it is shown and kept."""

    key: str
    title: Sentence
    columns: tuple[Named, ...]
    rows: tuple[FigureRow, ...]
    note: Sentence | None = None
    drawn: str = ""

    @property
    def bars(self) -> list[tuple[Sentence, int]]:
        """What is drawn of it: the rows that may be shown, without the sum."""
        if not self.drawn:
            return []
        place = [key for key, _words in self.columns].index(self.drawn)
        found = ((row.label, row.cells[place]) for row in self.rows if row.key != SUM)
        drawn = [(label, cell) for label, cell in found if isinstance(cell, int)]
        return drawn if any(number for _label, number in drawn) else []

    def shown(self, row: str, column: str) -> Cell:
        """A cell by its names; None also when there is none."""
        place = next((at for at, (key, _words) in enumerate(self.columns) if key == column), None)
        line = next((each for each in self.rows if each.key == row), None)
        return None if place is None or line is None else line.cells[place]


def closed(
    counting: Counting, total: Sentence, hide: Callable[[str, str], bool] = lambda _row, _column: False
) -> FigureTable:
    """The table with its sum below, cells that must not be shown left out."""
    rows: list[Named] = [*counting.rows, *([(SUM, total)] if counting.summed and counting.rows else [])]
    return FigureTable(
        counting.key,
        counting.title,
        tuple(counting.columns),
        tuple(
            FigureRow(
                key,
                words,
                tuple(
                    None if hide(key, column) else counting.number(key, column) for column, _words in counting.columns
                ),
            )
            for key, words in rows
        ),
        counting.note,
        counting.drawn,
    )


# ------------------------------------------------------------------------------------------------ as it is kept


def table_to_json(table: FigureTable) -> dict[str, Any]:
    """Plain values; a cell that is not shown is null."""
    return {
        "key": table.key,
        "title": to_json(table.title),
        "columns": [[key, to_json(words)] for key, words in table.columns],
        "rows": [
            {"key": row.key, "label": to_json(row.label), "cells": [_cell_to_json(cell) for cell in row.cells]}
            for row in table.rows
        ],
        "note": to_json(table.note) if table.note else None,
        "drawn": table.drawn,
    }


def _cell_to_json(cell: Cell) -> object:
    return to_json(cell) if isinstance(cell, Sentence) else cell


def table_from_json(kept: Mapping[str, Any]) -> FigureTable:
    """As it was kept."""
    return FigureTable(
        kept["key"],
        from_json(kept["title"]),
        tuple((key, from_json(words)) for key, words in kept["columns"]),
        tuple(
            FigureRow(row["key"], from_json(row["label"]), tuple(_cell_from_json(cell) for cell in row["cells"]))
            for row in kept["rows"]
        ),
        from_json(kept["note"]) if kept["note"] else None,
        kept["drawn"],
    )


def _cell_from_json(cell: Any) -> Cell:
    return cell if cell is None or isinstance(cell, int) else from_json(cell)


def named(pairs: Iterable[tuple[str, str]]) -> list[Named]:
    """Names that stand in no catalogue: units, contests, what was typed."""
    return [(key, Sentence("%(name)s", {"name": name})) for key, name in pairs]
