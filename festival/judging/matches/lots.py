"""On which line of the bracket does each entry stand after the draw? Pure; anybody can repeat it by hand.

1. Each entry's lot is the SHA-256 of ``seed + "|" + contest code + "|" + entry code`` (as in `schedule/draw.py`); sorted, the
   smallest is drawn first.
2. The lines from above take the lots of `tree.seats`: of 8 lines the 1st, 8th, 4th, 5th, 2nd, 7th, 3rd and 6th drawn. Lots
   that are not there are byes: who was drawn first goes on without a match.
3. From above, where both of a first match are of one delegation: the lower one changes places with the first entry (from
   above) after which neither of the two matches has two of one delegation. Where no such entry is left, every other match
   and every bye holds somebody of that delegation, so that no draw at all could keep them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from festival.judging.matches.tree import bracket_size, seats
from festival.schedule.draw import seeded_order


def drawn_lines(seed: str, contest_code: str, delegations: Mapping[str, str]) -> list[str]:
    """The lines of the first round from above, "" a bye; `delegations`: of every entry, by its code."""
    order = seeded_order(seed, contest_code, list(delegations))
    lines = [order[lot - 1] if lot <= len(order) else "" for lot in seats(bracket_size(len(order)))]
    return parted(lines, delegations)


def parted(lines: Sequence[str], delegations: Mapping[str, str]) -> list[str]:
    """The same lines with no two of one delegation in a first match, as far as that is possible."""
    found = list(lines)
    for at in range(0, len(found), 2):
        if not _meets_own(found, at, delegations):
            continue
        for other in range(len(found)):
            if other // 2 == at // 2 or not found[other]:
                continue
            changed = list(found)
            changed[at + 1], changed[other] = found[other], found[at + 1]
            if not _meets_own(changed, at, delegations) and not _meets_own(changed, other - other % 2, delegations):
                found = changed
                break
    return found


def _meets_own(lines: Sequence[str], at: int, delegations: Mapping[str, str]) -> bool:
    one, two = lines[at], lines[at + 1]
    return bool(one and two) and delegations[one] == delegations[two]
