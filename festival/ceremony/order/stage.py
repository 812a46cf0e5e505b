"""Who gives an award and who receives it, who stands on the stage at once, and what lies on the tray? Pure.

Before a result is released there are only the awards the rules foresee, with how many they go to where the rules say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from festival.ceremony.reveal.steps import WHOLE

TRAY = ("flag", "flowers", "certificate", "envelope", "gift")
MOST_ON_TRAY = 20  # of one kind for one receiver
USUAL_GROUP = 10
MOST_IN_A_GROUP = 60
MOST_GIVERS = 6


@dataclass(frozen=True, slots=True)
class AwardGiver:
    """Who gives: a guest by code, or somebody by name."""

    guest: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AwardReceiver:
    """Who receives. `leads`: who comes up for a family or a delegation; `helped`: what to see to; `hidden`: of how many no picture."""

    ref: str
    name: str
    unit: str = ""
    said: str = ""
    number: int | None = None
    leads: str = ""
    helped: str = ""
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class AwardCall:
    """An award in the order of the evening. `expected`: to how many it goes by the rules, None: the rules do not say."""

    key: str
    part: str
    part_name: str
    prize: str
    special: bool
    released: bool
    receivers: tuple[AwardReceiver, ...] = ()
    expected: int | None = None

    @property
    def code(self) -> str:
        """How it is called in an address."""
        return sha256(self.key.encode()).hexdigest()[:12]

    @property
    def many(self) -> int:
        """How many come up, as far as it is known."""
        return len(self.receivers) if self.released else self.expected or 0


@dataclass(frozen=True, slots=True)
class AwardPlan:
    """How an award is handed over. `joined`: called up together with the one before it; `absent`: who receives instead ('' later)."""

    givers: tuple[AwardGiver, ...] = ()
    most: int = USUAL_GROUP
    joined: bool = False
    tray: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    handed: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        givers = [{"guest": each.guest} if each.guest else {"name": each.name} for each in self.givers]
        return {
            "givers": givers,
            "most": self.most,
            "joined": self.joined,
            "tray": {name: self.tray.get(name, 0) for name in TRAY},
            "absent": dict(self.absent),
            "handed": sorted(self.handed),
        }


def usual_plan(key: str, paid: bool) -> AwardPlan:
    """What an award begins with: flowers and a giấy khen for each, the flag for a delegation, an envelope where money was typed."""
    whole = key.startswith(f"{WHOLE}/")
    return AwardPlan(tray={"flag": int(whole), "flowers": 1, "certificate": 1, "envelope": int(paid), "gift": 0})


def plan_of(content: Mapping[str, Any], key: str, paid: bool) -> AwardPlan:
    """What was written of an award, else what it begins with."""
    kept = content.get(key)
    if kept is None:
        return usual_plan(key, paid)
    givers = tuple(AwardGiver(each.get("guest", ""), each.get("name", "")) for each in kept["givers"])
    return AwardPlan(givers, kept["most"], kept["joined"], kept["tray"], kept["absent"], tuple(kept["handed"]))


def gave(plan: AwardPlan, giver: AwardGiver) -> AwardPlan | None:
    """With one more who gives; the same once. None: they are enough."""
    if giver in plan.givers:
        return plan
    return None if len(plan.givers) >= MOST_GIVERS else replace(plan, givers=(*plan.givers, giver))


def gave_not(plan: AwardPlan, giver: AwardGiver) -> AwardPlan:
    """Without this one."""
    return replace(plan, givers=tuple(each for each in plan.givers if each != giver))


def missing(plan: AwardPlan, ref: str, absent: bool, instead: str) -> AwardPlan:
    """Somebody does not come up: another receives it, or ('') it is handed over later; or is there after all."""
    rest = {key: value for key, value in plan.absent.items() if key != ref}
    handed = tuple(each for each in plan.handed if each != ref)
    return replace(plan, absent={**rest, ref: instead} if absent else rest, handed=handed)


def handed(plan: AwardPlan, ref: str, done: bool) -> AwardPlan | None:
    """What was to be handed over later was, or was not. None: it does not wait."""
    if plan.absent.get(ref) != "":
        return None
    rest = [each for each in plan.handed if each != ref]
    return replace(plan, handed=(*rest, ref) if done else tuple(rest))


@dataclass(frozen=True, slots=True)
class OnStage:
    """Of one award in a group: who of it stands there; before the release how many."""

    call: AwardCall
    plan: AwardPlan
    receivers: tuple[AwardReceiver, ...]
    many: int


@dataclass(frozen=True, slots=True)
class StageGroup:
    """Who is called up together."""

    number: int
    parts: tuple[OnStage, ...]

    @property
    def many(self) -> int:
        return sum(each.many for each in self.parts)

    @property
    def tray(self) -> Counter[str]:
        """What is carried in: nothing for whoever receives it later."""
        return _tray((each.plan, each.many - _later(each)) for each in self.parts)


def _later(part: OnStage) -> int:
    return sum(part.plan.absent.get(each.ref) == "" for each in part.receivers)


def _tray(found: Iterable[tuple[AwardPlan, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for plan, many in found:
        total.update({name: plan.tray.get(name, 0) * many for name in TRAY})
    return +total


def groups_of(calls: Sequence[tuple[AwardCall, AwardPlan]]) -> list[StageGroup]:
    """Award by award, those called together in one group, each of at most so many as its first award says."""
    groups: list[StageGroup] = []
    for run in _runs(calls):
        most, free, parts = run[0][1].most, run[0][1].most, list[OnStage]()
        for call, plan in run:
            left, at = call.many, 0
            while left or at == 0:
                if parts and free == 0:
                    groups.append(StageGroup(len(groups) + 1, tuple(parts)))
                    parts, free = [], most
                here = min(left, free)
                parts.append(OnStage(call, plan, call.receivers[at : at + here], here))
                left, at, free = left - here, at + max(here, 1), free - here
        groups.append(StageGroup(len(groups) + 1, tuple(parts)))
    return groups


def _runs(calls: Sequence[tuple[AwardCall, AwardPlan]]) -> list[list[tuple[AwardCall, AwardPlan]]]:
    runs: list[list[tuple[AwardCall, AwardPlan]]] = []
    for call, plan in calls:
        if runs and plan.joined and runs[-1][-1][0].part == call.part:
            runs[-1].append((call, plan))
        else:
            runs.append([(call, plan)])
    return runs


def to_prepare(calls: Sequence[tuple[AwardCall, AwardPlan]]) -> Counter[str]:
    """What must lie ready for the whole evening, also for who receives it later."""
    return _tray((plan, call.many) for call, plan in calls)


def waiting(calls: Sequence[tuple[AwardCall, AwardPlan]]) -> list[tuple[AwardCall, AwardReceiver, bool]]:
    """What is handed over later, and whether it was."""
    return [
        (call, each, each.ref in plan.handed)
        for call, plan in calls
        for each in call.receivers
        if plan.absent.get(each.ref) == ""
    ]
