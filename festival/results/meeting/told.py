"""What do the founding decisions and the page of a panel's meeting say, as plain values? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class FoundingTold:
    """A decision as it stands on its paper."""

    number: str
    day: date
    signer: str

    def kept(self) -> dict[str, Any]:
        """As its row holds it."""
        return {"number": self.number, "day": self.day.isoformat(), "signer": self.signer}


@dataclass(frozen=True, slots=True)
class MeetingTold:
    """Who of the panel was there, by the ids of their seats, and when, where, in how many copies for whom. Hours as 20:15."""

    held_on: date
    opened: str
    closed: str  # "" while the meeting goes on
    place: str
    present: tuple[int, ...]
    absent: tuple[tuple[int, str], ...]
    guests: tuple[str, ...]
    copies: int
    receivers: tuple[str, ...]

    def kept(self) -> dict[str, Any]:
        """As its row holds it."""
        return {
            "held_on": self.held_on.isoformat(),
            "opened": self.opened,
            "closed": self.closed,
            "place": self.place,
            "present": list(self.present),
            "absent": [list(each) for each in self.absent],
            "guests": list(self.guests),
            "copies": self.copies,
            "receivers": list(self.receivers),
        }

    @property
    def over_midnight(self) -> bool:
        """Whether it ended on the next day."""
        return bool(self.closed) and self.closed < self.opened


def founding_of(says: Mapping[str, Any] | None) -> FoundingTold | None:
    """From its row; None where it was taken back."""
    return None if says is None else FoundingTold(says["number"], date.fromisoformat(says["day"]), says["signer"])


def meeting_of(says: Mapping[str, Any] | None) -> MeetingTold | None:
    """From its row; None where it was taken back."""
    if says is None:
        return None
    return MeetingTold(
        date.fromisoformat(says["held_on"]),
        says["opened"],
        says["closed"],
        says["place"],
        tuple(says["present"]),
        tuple((judge, why) for judge, why in says["absent"]),
        tuple(says["guests"]),
        says["copies"],
        tuple(says["receivers"]),
    )
