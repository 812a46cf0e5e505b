"""Who is first, second, … when these matches of a knock-out have been played? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlayedMatch:
    """A match of a round that `winner` won."""

    round: int
    a: str
    b: str
    winner: str

    @property
    def loser(self) -> str:
        return self.b if self.winner == self.a else self.a


def order_of(matches: Sequence[PlayedMatch], entries: Sequence[str]) -> list[list[str]]:
    """Groups best first: who lost later stands higher; of two who lost in the same round a match between them afterwards says
    who is before whom; who never played is in no group.
    """
    lost: dict[str, int] = {}
    after: list[PlayedMatch] = []
    played: set[str] = set()
    for match in sorted(matches, key=lambda each: each.round):
        played |= {match.a, match.b}
        if match.a in lost and match.b in lost:
            after.append(match)
        else:
            lost.setdefault(match.loser, match.round)
    last = max((match.round for match in matches), default=0) + 1
    groups: dict[int, list[str]] = {}
    for entry in entries:
        if entry in played:
            groups.setdefault(lost.get(entry, last), []).append(entry)
    ordered: list[list[str]] = []
    for round_ in sorted(groups, reverse=True):
        ordered += _parted(groups[round_], after)
    return ordered


def _parted(group: list[str], after: Sequence[PlayedMatch]) -> list[list[str]]:
    """A group of equals, parted by the wins of the matches that they played among themselves."""
    own = [match for match in after if match.a in group and match.b in group]
    wins = {entry: sum(match.winner == entry for match in own) for entry in group}
    return [[entry for entry in group if wins[entry] == level] for level in sorted(set(wins.values()), reverse=True)]


def set_fault(sets: Sequence[tuple[int, int]], a_wins: bool) -> bool:
    """Whether these sets cannot be: one without a winner, or the match's winner did not win more of them."""
    won = sum(one > other for one, other in sets)
    return (
        any(one == other for one, other in sets)
        or (bool(sets) and (won * 2 > len(sets)) is not a_wins)
        or won * 2 == len(sets) > 0
    )
