"""What is a first plan of a whole festival, and how does it become better while there is time? Without any solver.

First every family is placed, one after the other, at its best room among those that stand. Then, again and again, a few families that
stand near each other are taken off and placed anew; what is not worse stays, at first also what is a little worse. The same seed
and the same shares of time give the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Protocol

from festival.schedule.solver.shapes import PlaceOfAct, WholeFestival
from festival.schedule.solver.whole.ground import StageGround, StoodAt
from festival.schedule.solver.whole.placing import ANY, EARLY, LATE, Placing

UNPLACED, TOO_LONG = 100_000, 1_000  # an act without a place, and a minute over the longest wait, in minutes of cost
SLACKS = (
    0.01,
    0.03,
    0.08,
    0.2,
)  # of the hours of a contest: how far a drawn act begins from its share of them in a first plan
HEAT_MIN = 6.0  # how much worse a step may be at the beginning


class Solved(Protocol):
    """Better places (stage, field, moment in it), if there are any, and below what the families cannot come."""

    @property
    def places(self) -> Mapping[int, tuple[int, int, int]]: ...

    @property
    def bound(self) -> int | None: ...


Solve = Callable[[StageGround, Sequence[str], Mapping[str, int], int, float, int], Solved]


class Search:
    """A plan that is worked on, and the best seen."""

    def __init__(self, festival: WholeFestival, seed: int, floors: Mapping[str, int]) -> None:
        self.ground = StageGround(festival)
        self.dice = Random(seed)
        self.placing = Placing(self.ground, self.dice)
        self.floors = floors
        self.groups = [*self.ground.groups]
        self.whose: list[list[str]] = [list(act.families) or [f"\0{act.code}"] for act in festival.acts]
        self.values = {group: self._value(group) for group in self.groups}
        self.proved = sum(floors.values())
        self.all_stand = True  # until it is proved that not every act can
        self.best: dict[int, StoodAt] = {}
        self.best_value = sum(self.values.values()) + 1

    @property
    def value(self) -> int:
        """What the plan costs as it stands, acts without a place and waits that are too long included."""
        return sum(self.values.values())

    def _value(self, group: str) -> int:
        acts = self.ground.groups[group]
        open_acts = sum(act not in self.ground.stands for act in acts)
        value = self.placing.cost(group) + UNPLACED * open_acts
        longest = self.placing.asked.longest
        if longest is not None and group[0] != "\0":
            value += TOO_LONG * sum(max(wait - longest, 0) for wait in self.placing.spans(group))
        return value

    def _valued(self, groups: Iterable[str]) -> None:
        for group in groups:
            self.values[group] = self._value(group)

    # ------------------------------------------------------------------------------------------------ a first plan

    def begin(self) -> None:
        """Everybody placed once, drawn orders first in their order, then the families with most acts; the best of several ways."""
        for slack in SLACKS:
            for prefer in (EARLY, ANY):
                self._lift(self.groups)
                self._begin(slack, prefer)
            if not self.ground.order:
                break
        self._back(self.groups, self.best)

    def _begin(self, slack: float, prefer: str) -> None:
        self.ground.due = self.ground.spread_out(slack)
        for group in sorted(self.groups, key=self._turn):
            self.placing.insert(group, prefer)
        self.ground.due = {}
        for group in self.groups:
            self.placing.insert(group, prefer)
        self._valued(self.groups)
        self._keep()

    def _turn(self, group: str) -> tuple[float, int, str]:
        """Drawn orders in their order, then who has most acts."""
        orders = [self.ground.order[act] for act in self.ground.groups[group] if act in self.ground.order]
        drawn = [at / len(acts) for acts, at in orders]
        return (sum(drawn) / len(drawn) if drawn else 2.0), -len(self.ground.groups[group]), group

    def _well(self, group: str) -> bool:
        """It could stand no better."""
        return self.values[group] <= self.floors[group]

    def _keep(self) -> bool:
        if self.value < self.best_value:
            self.best, self.best_value = dict(self.ground.stands), self.value
            return True
        return False

    # ------------------------------------------------------------------------------------------------ better and better

    def improve(self, share: Callable[[], float]) -> Iterator[bool]:
        """One step after the other; whether it found a better plan. `share` is how much of the time is over, from 0 to 1."""
        while (over := share()) < 1 and not self.at_floor:
            heat = HEAT_MIN * (1 - over) ** 2
            yield self._step(heat)

    @property
    def at_floor(self) -> bool:
        """Nothing can be better."""
        return self.best_value <= self.proved

    def _step(self, heat: float) -> bool:
        chosen = self._chosen()
        touched = {group for each in chosen for act in self.ground.groups[each] for group in self.whose[act]}
        was_value = sum(self.values[group] for group in touched)
        was = self._lift(chosen)
        limit = was_value + (self.dice.expovariate(1 / heat) if heat > 0.01 else 0)
        limit -= sum(self.floors[group] for group in touched)
        now, apart = 0, len(touched) == len(chosen)
        self.dice.shuffle(chosen)
        chosen.sort(key=self._turn if self.ground.order and self.dice.random() < 0.6 else self._well)
        prefer = self.dice.choice((EARLY, LATE, ANY, ANY))
        for group in chosen:
            left = int(limit) - now + self.floors[group]
            if not self.placing.insert(group, prefer, left if apart and group[0] != "\0" else None):
                break
            now += max(self._value(group) - self.floors[group], 0) if apart else 0
            if now > limit:
                break
        else:
            self._valued(touched)
            if sum(self.values[group] - self.floors[group] for group in touched) <= limit:
                return self._keep()
        self._back(chosen, was)
        self._valued(touched)
        return False

    def together(self, solve: Solve, families: int, seconds: float) -> bool:
        """Several families solved at once, so many or all; whether that found a better plan."""
        chosen = self._closed(self._chosen(families) if families < len(self.groups) else self.groups)
        was_value = sum(self.values[group] for group in chosen)
        was = self._lift(chosen)
        answer = solve(self.ground, chosen, self.floors, was_value, seconds, self.dice.randrange(1 << 30))
        for act, (stage, field, at) in answer.places.items():
            self.ground.put(act, stage, field, at)
        self._valued(chosen)
        if len(chosen) == len(self.groups) and answer.bound is not None and not self.ground.merged:
            if answer.bound < UNPLACED:
                self.proved = max(self.proved, answer.bound)
            else:
                self.all_stand = False
        if answer.places and sum(self.values[group] for group in chosen) < was_value:
            return self._keep()
        self._back(chosen, was)
        return False

    def _closed(self, groups: Iterable[str]) -> list[str]:
        """With every family that shares an act with one of them."""
        found = dict.fromkeys(groups)
        waiting = [*found]
        while waiting:
            for act in self.ground.groups[waiting.pop()]:
                waiting += [group for group in self.whose[act] if group not in found]
                found |= dict.fromkeys(self.whose[act])
        return [*found]

    def _back(self, groups: Iterable[str], was: Mapping[int, StoodAt]) -> None:
        """As it was before."""
        self._lift(groups)
        for act, standing in was.items():
            if act not in self.ground.locked:
                self.ground.put(act, standing.stage, standing.field, standing.at)
        self._valued(groups)

    def _lift(self, groups: Iterable[str]) -> dict[int, StoodAt]:
        found = {}
        for group in groups:
            for act in self.ground.groups[group]:
                if act in self.ground.stands and act not in self.ground.locked:
                    found[act] = self.ground.lift(act)
        return found

    def _chosen(self, families: int = 6) -> list[str]:
        """A family that could stand better, mostly, and some that stand near it or where it might go."""
        hurt = [group for group in self.groups if not self._well(group)]
        lacking = [group for group in hurt if self.values[group] >= UNPLACED]
        worst = lacking if lacking and self.dice.random() < 0.5 else hurt
        first = self.dice.choice(worst if worst and self.dice.random() < 0.9 else self.groups)
        acts = [act for act in self.ground.groups[first] if act in self.ground.stands]
        drawn = [act for act in self.ground.groups[first] if act in self.ground.order]
        lost = [near for act in drawn if act not in self.ground.stands for near in self._beside(act)]
        if lost and self.dice.random() < 0.8:
            around = self.ground.stands[self.dice.choice(lost)]
            field, at = around.field, around.at
        elif acts and self.dice.random() < 0.7:
            around = self.ground.stands[self.dice.choice(acts)]
            field, at = around.field, around.at
        else:
            field = self.dice.randrange(len(self.ground.fields))
            begins, ends = self.ground.fields[field]
            at = self.dice.randrange(ends - begins)
        found = {first: None}
        beside = self.dice.randint(1, 3)
        for act in drawn:
            found |= {group: None for near in self._beside(act, beside) for group in self.whose[near]}
        near = sorted(
            (abs(standing.at - at), act) for act, standing in self.ground.stands.items() if standing.field == field
        )
        many = len(found) + self.dice.randint(1, families)
        for _, act in near[: 4 * many]:
            if len(found) >= many:
                break
            if self.dice.random() < 0.5:
                found |= dict.fromkeys(self.whose[act])
        return [*found]

    def _beside(self, act: int, many: int = 1) -> list[int]:
        """The nearest lower and the nearest higher numbers that stand, so many of each."""
        order, turn = self.ground.order[act]
        before = [near for near in reversed(order[:turn]) if near in self.ground.stands]
        after = [near for near in order[turn + 1 :] if near in self.ground.stands]
        return before[:many] + after[:many]

    # ------------------------------------------------------------------------------------------------ what is shown

    def plan(self) -> list[PlaceOfAct]:
        """The best seen. Who would wait too long loses the last place rather than break the rule."""
        stands, longest = dict(self.best), self.placing.asked.longest
        waiting = [group for group in self.groups if group[0] != "\0"] if longest is not None else []
        while waiting:
            group = waiting.pop()
            for day in {stands[act].day for act in self.ground.groups[group] if act in stands}:
                there = [act for act in self.ground.groups[group] if act in stands and stands[act].day == day]
                there.sort(key=lambda act: (act not in self.ground.locked, stands[act].at))
                while self.ground.waited(there, stands) > (longest or 0):
                    waiting += self.whose[there[-1]]
                    del stands[there.pop()]
        return self.ground.plan(stands)

    def unplaced(self) -> list[str]:
        """The acts the plan has no place for."""
        stood = {each.act for each in self.plan()}
        return [act.code for act in self.ground.acts if act.code not in stood]
