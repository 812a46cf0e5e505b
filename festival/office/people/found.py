"""What is known of a line of a list, and of everything it is held against. Plain values; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from festival.core.sentence import Sentence
from festival.office.people.pasted import PastedLine


class LineFate(StrEnum):
    """What happens to a line."""

    NEW = "new"  # an account is made
    KNOWN = "known"  # the account is there; it is given what it lacks
    JOINED = "joined"  # the same person as a line before, with something more
    DOUBLED = "doubled"  # says nothing new
    UNCLEAR = "unclear"  # not understood: nothing is written


@dataclass(frozen=True, slots=True)
class SeatWish:
    """A seat in a panel; `letter` is None for a secretary, and until one is found."""

    contest: str
    seat: str
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class AccountThere:
    """An account as it is now."""

    user_id: int
    login: str
    name: str
    phone: str
    active: bool
    roles: frozenset[str]
    delegations: frozenset[str]


@dataclass(frozen=True, slots=True)
class SeatThere:
    """Who has which seat now."""

    user_id: int
    name: str
    seat: str
    letter: str | None


@dataclass(frozen=True, slots=True)
class PanelThere:
    """A contest with its panel as it is now; `open`: seats may be given."""

    code: str
    name: str
    marked: bool
    open: bool
    size: int
    seats: tuple[SeatThere, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleGround:
    """What a list is held against. `roles`: folded words → role; `delegations`: code → name."""

    accounts: tuple[AccountThere, ...]
    delegations: Mapping[str, str]
    panels: tuple[PanelThere, ...]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line with its fate; `of` is the line before that is the same person."""

    line: PastedLine
    fate: LineFate = LineFate.NEW
    roles: tuple[str, ...] = ()
    delegations: tuple[str, ...] = ()
    seats: tuple[SeatWish, ...] = ()
    login: str = ""
    phone: str = ""
    user_id: int | None = None
    of: int | None = None
    said: tuple[Sentence, ...] = ()

    def unclear(self, why: Sentence) -> FoundLine:
        """The same line, not understood."""
        return replace(self, fate=LineFate.UNCLEAR, said=(why,))

    @property
    def asks(self) -> tuple[object, ...]:
        """What the line wants its person to have."""
        return set_of(self.roles), set_of(self.delegations), set_of(self.seats)


def set_of(several: Sequence[object]) -> frozenset[object]:
    """Order aside."""
    return frozenset(several)
