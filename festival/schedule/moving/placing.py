"""Where does an act come to stand when it is put before another one, and whom does it push? Pure.

Acts of a session follow one another with the changeover between; waits the plan had are kept where they can be. An act that
has begun or is locked (`fixed`) keeps its start, whoever is put beside it: who would have to push it is told its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands on the stage together (a match: two entries), and from when."""

    code: str
    title: str
    starts_at: datetime
    minutes: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Nothing was moved: this one cannot be pushed."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Hours:
    """From when a session has its stage, and how long it is changed over."""

    earliest: datetime
    changeover_min: int = 0

    def after(self, slots: Sequence[Slot], at: int) -> datetime:
        """When the stage is free for whoever comes at place `at`."""
        if at == 0:
            return self.earliest
        last = slots[at - 1]
        return max(self.earliest, last.starts_at + timedelta(minutes=last.minutes + self.changeover_min))


def placed_before(slots: Sequence[Slot], new: Slot, before: str | None, hours: Hours) -> tuple[Slot, ...] | InTheWay:
    """The session with `new` before `before` (None: behind all). One that stands in it already leaves its place first."""
    if all(slot.code != new.code for slot in slots):
        return _put_in(slots, new, before, hours)
    turned = _turned(slots, new.code, before, hours)
    others = [slot for slot in slots if slot.code != new.code]
    return turned if isinstance(turned, tuple) else _put_in(others, new, before, hours)


def _at(slots: Sequence[Slot], before: str | None) -> int:
    return next((at for at, slot in enumerate(slots) if slot.code == before), len(slots))


def _put_in(slots: Sequence[Slot], new: Slot, before: str | None, hours: Hours) -> tuple[Slot, ...] | InTheWay:
    """From the moment the one in front is over; only those are pushed who would stand in its way."""
    at = _at(slots, before)
    put = replace(new, starts_at=hours.after(slots, at))
    return _pushed([*slots[:at], put, *slots[at:]], at + 1, hours)


def _pushed(slots: list[Slot], first: int, hours: Hours) -> tuple[Slot, ...] | InTheWay:
    for at in range(first, len(slots)):
        begins = max(slots[at].starts_at, hours.after(slots, at))
        if begins == slots[at].starts_at:
            break
        if slots[at].fixed:
            return InTheWay(slots[at])
        slots[at] = replace(slots[at], starts_at=begins)
    return tuple(slots)


def _turned(slots: Sequence[Slot], code: str, before: str | None, hours: Hours) -> tuple[Slot, ...] | InTheWay:
    """Inside one session: those between the old place and the new one step up, the starts stay the session's own."""
    old = _at(slots, code)
    order = [slot for slot in slots if slot.code != code]
    new = _at(order, before)
    order.insert(new, slots[old])
    first, last = min(old, new), max(old, new)
    held = next((slot for slot in order[first : last + 1] if slot.fixed), None)
    if held is not None:
        return InTheWay(held)
    starts = [slot.starts_at for slot in slots]
    for at in range(first, last + 1):
        order[at] = replace(order[at], starts_at=max(starts[at], hours.after(order, at)))
    return _pushed(order, last + 1, hours)
