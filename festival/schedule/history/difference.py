"""What did one step change in the draft, and does the draft still stand as the step left it? Pure.

A draft is four tables of plain values: stages by code, sessions by id, acts by the id of their entry, matches of later rounds
by their code. What a step did is, for each row it touched, what the row was and what it became; None where there was none. How
many minutes an act has follows from its contest and from what was wished of it, whatever the draft: it is written down with
its row, and no step is about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

STAGES, SESSIONS, ACTS, MATCHES = "stages", "sessions", "acts", "matches"
PARTS = (STAGES, SESSIONS, ACTS, MATCHES)
MINUTES = 3  # where they stand in the row of an act
Values = Sequence[Any]
Document = Mapping[str, Mapping[str, Values]]
Difference = Mapping[str, Mapping[str, Sequence[Values | None]]]


def difference(before: Document, after: Document) -> dict[str, dict[str, list[Values | None]]]:
    """Rows that are not the same; parts without any are left out."""
    found: dict[str, dict[str, list[Values | None]]] = {}
    for part in PARTS:
        old, new = before[part], after[part]
        rows = {
            key: [old.get(key), new.get(key)]
            for key in sorted({*old, *new})
            if placed(part, old.get(key)) != placed(part, new.get(key))
        }
        if rows:
            found[part] = rows
    return found


def turned(changed: Difference, *, back: bool) -> Iterator[tuple[str, str, Values | None, Values | None]]:
    """Part, key, what the row must be now, and what it becomes when the step is taken back (or taken again)."""
    for part in PARTS:
        for key, (before, after) in changed.get(part, {}).items():
            yield (part, key, after, before) if back else (part, key, before, after)


def strays(changed: Difference, now: Document, *, back: bool) -> list[tuple[str, str]]:
    """Rows that somebody changed otherwise since: the step cannot be turned over them."""
    return [
        (part, key)
        for part, key, expected, _to in turned(changed, back=back)
        if placed(part, now[part].get(key)) != placed(part, expected)
    ]


def placed(part: str, row: Values | None) -> list[Any] | None:
    """What a step can be about: of an act all but its minutes."""
    if row is None:
        return None
    return [*row[:MINUTES], *row[MINUTES + 1 :]] if part == ACTS else list(row)
