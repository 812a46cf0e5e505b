"""Who has sat in a seat, and whose sheet counts when several of them marked the same act?

Pure. A judge who is replaced leaves the sheets that were given; the substitute marks the rest. An act that both marked
counts by the rule set (`marked_by_both`): the sheet of who sat there when it was marked, that is the first, or the
substitute's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from festival.contests.panel import SheetState
from festival.editions.rules.kinds import MarkedByBoth


def holders(steps: Iterable[tuple[int, int, int]]) -> dict[int, tuple[int, ...]]:
    """By who sits there now: everybody who has sat in that seat, the first first, the present one too.

    `steps`: (root, number of the time, who came in) of the replacements that stand, in any order. Somebody who came
    back keeps the first place.
    """
    sat: dict[int, list[int]] = {}
    now: dict[int, int] = {}
    for root, _number, into in sorted(steps):
        chain = sat.setdefault(root, [root])
        if into not in chain:
            chain.append(into)
        now[root] = into
    return {now[root]: tuple(chain) for root, chain in sat.items()}


class GivenSheet(Protocol):
    """A sheet as far as this rule looks at it."""

    @property
    def state(self) -> SheetState: ...


SheetT = TypeVar("SheetT", bound=GivenSheet)


def counting(chain: Sequence[int], present: int, given: Mapping[int, SheetT], rule: MarkedByBoth) -> SheetT | None:
    """Of the sheets that these people gave one act: the one that counts for their seat.

    A sheet with marks goes before one that only says why there are none; of those the present judge's word stands.
    """
    there = [judge for judge in chain if judge in given]
    marked = [judge for judge in there if given[judge].state is SheetState.MARKED]
    if marked:
        return given[marked[0] if rule is MarkedByBoth.FIRST else marked[-1]]
    if present in given:
        return given[present]
    return given[there[-1]] if there else None


def of_seats(
    seats: Mapping[int, Sequence[int]],
    entries: Sequence[int],
    sheets: Mapping[tuple[int, int], SheetT],
    rule: MarkedByBoth,
) -> dict[tuple[int, int], SheetT]:
    """By (who sits there now, entry): the sheet that counts. `seats`: by who sits there now, everybody who has."""
    found: dict[tuple[int, int], SheetT] = {}
    for present, chain in seats.items():
        for entry in entries:
            given = {judge: sheets[judge, entry] for judge in chain if (judge, entry) in sheets}
            if given and (sheet := counting(chain, present, given, rule)) is not None:
                found[present, entry] = sheet
    return found
