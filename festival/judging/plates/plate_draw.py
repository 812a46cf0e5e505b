"""Which numbers do the plates of a contest get? Pure; anybody can repeat it by hand.

Numbers of two digits (10 to 99; of three where more than 45 plates are needed), by far not all of them, so that a number missing on
a judge's list tells nothing. The SHA-256 of ``seed + "|" + code + "|" + number`` in hex orders them, the smallest are taken; they go to
the families in the order of the codes of their entries.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from festival.core.sentence import N_, Sentence
from festival.schedule.draw import seeded_order

LARGEST = 9999
NO_PLATE = N_("Mã mâm là số nguyên từ 1 đến 9999.")
TWICE = N_("Mã mâm %(number)s có hai lần.")


def drawn_plates(seed: str, contest_code: str, entries: Sequence[str], taken: Collection[int] = ()) -> dict[str, int]:
    """By code of the entry, its number; `taken`: numbers that others have already."""
    needed = len(entries) + len(taken)
    numbers = range(10, 100) if needed <= 45 else range(100, 1000) if needed <= 450 else range(1000, 10_000)
    order = [int(each) for each in seeded_order(seed, contest_code, [str(each) for each in numbers])]
    free = [each for each in order if each not in taken]
    return dict(zip(sorted(entries), free, strict=False))


def read_plate(typed: str) -> int | Sentence | None:
    """A typed number, None of a blank, or why it is none."""
    text = typed.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LARGEST):
        return NO_PLATE
    return int(text)


def doubled(wanted: Mapping[str, int]) -> dict[str, Sentence]:
    """The entries whose number another of them has too."""
    numbers = list(wanted.values())
    return {code: TWICE.filled(number=number) for code, number in wanted.items() if numbers.count(number) > 1}
