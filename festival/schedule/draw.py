"""In which order do the entries of a contest appear?

Two ways, both recorded: the hand in the box (numbers typed as drawn at the meeting of the heads of delegation, checked
here) and a seeded draw that anybody can repeat. The seeded rule: for every entry take the SHA-256 of
``seed + "|" + contest code + "|" + entry code`` (UTF-8) and sort by its hexadecimal digits; the smallest is number 1.
With the seed, the codes and `sha256sum` the order can be checked by hand; docs/schedule.md shows how.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from festival.core.numbers import typed_number
from festival.core.sentence import N_, Sentence


def lot(seed: str, contest_code: str, entry_code: str) -> str:
    """The lot of one entry, 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}|{contest_code}|{entry_code}".encode()).hexdigest()


def seeded_order(seed: str, contest_code: str, entry_codes: Sequence[str]) -> list[str]:
    """All entry codes in drawn order; the order they are given in does not matter.

    Raises ValueError for a code given twice.
    """
    if len(set(entry_codes)) != len(entry_codes):
        raise ValueError("an entry is drawn once")
    return sorted(entry_codes, key=lambda code: lot(seed, contest_code, code))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A complete hand draw: number 1 first."""

    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Why the numbers typed are not yet a draw, by entry code (empty code: about the whole)."""

    faults: Mapping[str, Sentence]


def hand_order(numbers: Mapping[str, str], first: int = 1) -> Drawn | Undrawn:
    """Numbers as typed at the meeting (entry code -> number) read as an order.

    Sound is: every entry has a number, each from `first` on is given exactly once.
    """
    most = first + len(numbers) - 1
    faults: dict[str, Sentence] = {}
    taken: dict[int, str] = {}
    for code, typed in numbers.items():
        text, number = typed.strip(), typed_number(typed)
        if not text:
            faults[code] = N_("chưa có số bốc thăm")
        elif number is None or not first <= number <= most:
            faults[code] = N_("«%(typed)s» không phải số từ %(first)s đến %(most)s", typed=text, first=first, most=most)
        elif number in taken:
            faults[code] = N_("số %(number)s đã có người bốc", number=number)
        else:
            taken[number] = code
    if not numbers:
        faults[""] = N_("chưa có tiết mục nào để bốc thăm")
    return Undrawn(faults) if faults else Drawn(tuple(taken[number] for number in sorted(taken)))
