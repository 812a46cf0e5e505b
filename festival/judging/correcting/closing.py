"""May the judge still correct a sheet that was sent, as the contest says? Pure.

A sheet that comes for the first time is taken until the lock, whatever the rule. `next_act` means: the next act of the
contest on that stage has begun. What counts is when the judge wrote, by the tablet's corrected clock, so that a correction
made in time and sent late holds; a tablet cannot have written something earlier than what it said before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

UNTIL_LOCK, NEXT_ACT, SECRETARY = "until_lock", "next_act", "secretary"


@dataclass(frozen=True, slots=True)
class ActTimes:
    """An act as the day has it: on which stage, in which place of its session, since when."""

    entry_id: int
    stage: Hashable
    session: Hashable
    position: int
    began_at: datetime | None


def closings(acts: Iterable[ActTimes], wanted: Collection[int] | None = None) -> dict[int, datetime]:
    """By entry (of those `wanted`), when the next act of the contest on its stage began; nothing where none has begun after it.

    An entry that was never on stage is passed when a later place of its session begins.
    """
    known = list(acts)
    on_stage: dict[Hashable, list[datetime]] = defaultdict(list)
    in_session: dict[Hashable, list[tuple[int, datetime]]] = defaultdict(list)
    for act in known:
        if act.began_at is not None:
            on_stage[act.stage].append(act.began_at)
            in_session[act.session].append((act.position, act.began_at))
    for begun in on_stage.values():
        begun.sort()
    found: dict[int, datetime] = {}
    for act in known if wanted is None else [each for each in known if each.entry_id in wanted]:
        if act.began_at is None:
            after = min((at for place, at in in_session[act.session] if place > act.position), default=None)
        else:
            begun = on_stage[act.stage]
            later = bisect_right(begun, act.began_at)
            after = begun[later] if later < len(begun) else None
        if after is not None:
            found[act.entry_id] = after
    return found


def refusal(rule: str, made_at: datetime | None, closed_at: datetime | None) -> str | None:
    """Why a correction by the judge is not taken, in the words of docs/judging.md; None: it is.

    `made_at`: when it was written; None when nobody knows, and it counts as written now.
    """
    if rule == SECRETARY:
        return "only_secretary"
    if rule == NEXT_ACT and closed_at is not None and (made_at is None or made_at >= closed_at):
        return "next_act"
    return None


def written_at(
    said: Mapping[int, datetime], messages: Iterable[tuple[int, int, datetime]]
) -> dict[tuple[int, int], datetime]:
    """By device and place in its order, when a message was written at the earliest.

    `said`: by device, the latest moment of anything it said before; `messages`: (device, seq, its own moment).
    """
    latest = dict(said)
    found: dict[tuple[int, int], datetime] = {}
    for device, seq, at in sorted(messages, key=lambda each: (each[0], each[1])):
        latest[device] = max(at, latest.get(device, at))
        found[device, seq] = latest[device]
    return found
