"""What becomes of a drawn order when two change numbers, when somebody is approved later, and who tries the stage when? Pure.

The place of an entry in the order is its number. Whoever withdraws keeps the place, so nobody else's number moves. Who is
approved after the draw comes behind the last number: one alone gets the next, several draw among themselves for the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from festival.core.numbers import typed_number
from festival.core.sentence import N_, Sentence
from festival.schedule.conflicts import PlannedAct, PlannedSession
from festival.schedule.draw import Undrawn


class DrawChangeKind(StrEnum):
    """What was changed after a draw."""

    SWAPPED = "swapped"  # two heads agreed
    CORRECTED = "corrected"  # a number was typed wrongly
    ADDED = "added"  # approved after the draw


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A change that stands."""

    kind: DrawChangeKind
    entries: tuple[int, ...]


def exchanged(order: Sequence[int], one: int, other: int) -> list[int]:
    """The order with these two in each other's place. ValueError for one that is not in it."""
    new = list(order)
    here, there = new.index(one), new.index(other)
    new[here], new[there] = other, one
    return new


def as_drawn(order: Sequence[int], standing: Sequence[OrderChange]) -> list[int]:
    """The order as it was read back at the meeting: what changed since is taken away, the newest first."""
    drawn = list(order)
    for each in reversed(standing):
        added = each.kind is DrawChangeKind.ADDED
        drawn = drawn[: -len(each.entries)] if added else exchanged(drawn, *each.entries)
    return drawn


# ------------------------------------------------------------------------------------------- the session first, then a number in it


@dataclass(frozen=True, slots=True)
class DrawnInBlocks:
    """A complete draw of session and number: number 1 first, and how many are in each session."""

    order: tuple[str, ...]
    blocks: tuple[tuple[int, int], ...]


def block_order(typed: Mapping[str, tuple[str, str]], sessions: Sequence[int]) -> DrawnInBlocks | Undrawn:
    """Each entry's session and its number inside, as typed; `sessions` in the order of time, in which the numbers go on."""
    faults: dict[str, Sentence] = {}
    known = {str(each): each for each in sessions}
    most = {each: sum(chosen == str(each) for chosen, _number in typed.values()) for each in sessions}
    taken: dict[tuple[int, int], str] = {}
    for code, (chosen, written) in typed.items():
        number = typed_number(written)
        if chosen not in known:
            faults[code] = N_("chưa chọn buổi đã bốc")
        elif not written.strip():
            faults[code] = N_("chưa có số bốc thăm")
        elif number is None or not 1 <= number <= most[known[chosen]]:
            faults[code] = N_(
                "«%(typed)s» không phải số từ 1 đến %(most)s của buổi ấy",
                typed=written.strip(),
                most=most[known[chosen]],
            )
        elif (known[chosen], number) in taken:
            faults[code] = N_("số %(number)s của buổi ấy đã có người bốc", number=number)
        else:
            taken[known[chosen], number] = code
    if faults:
        return Undrawn(faults)
    order = tuple(taken[each, number] for each in sessions for number in range(1, most[each] + 1))
    return DrawnInBlocks(order, tuple((each, most[each]) for each in sessions if most[each]))


def block_of(number: int | None, blocks: Sequence[Sequence[int]]) -> int:
    """The session of a number; who came later is in the last."""
    until = 0
    for session, many in blocks:
        until += many
        if number is not None and number <= until:
            return session
    return blocks[-1][0]


def divided(
    acts: Iterable[PlannedAct], sessions: Iterable[PlannedSession], blocks: Mapping[str, Sequence[Sequence[int]]]
) -> tuple[tuple[PlannedAct, ...], tuple[PlannedSession, ...]]:
    """For the planner: who drew a session has place in that session alone. `blocks` by contest; a session that is gone binds nobody."""
    sessions = tuple(sessions)
    there = {each.code for each in sessions}
    binding = {code: own for code, own in blocks.items() if own and all(str(each[0]) in there for each in own)}
    drawn = {str(each[0]) for own in binding.values() for each in own}
    return (
        tuple(
            replace(act, block=str(block_of(act.number, binding[act.contest]))) if act.contest in binding else act
            for act in acts
        ),
        tuple(replace(each, block=each.code) if each.code in drawn else each for each in sessions),
    )


# ------------------------------------------------------------------------------------------- trying the stage


@dataclass(frozen=True, slots=True)
class TrialTime:
    """When a delegation tries the stage."""

    delegation: int
    starts_at: datetime
    ends_at: datetime


def trial_slots(delegations: Iterable[int], starts_at: datetime, minutes: int) -> list[TrialTime]:
    """One after the other, each once, in the order of its first number."""
    each_one = timedelta(minutes=minutes)
    return [
        TrialTime(delegation, starts_at + place * each_one, starts_at + (place + 1) * each_one)
        for place, delegation in enumerate(dict.fromkeys(delegations))
    ]
