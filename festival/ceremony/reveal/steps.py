"""Which steps does the screen of the hall take through the awards, and where does it stand when the awards have changed? Pure.

Contest by contest: its name, then from the lowest prize to the highest, the special prizes after them, as the MC reads them; at
last the whole delegation. A step shows at most as many winners as are read from the last row of a hall. A step is found again by
its key, which names contest, prize and part, never by its number: an amendment before it moves the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Protocol, TypeVar

from festival.core.canonical import canonical_json
from festival.editions.rules.prizes import PrizeRule

NAMES_A_SCREEN = 5
WHOLE = "/whole"  # no code of a contest holds a slash
WIDE = "/wide"  # special prizes of no single contest, before it is known which one brings them
SAMPLE_REST = 7  # of a prize that all the rest receive: more than one screen
SAMPLE_MOST = 12


class RevealKind(StrEnum):
    """What a step shows."""

    WELCOME = "welcome"
    OPENING = "opening"  # of a contest
    PRIZE = "prize"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class RevealedName:
    """A winner as the hall reads it."""

    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RevealedPrize:
    """A prize and who receives it, in order of appearance."""

    prize: str
    special: bool
    winners: tuple[RevealedName, ...]


@dataclass(frozen=True, slots=True)
class RevealPart:
    """A contest, or the whole delegation (`WHOLE`), with its prizes, the highest first and special ones last."""

    code: str
    name: str
    prizes: tuple[RevealedPrize, ...]


@dataclass(frozen=True, slots=True)
class RevealStep:
    """What stands on the screen at once."""

    key: str
    kind: RevealKind
    contest: str = ""
    prize: str = ""
    special: bool = False
    winners: tuple[RevealedName, ...] = ()
    part: int = 1
    parts: int = 1


WELCOME = RevealStep("/welcome", RevealKind.WELCOME)
CLOSING = RevealStep("/closing", RevealKind.CLOSING)


class _Prize(Protocol):
    @property
    def special(self) -> bool: ...


AnyPrize = TypeVar("AnyPrize", bound=_Prize)


def read_aloud(prizes: Sequence[AnyPrize]) -> list[AnyPrize]:
    """In the order they are read: from the lowest to the highest, then the special ones."""
    return [*reversed([each for each in prizes if not each.special]), *(each for each in prizes if each.special)]


def steps_of_part(part: RevealPart) -> tuple[RevealStep, ...]:
    """The steps of one contest; none when nobody receives anything."""
    told = [each for each in read_aloud(part.prizes) if each.winners]
    if not told:
        return ()
    opening = RevealStep(f"{part.code}/opening", RevealKind.OPENING, part.name)
    return (opening, *(step for each in told for step in _of_prize(part, each)))


def _of_prize(part: RevealPart, prize: RevealedPrize) -> list[RevealStep]:
    starts = range(0, len(prize.winners), NAMES_A_SCREEN)
    kind = "special" if prize.special else "prize"
    return [
        RevealStep(
            f"{part.code}/{kind}/{prize.prize}/{number}",
            RevealKind.PRIZE,
            part.name,
            prize.prize,
            prize.special,
            prize.winners[start : start + NAMES_A_SCREEN],
            number,
            len(starts),
        )
        for number, start in enumerate(starts, start=1)
    ]


def steps_of(parts: Sequence[RevealPart]) -> tuple[RevealStep, ...]:
    """The whole evening, between a screen of welcome and one of thanks."""
    return (WELCOME, *(step for part in parts for step in steps_of_part(part)), CLOSING)


def contest_of(key: str) -> str:
    """The code of the contest a step is of, `WHOLE`, `WIDE`, or '' for welcome and thanks."""
    if key in (WELCOME.key, CLOSING.key):
        return ""
    return next((each for each in (WHOLE, WIDE) if key.startswith(f"{each}/")), key.partition("/")[0])


def digest_of(steps: Sequence[RevealStep]) -> str:
    """Another one when anything that will be shown is another."""
    return sha256(canonical_json([asdict(each) for each in steps])).hexdigest()


def found_again(steps: Sequence[RevealStep], key: str, before: int) -> int:
    """Where the step of this key is now; when it is gone, the one that stands at its number, at most the last."""
    at = next((number for number, each in enumerate(steps) if each.key == key), None)
    return min(before, len(steps) - 1) if at is None else at


def sample_part(
    code: str, name: str, prizes: Sequence[PrizeRule], specials: Sequence[str], who: str, unit: str
) -> RevealPart:
    """The shape the rules foresee, with made-up names: `who` and `unit` followed by a number. Nothing else is read."""
    made: list[RevealedPrize] = []
    number = 1
    counted = [
        (rule.name, False, SAMPLE_REST if rule.count is None else min(rule.count, SAMPLE_MOST)) for rule in prizes
    ]
    for prize, special, many in (*counted, *((each, True, 1) for each in specials)):
        winners = tuple(RevealedName(f"{who} {n}", f"{unit} {n}" if unit else "") for n in range(number, number + many))
        made.append(RevealedPrize(prize, special, winners))
        number += many
    return RevealPart(code, name, tuple(made))
