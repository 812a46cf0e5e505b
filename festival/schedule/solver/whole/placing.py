"""Where is the best room for a family's acts, among those that stand already? Nobody who stands is moved."""

from __future__ import annotations

from random import Random

from festival.schedule.solver.whole.ground import StageGround
from festival.schedule.solver.whole.trains import MOST_ACTS, DayOfFamily, Way, Weighed, best_way, levels

EARLY, LATE, ANY = "early", "late", "any"


class Placing:
    """Puts families on the ground, one after the other."""

    def __init__(self, ground: StageGround, dice: Random) -> None:
        festival = ground.festival
        self.ground = ground
        self.dice = dice
        self.asked = Weighed(festival.family_gap_min, festival.longest_wait_min, festival.day_cost_min)
        self.waits = levels(self.asked.gap, self.asked.longest)

    def insert(self, group: str, prefer: str = EARLY, most: int | None = None) -> bool:
        """All acts of this family that have no place yet, or as many as there is room for. No: it would cost more than `most`."""
        acts = self.ground.groups[group]
        if len(acts) <= MOST_ACTS:
            return self._insert(acts, group, prefer, most)
        for at in range(0, len(acts), MOST_ACTS):
            part = [act for act in acts[at : at + MOST_ACTS] if act not in self.ground.stands]
            if part:
                self._insert(part, "", prefer, None)
            if self.asked.longest is not None and self.longest(group) > self.asked.longest:
                for act in part:
                    if act in self.ground.stands:
                        self.ground.lift(act)
        return True

    def _insert(self, acts: list[int], own: str, prefer: str, most: int | None) -> bool:
        for loose in (False, True):
            if all(act in self.ground.stands for act in acts):
                return True
            fields, days = self.days(acts, own, loose=loose)
            if prefer == LATE:
                fields, days = fields[::-1], days[::-1]
            elif prefer == ANY and len(days) > 1:
                turn = self.dice.randrange(len(days))
                fields, days = fields[turn:] + fields[:turn], days[turn:] + days[:turn]
            way = best_way(days, self.asked, most)
            if way is None:
                return False
            if self._stand(acts, fields, days, way, prefer):
                return True
        return True

    def days(self, acts: list[int], own: str, *, loose: bool = False) -> tuple[list[int], list[DayOfFamily]]:
        """The fields with room for any of them, and what is possible there. `loose`: room for the changeover between them too."""
        ground, gap = self.ground, self.asked.gap
        steps = [ground.acts[act].minutes + (max(gap, ground.changeover[act]) if loose else gap) for act in acts]
        fields, days = [], []
        for field in range(len(ground.fields)):
            free, must = [], 0
            for at, act in enumerate(acts):
                standing = ground.stands.get(act)
                if standing is None:
                    free.append(ground.free(act, field, own))
                elif standing.field == field:
                    free.append(1 << standing.at)
                    must |= 1 << at
                else:
                    free.append(0)
            if any(free):
                fields.append(field)
                days.append(DayOfFamily(free, steps, self.waits, must))
        return fields, days

    def _stand(self, acts: list[int], fields: list[int], days: list[DayOfFamily], way: Way, prefer: str) -> bool:
        """Put them there; nobody stands where two of them need one stage too close to each other."""
        put: list[int] = []
        for day, done, level in way.days:
            began = days[day].traced(done, level, self._chosen(days[day].levels[level][done], prefer))
            for at in sorted(began, key=lambda at: began[at]):
                act = acts[at]
                if act in self.ground.stands:
                    continue
                rooms = self.ground.rooms(act, fields[day], began[at])
                if not rooms or not self.ground.in_order(act, fields[day]) >> began[at] & 1:
                    for each in put:
                        self.ground.lift(each)
                    return False
                self.ground.put(act, rooms[0], fields[day], began[at])
                put.append(act)
        return True

    def _chosen(self, moments: int, prefer: str) -> int:
        if prefer == EARLY:
            return (moments & -moments).bit_length() - 1
        if prefer == LATE:
            return moments.bit_length() - 1
        turn = self.dice.randrange(moments.bit_length())
        later = moments >> turn
        return turn + (later & -later).bit_length() - 1

    # ------------------------------------------------------------------------------------------------ what it costs

    def spans(self, group: str) -> list[int]:
        """Minutes a family waits, on each of its days."""
        by_day: dict[int, list[int]] = {}
        for act in self.ground.groups[group]:
            if act in self.ground.stands:
                by_day.setdefault(self.ground.stands[act].day, []).append(act)
        return [self.ground.waited(acts, self.ground.stands) for acts in by_day.values()]

    def longest(self, group: str) -> int:
        """The longest wait on one day."""
        return max(self.spans(group), default=0)

    def cost(self, group: str) -> int:
        """What the family costs where it stands; what is of no family costs nothing."""
        return sum(self.asked.day_cost + wait for wait in self.spans(group)) if group[0] != "\0" else 0
