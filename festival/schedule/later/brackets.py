"""Who meets whom in the matches of a knock-out, as far as its bracket knows? The room of the bracket answers; none is asked here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from festival.core.transaction import once
from festival.schedule.later.naming import MatchPlace

KEPT = "known_brackets"


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


Reader = Callable[[Collection[int]], Mapping[int, KnownBracket]]


def register_brackets(app: Flask, reader: Reader) -> None:
    """`reader`: the brackets in force of these contests, in a number of statements that does not grow with them."""
    app.extensions[KEPT] = reader


def known_brackets(contest_ids: Collection[int]) -> Mapping[int, KnownBracket]:
    """By contest; a contest without a bracket is not in it. Read once in a transaction."""
    wanted = tuple(sorted(set(contest_ids)))
    reader: Reader | None = current_app.extensions.get(KEPT)
    if reader is None or not wanted:
        return {}
    return once(("known brackets", wanted), lambda: reader(wanted))
