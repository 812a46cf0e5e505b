"""Which rules does a plan of a whole festival break? It knows what a plan is (`shapes`) and nothing of how one is found.

An act stands inside a window that takes it; a stage is changed over before its next act; a family is at one place at a time and has
its gap between two acts; so is a person, without the gap; a panel sits at one act at a time; nobody takes part who is away; what is
locked stays; a drawn order that binds is kept; no family waits longer on a day than the longest wait. Every plan passes here before it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from festival.core.sentence import N_, Sentence, Value
from festival.schedule.solver.shapes import DAY, ActToTime, OpenWindow, PlaceOfAct, WholeFestival, written


class BrokenRule(StrEnum):
    """Which rule it is."""

    COUNT = "count"
    WINDOW = "window"
    CHANGEOVER = "changeover"
    FAMILY = "family"
    PERSON = "person"
    PANEL = "panel"
    AWAY = "away"
    LOCKED = "locked"
    ORDER = "order"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class RuleFault:
    """One rule that these acts break together, and how."""

    rule: BrokenRule
    acts: tuple[str, ...]
    reason: Sentence


@dataclass(frozen=True, slots=True)
class _Stood:
    """An act where the plan puts it."""

    act: ActToTime
    place: PlaceOfAct
    window: OpenWindow | None

    @property
    def begins(self) -> int:
        return self.place.at

    @property
    def ends(self) -> int:
        return self.place.at + self.act.minutes


def broken_rules(
    festival: WholeFestival, plan: Sequence[PlaceOfAct], unplaced: Collection[str] = (), *, whole: bool = True
) -> list[RuleFault]:
    """Every rule the plan breaks. `unplaced`: acts it says it has no place for. Not `whole`: only what is locked so far."""
    acts = {each.code: each for each in festival.acts}
    faults = list(_counted(acts, plan, unplaced)) if whole else []
    stood = [_Stood(acts[each.act], each, _window(festival, acts[each.act], each)) for each in plan if each.act in acts]
    faults += _outside(stood)
    faults += _changeovers(festival, stood)
    faults += _together(festival, stood)
    faults += _absent(festival, stood)
    faults += _drawn(festival, stood)
    if whole:
        faults += _moved(festival, plan, unplaced)
        faults += _waits(festival, stood)
    return faults


def cost_of(festival: WholeFestival, plan: Iterable[PlaceOfAct]) -> int:
    """The cost of a plan in minutes, as `shapes` defines it, counted from nothing but the plan."""
    acts = {each.code: each for each in festival.acts}
    stood = [_Stood(acts[each.act], each, _window(festival, acts[each.act], each)) for each in plan]
    return sum(festival.day_cost_min + wait for wait, _ in _waited(stood).values())


def waits_of(festival: WholeFestival, plan: Iterable[PlaceOfAct]) -> dict[str, int]:
    """The longest a family waits on one of its days, by family."""
    acts = {each.code: each for each in festival.acts}
    found: dict[str, int] = {}
    for (family, _day), (wait, _acts) in _waited(
        [_Stood(acts[each.act], each, _window(festival, acts[each.act], each)) for each in plan]
    ).items():
        found[family] = max(found.get(family, 0), wait)
    return found


def _window(festival: WholeFestival, act: ActToTime, place: PlaceOfAct) -> OpenWindow | None:
    for window in festival.windows:
        if window.stage == place.stage and window.begins <= place.at and place.at + act.minutes <= window.ends:
            return window if festival.takes(window, act.contest) else None
    return None


def _counted(acts: Collection[str], plan: Sequence[PlaceOfAct], unplaced: Collection[str]) -> Iterator[RuleFault]:
    times: dict[str, int] = defaultdict(int)
    for each in plan:
        times[each.act] += 1
    for code in [*acts, *(each for each in times if each not in acts)]:
        wanted = 0 if code in unplaced or code not in acts else 1
        if times[code] != wanted:
            yield RuleFault(
                BrokenRule.COUNT, (code,), N_("«%(act)s» có %(times)s chỗ trong lịch", act=code, times=times[code])
            )


def _outside(stood: Iterable[_Stood]) -> Iterator[RuleFault]:
    for each in stood:
        if each.window is None:
            yield RuleFault(
                BrokenRule.WINDOW,
                (each.act.code,),
                N_(
                    "«%(act)s» lúc %(at)s nằm ngoài giờ mà sân khấu «%(stage)s» nhận phần thi «%(contest)s»",
                    act=each.act.code,
                    at=written(each.begins),
                    stage=each.place.stage,
                    contest=each.act.contest,
                ),
            )


def _changeovers(festival: WholeFestival, stood: Iterable[_Stood]) -> Iterator[RuleFault]:
    changeover = {each.code: each.changeover_min for each in festival.contests}
    for stage, several in _divided(stood, lambda each: [each.place.stage]).items():
        for before, after in pairwise(several):
            needed = changeover[before.act.contest]
            if after.begins < before.ends + needed:
                yield RuleFault(
                    BrokenRule.CHANGEOVER,
                    (before.act.code, after.act.code),
                    N_(
                        "sân khấu «%(stage)s»: giữa «%(before)s» và «%(after)s» cần %(needed)s phút, chỉ có %(gap)s",
                        stage=stage,
                        before=before.act.code,
                        after=after.act.code,
                        needed=needed,
                        gap=after.begins - before.ends,
                    ),
                )


def _together(festival: WholeFestival, stood: Sequence[_Stood]) -> Iterator[RuleFault]:
    """Families, people and panels at two places."""
    panels = defaultdict(list)
    for panel in festival.panels:
        for contest in panel.contests:
            panels[contest].append(panel.code)
    for rule, gap, whose in (
        (BrokenRule.FAMILY, festival.family_gap_min, lambda each: each.act.families),
        (BrokenRule.PERSON, 0, lambda each: each.act.people),
        (BrokenRule.PANEL, 0, lambda each: panels[each.act.contest]),
    ):
        for who, several in _divided(stood, whose).items():
            for before, after in pairwise(several):
                if after.begins < before.ends + gap:
                    yield RuleFault(rule, (before.act.code, after.act.code), _two_places(rule, who, before, after, gap))


def _two_places(rule: BrokenRule, who: str, before: _Stood, after: _Stood, gap: int) -> Sentence:
    values: dict[str, Value] = {
        "who": who, "before": before.act.code, "after": after.act.code, "at": written(after.begins),
        "gap": gap, "has": after.begins - before.ends,
    }  # fmt: skip
    if rule is BrokenRule.PERSON:
        said = N_("người «%(who)s» ở hai nơi cùng lúc: «%(before)s» và «%(after)s» lúc %(at)s")
    elif rule is BrokenRule.PANEL:
        said = N_("ban giám khảo «%(who)s» chấm hai nơi cùng lúc: «%(before)s» và «%(after)s» lúc %(at)s")
    elif after.begins < before.ends:
        said = N_("gia đình «%(who)s» ở hai nơi cùng lúc: «%(before)s» và «%(after)s» lúc %(at)s")
    else:
        said = N_("gia đình «%(who)s» cần nghỉ %(gap)s phút giữa «%(before)s» và «%(after)s», chỉ có %(has)s")
    return said.filled(**values)


def _absent(festival: WholeFestival, stood: Sequence[_Stood]) -> Iterator[RuleFault]:
    panels: dict[str, list[str]] = defaultdict(list)
    for panel in festival.panels:
        for contest in panel.contests:
            panels[contest].append(panel.code)
    away = defaultdict(list)
    for gone in festival.away:
        away[gone.kind, gone.code].append(gone)
    for each in stood:
        who = [("family", code) for code in each.act.families]
        who += [("person", code) for code in each.act.people]
        who += [("panel", code) for code in panels[each.act.contest]]
        for gone in (gone for one in who for gone in away.get(one, ())):
            if each.begins < gone.ends and gone.begins < each.ends:
                yield RuleFault(
                    BrokenRule.AWAY,
                    (each.act.code,),
                    N_(
                        "«%(act)s» lúc %(at)s: «%(who)s» vắng từ %(from)s đến %(to)s",
                        act=each.act.code,
                        at=written(each.begins),
                        who=gone.code,
                        to=written(gone.ends),
                        **{"from": written(gone.begins)},
                    ),
                )


def _moved(festival: WholeFestival, plan: Iterable[PlaceOfAct], unplaced: Collection[str]) -> Iterator[RuleFault]:
    stands = {each.act: each for each in plan}
    for locked in festival.locked:
        if stands.get(locked.act) != locked and locked.act not in unplaced:
            yield RuleFault(
                BrokenRule.LOCKED,
                (locked.act,),
                N_(
                    "«%(act)s» đã cố định ở «%(stage)s» lúc %(at)s mà lịch xếp khác",
                    act=locked.act,
                    stage=locked.stage,
                    at=written(locked.at),
                ),
            )


def _drawn(festival: WholeFestival, stood: Iterable[_Stood]) -> Iterator[RuleFault]:
    binding = {each.code for each in festival.contests if each.order_binds}
    drawn = [each for each in stood if each.act.contest in binding and each.act.number is not None]
    for several in _divided(drawn, lambda each: [each.act.contest]).values():
        several.sort(key=lambda each: (each.begins, each.act.number or 0))
        for before, after in pairwise(several):
            if (before.act.number or 0) > (after.act.number or 0):
                yield RuleFault(
                    BrokenRule.ORDER,
                    (before.act.code, after.act.code),
                    N_(
                        "«%(before)s» bốc thăm số %(number)s nhưng thi trước «%(after)s» (số %(other)s)",
                        before=before.act.code,
                        number=before.act.number or 0,
                        after=after.act.code,
                        other=after.act.number or 0,
                    ),
                )


def _waits(festival: WholeFestival, stood: Iterable[_Stood]) -> Iterator[RuleFault]:
    if festival.longest_wait_min is None:
        return
    for (family, day), (wait, acts) in _waited(stood).items():
        if wait > festival.longest_wait_min:
            yield RuleFault(
                BrokenRule.WAIT,
                acts,
                N_(
                    "gia đình «%(who)s» chờ %(wait)s phút ngày %(day)s, lâu hơn mức %(most)s phút",
                    who=family,
                    wait=wait,
                    day=f"{date.fromordinal(day):%d/%m/%Y}",
                    most=festival.longest_wait_min,
                ),
            )


def _waited(stood: Iterable[_Stood]) -> dict[tuple[str, int], tuple[int, tuple[str, ...]]]:
    """Minutes a family waits on a day, and with which acts."""
    by_day: dict[tuple[str, int], list[_Stood]] = defaultdict(list)
    for each in stood:
        day = each.window.day if each.window else each.begins // DAY
        for family in each.act.families:
            by_day[family, day].append(each)
    return {
        whose: (
            max(each.ends for each in several)
            - min(each.begins for each in several)
            - sum(each.act.minutes for each in several),
            tuple(each.act.code for each in several),
        )
        for whose, several in by_day.items()
    }


def _divided(stood: Iterable[_Stood], whose: Callable[[_Stood], Iterable[str]]) -> dict[str, list[_Stood]]:
    """The acts of each, in the order of time."""
    found: dict[str, list[_Stood]] = defaultdict(list)
    for each in sorted(stood, key=lambda each: (each.begins, each.ends, each.act.code)):
        for who in whose(each):
            found[who].append(each)
    return found
