"""What does a page of prizes show: each with its reasons, who just missed, who has none, what follows when one bound moves? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from festival.core.sentence import Sentence
from festival.editions.rules.prizes import PrizeRule
from festival.results.awarding.proposing import JustMissed, PrizeChange, changes, just_missed, prize_by_entry
from festival.results.prizes import (
    PrizeDecision,
    PrizeOfEntry,
    PrizeRoom,
    Prizes,
    Vacancy,
    award,
    by_rank,
    moved,
    rooms_of,
)
from festival.results.standings import RankedEntry


@dataclass(frozen=True, slots=True)
class PrizeShown:
    """One prize of the rules: how many the rules have, who receives it and why, who stands next."""

    name: str
    room: PrizeRoom
    winners: tuple[PrizeOfEntry, ...]
    missed: JustMissed | None
    empty: bool


@dataclass(frozen=True, slots=True)
class BoundMoved:
    """What follows when a bound moves; nothing of it is stored."""

    prize: str
    by: int
    changes: tuple[PrizeChange, ...]


@dataclass(frozen=True, slots=True)
class ProposedPrizes:
    """The prizes of a contest, or of the delegations, as they are handed down now."""

    places: Sequence[RankedEntry]
    prizes: Prizes
    rules: Sequence[PrizeRule]
    decided: Sequence[PrizeDecision]
    vacant: Sequence[Vacancy]

    @property
    def rooms(self) -> tuple[PrizeRoom, ...]:
        """The bounds of the rules for so many with a place."""
        return rooms_of(self.rules, sum(map(len, by_rank(self.places).values())))

    @property
    def bounds(self) -> list[str]:
        """The prizes of which one more or one fewer can be looked at."""
        return [room.name for room in self.rooms if room.own is not None or room.together is not None]

    @property
    def given(self) -> Mapping[str, str | None]:
        """What everybody with a place receives, best first."""
        return prize_by_entry(self.places, self.prizes)

    @property
    def without(self) -> list[tuple[str, int, tuple[Sentence, ...]]]:
        """Who has a place and no prize, best first, with why."""
        ranks = {each.entry: each.rank or 0 for each in self.places}
        return [(entry, ranks[entry], why) for entry, why in self.prizes.without.items()]

    @property
    def shown(self) -> list[PrizeShown]:
        """Prize by prize, the highest first."""
        missed, empty = just_missed(self.places, self.prizes), {each.prize for each in self.vacant}
        return [
            PrizeShown(
                room.name,
                room,
                tuple(each for each in self.prizes.awards if each.prize == room.name),
                None if rule.takes_all else missed.get(room.name),
                room.name in empty,
            )
            for rule, room in zip(self.rules, self.rooms, strict=True)
        ]

    def if_moved(self, prize: str, by: int) -> BoundMoved | None:
        """Who would gain or lose; None where that prize has no bound, or would have less than none."""
        rooms = moved(self.rooms, prize, by)
        if rooms is None:
            return None
        before, after = (
            prize_by_entry(self.places, award(self.places, self.rules, self.decided, self.vacant, rooms=bounds))
            for bounds in (None, rooms)
        )
        return BoundMoved(prize, by, changes(before, after))
