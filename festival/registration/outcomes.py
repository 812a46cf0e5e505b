"""What can come of an action on a registration? Expected outcomes are values, matched exhaustively at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from festival.core.sentence import Sentence
from festival.registration.sending import Hindrance
from festival.roster.eligibility import Missing
from festival.roster.outcomes import Done, QuotaFull, Stale


@dataclass(frozen=True, slots=True)
class Registered:
    """A new registration; `link` is the code of its `/g/` address."""

    family_id: int
    code: str
    link: str


@dataclass(frozen=True, slots=True)
class AlreadyRegistered:
    """The same form was sent before (or at the same moment): this is the family it made, and when."""

    family_id: int
    code: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OtherContent:
    """The sender used this key of its own before, for something else; nothing was written."""


@dataclass(frozen=True, slots=True)
class SameHousehold:
    """Another registration has this representative and phone. Whose is not said: the phone might be anybody's."""


@dataclass(frozen=True, slots=True)
class NotComplete:
    """The family lacks something."""

    lacks: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class NotSent:
    """The registration may not be sent now; nothing was written."""

    why: tuple[Hindrance, ...]


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """An officer has not yet said whether this is a family that is registered already."""


@dataclass(frozen=True, slots=True)
class NotSigned:
    """The edition asks for a signed list, and the family stands on none as it is now."""


@dataclass(frozen=True, slots=True)
class StandsInReserve:
    """It stands in reserve: it is accepted as such, or called up, and not simply approved."""


@dataclass(frozen=True, slots=True)
class StandsInLine:
    """It waits in the line of its delegation: it is offered a place in its turn, and not approved by hand."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Something already stands on the approval (an act, an arrival), so it cannot be undone quietly."""

    reasons: tuple[Sentence, ...]


Registration = Registered | AlreadyRegistered | OtherContent | SameHousehold

Sending = Done | Stale | NotSent

Decision = Done | Stale | NotComplete | NotLookedAt | NotSigned | StandsInReserve | StandsInLine | QuotaFull

Undoing = Done | Stale | Bound
