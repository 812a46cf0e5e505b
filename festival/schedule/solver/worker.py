"""Solves one whole festival in a process of its own: `python -m festival.schedule.solver.worker --seconds 60 --seed 1`.

Standard input: the file (`festival-timetable 1`). Standard output: one line of JSON for each better plan; what was written last is the
best so far, so the process may be stopped at any moment. It knows no database, no key and no setting.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from dataclasses import replace
from importlib.util import find_spec

from festival.editions.rules.document import parse
from festival.schedule.solver.capacity import too_much
from festival.schedule.solver.checker import cost_of
from festival.schedule.solver.reading import read_festival
from festival.schedule.solver.shapes import WholeFestival
from festival.schedule.solver.whole.floors import floors_of
from festival.schedule.solver.whole.greedy import UNPLACED, Search
from festival.schedule.solver.whole.joint import stood_together
from festival.schedule.solver.writing import place_to_json

MOST_BYTES = 1_500_000_000
SOLVER = find_spec("ortools") is not None
SMALL = 80  # acts that are solved as a whole
TOGETHER = 10  # families solved at once in a larger festival
PATIENCE = 300  # steps without a better plan before that is tried
APART_S = 0.25  # a line is written at most so often


def limit(seconds: float) -> None:
    """From here on the kernel stops this process when it takes too much."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    processor = 60 + 4 * int(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    os.nice(5)  # gates and judges come first


class Telling:
    """One line for each better plan."""

    def __init__(self, whole: WholeFestival, began: float) -> None:
        self.whole = whole
        self.began = began
        self.last = 0.0

    def tell(self, search: Search, *, at_once: bool = False, last: bool = False) -> bool:
        """Was it written?"""
        now = time.monotonic()
        if now - self.last < APART_S and not at_once:
            return False
        plan = search.plan()
        stood = {each.act for each in plan}
        line = {
            "plan": [place_to_json(each) for each in plan],
            "cost": cost_of(self.whole, plan),
            "bound": search.proved,
            "impossible": not search.all_stand,
            "unplaced": [act.code for act in self.whole.acts if act.code not in stood],
            "seconds": round(now - self.began, 2),
            "last": last,
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        self.last = now
        return True


def run(whole: WholeFestival, seconds: float, seed: int, began: float) -> None:
    """A first plan, then better ones until the time is over or nothing can be better."""
    out = {code for each in too_much(whole) for code in each.leave_out}
    festival = replace(whole, acts=tuple(act for act in whole.acts if act.code not in out))
    floors = floors_of(festival)
    search = Search(festival, seed, floors.cost)
    search.begin()
    telling = Telling(whole, began)
    told = telling.tell(search, at_once=True)
    tried = 0
    asker = os.getppid()

    def share() -> float:
        """How much of the time is over: all of it once nobody is there any more to read."""
        return (time.monotonic() - began) / seconds if os.getppid() == asker else 1.0

    for step_found in search.improve(share):
        found = step_found
        tried = 0 if step_found and search.best_value < UNPLACED else tried + 1
        if tried > PATIENCE and SOLVER:
            left, tried = seconds - (time.monotonic() - began), 0
            if len(festival.acts) <= SMALL and search.all_stand:
                found = search.together(stood_together, len(search.groups), min(left, 20.0))
            else:
                found = search.together(stood_together, TOGETHER, min(left, 4.0))
        if found or not told:
            told = telling.tell(search)
    telling.tell(search, at_once=True, last=True)


def main() -> None:
    """Answer once."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="python -m festival.schedule.solver.worker", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    content = sys.stdin.buffer.read()
    limit(asked.seconds)
    run(read_festival(parse(content)), asked.seconds, asked.seed, began)


if __name__ == "__main__":
    main()
