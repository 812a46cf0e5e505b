"""Who meets whom in the matches of a knock-out, as far as its bracket knows? The room of the bracket answers; none is asked here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from festival.core.transaction import once
from festival.schedule.later.naming import THIRD_PLACE, MatchPlace

KEPT = "known_brackets"
KEPT_PAST = "brackets_of_the_past"


@dataclass(frozen=True, slots=True)
class MatchSides:
    """`a`, `b`: an entry, 0 where nobody comes, None while it is not known. `may`: everybody who can still come to it."""

    a: int | None
    b: int | None
    may: frozenset[int]

    @property
    def known(self) -> tuple[int, ...]:
        return tuple(each for each in (self.a, self.b) if each)

    @property
    def empty(self) -> bool:
        """Nobody has to play it."""
        return 0 in (self.a, self.b)


@dataclass(frozen=True, slots=True)
class KnownBracket:
    """The draw in force. `told`: everybody may read who goes on; `names`: of its entries, as they are written."""

    matches: Mapping[MatchPlace, MatchSides]
    names: Mapping[int, str]
    told: bool

    @property
    def first_round(self) -> dict[int, int]:
        """Of the first round, in which match an entry stands."""
        first = max(at[0] for at in self.matches)
        own = ((at, sides) for at, sides in self.matches.items() if at[0] == first and at != THIRD_PLACE)
        return {entry: at[1] for at, sides in own for entry in sides.known}


@dataclass(frozen=True, slots=True)
class EverKnown:
    """A match as it was and is: everybody who has stood in it as a side, and how often that can have changed (never fewer)."""

    sides: frozenset[int] = frozenset()
    changes: int = 0


Reader = Callable[[Collection[int]], Mapping[int, KnownBracket]]
PastReader = Callable[[Collection[int]], Mapping[int, Mapping[MatchPlace, EverKnown]]]


def register_brackets(app: Flask, reader: Reader, past: PastReader) -> None:
    """`reader`: the brackets in force of these contests; `past`: what all of their brackets ever said of a match. Each asks a
    number of things that does not grow with the contests.
    """
    app.extensions[KEPT], app.extensions[KEPT_PAST] = reader, past


def known_brackets(contest_ids: Collection[int]) -> Mapping[int, KnownBracket]:
    """By contest; a contest without a bracket is not in it. Each is read once in a transaction."""
    reader: Reader | None = current_app.extensions.get(KEPT)
    kept: dict[int, KnownBracket | None] = once(KEPT, dict)
    missing = set(contest_ids) - kept.keys()
    if missing and reader is not None:
        kept.update(dict.fromkeys(missing) | dict(reader(missing)))
    return {each: bracket for each in contest_ids if (bracket := kept.get(each)) is not None}


def ever_known(contest_ids: Collection[int]) -> Mapping[int, Mapping[MatchPlace, EverKnown]]:
    """By contest and match."""
    reader: PastReader | None = current_app.extensions.get(KEPT_PAST)
    return {} if reader is None or not contest_ids else reader(contest_ids)
