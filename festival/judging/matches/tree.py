"""Who meets whom in a knock-out, who goes on, what follows from a match, and which places come of it? Pure.

A side of a match is the code of an entry, "" where nobody comes (a bye, or a match after which nobody went on), None while
it is not known. Rounds and matches count from one; the match for the third place is the second of the last round.
`static/js/ground/match-tree.js` fills in the same, held by `tests/vectors/brackets.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from festival.core.sentence import Sentence
from festival.judging.matches.match_rule import MatchResult
from festival.schedule.later import naming
from festival.schedule.later.naming import MatchPlace, match_called, round_called

FEWEST, MOST = 2, 64
MatchKey = tuple[int, int]  # round, number in it


@dataclass(frozen=True, slots=True)
class BracketMatch:
    """A match as far as it is known."""

    round: int
    number: int
    a: str | None
    b: str | None
    result: MatchResult | None = None

    @property
    def key(self) -> MatchKey:
        return self.round, self.number

    @property
    def bye(self) -> bool:
        """Nobody has to play it: a side is empty."""
        return self.a == "" or self.b == ""

    @property
    def ready(self) -> bool:
        """It can be played: both are known and nothing is typed."""
        return bool(self.a and self.b) and self.result is None

    @property
    def winner(self) -> str | None:
        """Who goes on; "" nobody, None not known."""
        if self.result is not None:
            return self.result.winner
        if self.a == "":
            return self.b
        return self.a if self.b == "" else None

    @property
    def loser(self) -> str | None:
        """Who does not go on; "" nobody, None not known."""
        if self.result is None:
            return "" if self.bye else None
        if not self.result.winner:
            return ""
        return self.b if self.result.winner == self.a else self.a


@dataclass(frozen=True, slots=True)
class Bracket:
    """All rounds, the first one first; `third` where the third place is played for."""

    rounds: tuple[tuple[BracketMatch, ...], ...]
    third: BracketMatch | None

    def __iter__(self) -> Iterator[BracketMatch]:
        """In the order in which they are played: the match for the third place before the final."""
        for matches in self.rounds[:-1]:
            yield from matches
        if self.third is not None:
            yield self.third
        yield from self.rounds[-1]

    def match(self, key: MatchKey) -> BracketMatch | None:
        return next((each for each in self if each.key == key), None)

    @property
    def played(self) -> bool:
        """Whether anything is typed."""
        return any(each.result is not None for each in self)

    def fed_by(self, key: MatchKey) -> list[BracketMatch]:
        """The matches into which somebody comes from this one."""
        round_, number = key
        last = len(self.rounds)
        found = [self.rounds[round_][(number - 1) // 2]] if round_ < last else []
        if round_ == last - 1 and self.third is not None:
            found.append(self.third)
        return found

    def played_after(self, key: MatchKey) -> list[BracketMatch]:
        """Every match with a result to which this one leads, the last ones first: what would be taken back with it."""
        found: dict[MatchKey, BracketMatch] = {}
        waiting = self.fed_by(key)
        while waiting:
            each = waiting.pop()
            if each.result is not None:
                found[each.key] = each
            waiting += self.fed_by(each.key)
        return [found[at] for at in sorted(found, reverse=True)]


def bracket_size(entries: int) -> int:
    """The power of two that holds them."""
    size = 2
    while size < entries:
        size *= 2
    return size


def seats(size: int) -> list[int]:
    """Which lot (1 = first drawn) stands on each line of the first round, from above: 1, 8, 4, 5, 2, 7, 3, 6.

    Lots that are missing are the highest, so byes never meet and lie spread over all parts of the bracket.
    """
    found = [1]
    while len(found) < size:
        double = 2 * len(found) + 1
        found = [each for lot in found for each in (lot, double - lot)]
    return found


def fill(lines: Sequence[str], results: Mapping[MatchKey, MatchResult], *, third_played: bool) -> Bracket:
    """The bracket of these lines ("" is a bye) with what has been typed; the next round fills itself."""
    first = [
        BracketMatch(1, at + 1, lines[2 * at], lines[2 * at + 1], results.get((1, at + 1)))
        for at in range(len(lines) // 2)
    ]
    rounds = [tuple(first)]
    while len(rounds[-1]) > 1:
        before, at_round = rounds[-1], len(rounds) + 1
        rounds.append(
            tuple(
                BracketMatch(
                    at_round, at + 1, before[2 * at].winner, before[2 * at + 1].winner, results.get((at_round, at + 1))
                )
                for at in range(len(before) // 2)
            )
        )
    third = None
    if third_played and len(rounds) > 1 and sum(bool(each) for each in lines) > 3:
        last = len(rounds)
        one, two = rounds[-2]
        third = BracketMatch(last, 2, one.loser, two.loser, results.get((last, 2)))
    return Bracket(tuple(rounds), third)


def places(bracket: Bracket) -> list[list[str]] | None:
    """Who is first, second, …, best first, who shares a place in one group; None while a match is still to be played.

    Who lost in the same round shares a place: 5 after the quarter-finals, 9 before them.
    """
    final = bracket.rounds[-1][0]
    if final.winner is None or (bracket.third is not None and bracket.third.winner is None):
        return None
    groups: list[list[str]] = []
    placed: set[str] = set()

    def put(*entries: str | None) -> None:
        group = [each for each in entries if each and each not in placed]
        if group:
            groups.append(group)
            placed.update(group)

    put(final.winner)
    put(final.loser)
    put(final.a, final.b)
    if bracket.third is not None:
        put(bracket.third.winner)
        put(bracket.third.loser)
        put(bracket.third.a, bracket.third.b)
    for matches in reversed(bracket.rounds[:-1]):
        put(*(side for each in matches for side in (each.a, each.b)))
    return groups


def round_name(bracket: Bracket, round_: int) -> Sentence:
    """«Chung kết», «Bán kết», «Vòng 1/8»."""
    return round_called(len(bracket.rounds) - round_)


def match_name(bracket: Bracket, key: MatchKey) -> Sentence:
    """«Tứ kết, trận 3»."""
    return match_called(place_of(bracket, key))


def match_inside(bracket: Bracket, key: MatchKey) -> Sentence:
    """A match as it is called in the middle of a sentence: «tứ kết, trận 3»."""
    return naming.match_inside(place_of(bracket, key))


def place_of(bracket: Bracket, key: MatchKey) -> MatchPlace:
    """The match by how many rounds follow it, as the timetable knows it."""
    return len(bracket.rounds) - key[0], key[1]


def may_come(bracket: Bracket, match: BracketMatch) -> frozenset[str]:
    """Who can still come to it: who is known, and of a side that is not known whoever may come to the match before."""
    before = [each for each in bracket if match in bracket.fed_by(each.key)]
    found = {side for side in (match.a, match.b) if side}
    for each in before:
        if (each.loser if match is bracket.third else each.winner) is None:
            found |= may_come(bracket, each)
    return frozenset(found)
