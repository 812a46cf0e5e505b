"""Reads one workbook in a process of its own and writes what stands in it: `python -m festival.documents.workbook_process`.

Standard input: one line of JSON (which sheet), then the file. Standard output: one JSON object. Memory, processor time and
what may be written are limited before a byte of the file is looked at; the process knows no database, no key and no setting.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from festival.core.sentence import Sentence, from_json, to_json
from festival.documents.workbook_refusals import TOO_LARGE
from festival.documents.xlsx_reading import Cell, Grid, Wanted, grid_of

ANSWER_BYTES = 64 * 1024 * 1024


def limit(cpu_s: int, memory_bytes: int) -> None:
    """From here on the kernel stops this process when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER_BYTES, ANSWER_BYTES))
    os.nice(5)  # gates and judges come first
    # openpyxl takes these when it finds them; none is needed, and their threads reserve more memory than a list needs.
    for library in ("numpy", "lxml", "PIL"):
        sys.modules[library] = None  # type: ignore[assignment]


def main() -> None:
    """Answer once."""
    asked = json.loads(sys.stdin.buffer.readline())
    limit(asked["cpu_s"], asked["memory_bytes"])
    gc.disable()  # it took half of the reading, and what is garbage ends with the process
    content = sys.stdin.buffer.read()
    try:
        found = grid_of(content, Wanted(asked["name"], tuple(map(frozenset, asked["headings"]))))
        answer = json.dumps(to_wire(found), ensure_ascii=True)
    except MemoryError:
        answer = json.dumps(to_wire(TOO_LARGE))
    sys.stdout.write(answer)
    sys.stdout.flush()


# ------------------------------------------------------------------------------------------------ as it travels


def to_wire(found: Grid | Sentence) -> dict[str, Any]:
    """A grid or a refusal as JSON."""
    if isinstance(found, Sentence):
        return {"refused": to_json(found)}
    return {"rows": [[row, _cells(cells)] for row, cells in found.rows], "merged": found.merged, "unread": found.unread}


def from_wire(sent: dict[str, Any]) -> Grid | Sentence:
    """The other direction."""
    if "refused" in sent:
        return from_json(sent["refused"])
    rows = [(int(row), [_cell(cell) for cell in cells]) for row, cells in sent["rows"]]
    return Grid(rows, [(left, top, right, bottom) for left, top, right, bottom in sent["merged"]], sent["unread"])


def _cells(cells: list[Cell]) -> list[Any]:
    sent = [_value(cell) for cell in cells]
    while sent and sent[-1] is None:
        sent.pop()
    return sent


def _value(cell: Cell) -> Any:
    match cell.value:
        case _ if cell.fault is not None:
            return {"fault": to_json(cell.fault)}
        case datetime() as moment:
            return {"moment": moment.isoformat()}
        case date() as day:
            return {"day": day.isoformat()}
        case time() | timedelta() as clock:
            return str(clock)
        case None | bool() | int() | float() | str() as plain:
            return plain
        case other:
            return str(other)


def _cell(sent: Any) -> Cell:
    match sent:
        case {"fault": reason}:
            return Cell(None, from_json(reason))
        case {"moment": moment}:
            return Cell(datetime.fromisoformat(moment))
        case {"day": day}:
            return Cell(date.fromisoformat(day))
        case plain:
            return Cell(plain)


if __name__ == "__main__":
    main()
