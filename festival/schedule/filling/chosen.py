"""What is the solver to plan anew, which of it keeps its place, and how far can a search be? Pure.

`ALL`: every act; a day or a session: what stands there and who could still come into it; `MISSING`: only who has no place. What is
held (locked, begun, in a locked session or on a closed stage) stays whatever was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from festival.schedule.rules.planned import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import Wishes


class FillPart(StrEnum):
    """Which part of the draft."""

    ALL = "all"
    DAY = "day"
    SESSION = "session"
    MISSING = "missing"


class FillState(StrEnum):
    """Waiting for the worker, being searched, found (stopped or ended), nothing came of it, thrown away, taken into the draft."""

    WAITING = "waiting"
    RUNNING = "running"
    FOUND = "found"
    FAILED = "failed"
    DROPPED = "dropped"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class FillChoice:
    """What an organiser asked for. `which`: the day (2024-06-14) or the session; `binding`: contests whose drawn order is kept."""

    part: FillPart
    which: str = ""
    gap_min: int = 15
    longest_min: int | None = None
    binding: frozenset[str] = frozenset()

    @staticmethod
    def part_named(typed: str) -> tuple[FillPart, str] | None:
        """`all`, `missing`, `day-20240614` or `session-12`; None for everything else."""
        kind, _dash, which = typed.partition("-")
        if kind in (FillPart.ALL, FillPart.MISSING) and not which:
            return FillPart(kind), ""
        if kind == FillPart.DAY and len(which) == 8 and which.isascii() and which.isdigit():
            return FillPart.DAY, f"{which[:4]}-{which[4:6]}-{which[6:]}"
        if kind == FillPart.SESSION and which.isascii() and which.isdigit():
            return FillPart.SESSION, which
        return None

    def to_json(self) -> dict[str, Any]:
        return {
            "part": self.part.value, "which": self.which, "gap": self.gap_min, "longest": self.longest_min,
            "binding": sorted(self.binding),
        }  # fmt: skip

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> FillChoice:
        return FillChoice(
            FillPart(kept["part"]), kept["which"], kept["gap"], kept["longest"], frozenset(kept["binding"])
        )

    def opens(self, session: PlannedSession) -> bool:
        """May acts be put into this session?"""
        match self.part:
            case FillPart.DAY:
                return session.starts_at.date().isoformat() == self.which
            case FillPart.SESSION:
                return session.code == self.which
            case FillPart.ALL | FillPart.MISSING:
                return True


@dataclass(frozen=True, slots=True)
class DraftLaid:
    """The draft as values. `parts`: act or session -> the contest it is planned in (a drawn session is one of its own);
    `held`: acts that keep their place; `shut`: sessions into which nothing is put.
    """

    acts: tuple[PlannedAct, ...]
    sessions: tuple[PlannedSession, ...]
    wishes: Wishes
    placed: Mapping[str, Placed]
    parts: Mapping[str, str]
    held: frozenset[str]
    shut: frozenset[str]


@dataclass(frozen=True, slots=True)
class FillDivided:
    """Who is to get a place, into which sessions, and who stays."""

    loose: tuple[PlannedAct, ...]
    open: tuple[PlannedSession, ...]
    stay: tuple[Placed, ...]


def divided_by(draft: DraftLaid, choice: FillChoice) -> FillDivided:
    """Who is moved and who is not."""
    opened = tuple(each for each in draft.sessions if each.code not in draft.shut and choice.opens(each))
    inside, offered = {each.code for each in opened}, {draft.parts[each.code] for each in opened}
    loose = []
    for act in draft.acts:
        place = draft.placed.get(act.code)
        if place is None:
            wanted = draft.parts[act.code] in offered
        else:
            wanted = choice.part is not FillPart.MISSING and place.session.code in inside
        if wanted and act.code not in draft.held:
            loose.append(act)
    codes = {act.code for act in loose}
    return FillDivided(tuple(loose), opened, tuple(each for code, each in draft.placed.items() if code not in codes))
