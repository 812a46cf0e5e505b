"""What can no plan come below, and which wishes make it impossible for one family?

Each family is looked at as if it were alone: windows, who is away, what is locked and the drawn order against what is locked, but
no other family in its way. What it costs then it costs in every plan, so the sum is a bound. Where even then its acts have no room, the
wishes are taken away one after the other: those without which there would be room contradict each other, and each of them is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from festival.core.sentence import N_, Sentence
from festival.schedule.solver.shapes import AwaySpan, PlaceOfAct, WholeFestival, written
from festival.schedule.solver.whole.ground import StageGround
from festival.schedule.solver.whole.placing import Placing
from festival.schedule.solver.whole.trains import MOST_ACTS, Way, Weighed, best_way, floor_of

MOST_TOLD = 20  # families of which the reason is looked for: who has more must mend the hours first


Held = AwaySpan | PlaceOfAct | str  # an absence, what is locked, "longest" (wait) or "order" (as drawn)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be together: whose acts, and the wishes, each needed for it."""

    family: str
    acts: tuple[str, ...]
    wishes: tuple[Sentence, ...]
    needed: tuple[Held, ...] = ()  # the same as values

    @property
    def reason(self) -> Sentence:
        """In words, without the wishes."""
        if self.wishes:
            return N_(
                "«%(family)s» không thể thi đủ: những điều sau không thể cùng đúng, bỏ một điều là được",
                family=self.family,
            )
        return N_("«%(family)s» không thể thi đủ các tiết mục của mình trong các khung giờ đã ghi", family=self.family)


@dataclass(frozen=True, slots=True)
class Floors:
    """By family (an act of no family has a key of its own): the least cost, and how many acts can stand at most."""

    cost: dict[str, int]
    most: dict[str, int]

    @property
    def bound(self) -> int:
        return sum(self.cost.values())


def floors_of(festival: WholeFestival) -> Floors:
    """What each family costs at least."""
    ground = StageGround(festival)
    placing = Placing(ground, Random(0))
    asked = replace(placing.asked, least=True)
    cost, most = {}, {}
    for group, acts in ground.groups.items():
        if len(acts) > MOST_ACTS or ground.merged:
            most[group], cost[group] = len(acts), floor_of(len(acts), asked)
        else:
            way = best_way(placing.days(acts, group)[1], asked) or Way(0, ())
            most[group], cost[group] = way.acts, way.cost if way.acts == len(acts) else 0
        if group[0] == "\0":
            cost[group] = 0
    return Floors(cost, most)


def contradictions(festival: WholeFestival, floors: Floors) -> list[Contradiction]:
    """For each family that cannot stand even alone: why."""
    found: list[Contradiction] = []
    for family, acts in StageGround(festival).groups.items():
        if floors.most[family] < len(acts):
            if len(found) == MOST_TOLD:
                break
            codes = tuple(festival.acts[act].code for act in acts)
            needed = _needed(festival, family, acts)
            said = tuple(_said(festival, wish) for wish in needed)
            found.append(Contradiction(family.strip("\0"), codes, said, needed))
    return found


def _needed(festival: WholeFestival, family: str, acts: Sequence[int]) -> tuple[Held, ...]:
    """The smallest set of wishes by taking away: what stays is needed, each by itself."""
    own = [festival.acts[act] for act in acts]
    panels = {panel.code for panel in festival.panels for act in own if act.contest in panel.contests}
    who = {("family", code) for act in own for code in act.families} | {("panel", code) for code in panels}
    who |= {("person", code) for act in own for code in act.people}
    wishes: list[Held] = [each for each in festival.away if (each.kind, each.code) in who]
    wishes += festival.locked
    if festival.longest_wait_min is not None:
        wishes.append("longest")
    if any(each.order_binds for each in festival.contests):
        wishes.append("order")
    if not _stands(festival, family, []):
        return ()
    kept, size = wishes, len(wishes)
    while size:  # whole rows of them first, one by one at last
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if _stands(festival, family, fewer):
                at += size
            else:
                kept = fewer
        size //= 2
    return tuple(kept)


def _stands(festival: WholeFestival, family: str, wishes: Iterable[Held]) -> bool:
    """Is there room for this family alone, with only these wishes?"""
    kept = list(wishes)
    locked = {each.act for each in kept if isinstance(each, PlaceOfAct)}
    alone = replace(
        festival,
        acts=tuple(
            each for each in festival.acts if each.code in locked or family in (*each.families, f"\0{each.code}")
        ),
        away=tuple(each for each in kept if isinstance(each, AwaySpan)),
        locked=tuple(each for each in kept if isinstance(each, PlaceOfAct)),
        longest_wait_min=festival.longest_wait_min if "longest" in kept else None,
        contests=tuple(each if "order" in kept else replace(each, order_binds=False) for each in festival.contests),
    )
    ground = StageGround(alone)
    placing = Placing(ground, Random(0))
    asked: Weighed = replace(placing.asked, least=True)
    acts = ground.groups[family]
    way = best_way(placing.days(acts, family)[1], asked)
    return way is not None and way.acts == len(acts)


def _said(festival: WholeFestival, wish: Held) -> Sentence:
    if isinstance(wish, AwaySpan):
        return N_(
            "«%(who)s» vắng từ %(from)s đến %(to)s",
            who=wish.code,
            to=written(wish.ends),
            **{"from": written(wish.begins)},
        )
    if isinstance(wish, PlaceOfAct):
        return N_("«%(act)s» cố định ở «%(stage)s» lúc %(at)s", act=wish.act, stage=wish.stage, at=written(wish.at))
    if wish == "longest":
        return N_("không chờ quá %(most)s phút", most=festival.longest_wait_min or 0)
    return N_("thứ tự bốc thăm phải giữ")
