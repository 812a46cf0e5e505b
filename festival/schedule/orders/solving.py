"""Which is the best running order that is found in so many seconds, and how far from the best possible can it be?

The search runs in a process of its own with limits (`process`). Whatever becomes of it, the best order it has said so far is the
answer: it is checked and counted here, those that break a wish are thrown away, and without any it is the acts in the order of the
file, as far as the wishes allow. A bound that an order is below was none.
"""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404 (our own module, no shell)
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config import ROOT
from festival.schedule.orders.counted import cost_of, keeps_every_wish
from festival.schedule.orders.wanted import Cost, OrderObjective, WantedOrder

ANSWER = "festival-plan 1"


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """What one search may take beside its seconds."""

    memory_bytes: int = 2 * 1024 * 1024 * 1024  # of addresses: libraries take many they never fill
    more_s: float = 10.0  # to begin and to end, on a machine that has much to do


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """Acts in their order. Proven: no order costs less. `whole`: the search ended by itself."""

    order: tuple[int, ...]
    cost: Cost
    bound: Cost
    seconds: float
    whole: bool

    @property
    def proven(self) -> bool:
        return self.cost == self.bound

    @property
    def gap(self) -> float | None:
        """By which part of the bound it may cost more than the best; of two counts, of the first that is not proven.

        None where the bound is nothing, which says nothing.
        """
        cost, bound = next((pair for pair in zip(self.cost, self.bound, strict=True) if pair[0] != pair[1]), (0, 1))
        return round((cost - bound) / bound, 4) if bound and cost else 0.0 if self.proven else None

    def told(self, wanted: WantedOrder) -> dict[str, Any]:
        """As it is printed."""
        return {
            "format": ANSWER,
            "order": [wanted.codes[act] for act in self.order],
            "cost": self.cost[0] if len(self.cost) == 1 else self.cost,
            "bound": self.bound[0] if len(self.bound) == 1 else self.bound,
            "gap": self.gap,
            "proven": self.proven,
            "seconds": round(self.seconds, 2),
            "unplaced": [],
            "contradiction": [],
        }


def found_order(
    wanted: WantedOrder, seconds: float, seed: int = 0, limits: SearchLimits = SearchLimits()
) -> FoundOrder:
    """The best of what the search says, checked."""
    begun = time.monotonic()
    said, whole = _heard(wanted, seconds, seed, limits)
    earlier = wanted.earlier()
    orders = [sorted(range(len(earlier)), key=lambda act: (earlier[act].bit_count(), act))]
    # each is better than the one before: the last that keeps every wish is counted
    orders += [each for each in (line["order"] for line in said if "order" in line) if keeps_every_wish(wanted, each)][
        -1:
    ]
    cost, best = min((cost_of(wanted, each), each) for each in orders)
    bounds = [tuple(line["bound"]) for line in said if "bound" in line]
    bound = max(each for each in (*bounds, _least(wanted)) if each <= cost)
    return FoundOrder(tuple(best), cost, bound, time.monotonic() - begun, whole)


def _least(wanted: WantedOrder) -> Cost:
    """What every order costs: everybody's own acts."""
    if wanted.objective is OrderObjective.QUICK_CHANGES:
        return 0, 0
    own = (
        (person.cost, minutes, person.acts >> act & 1)
        for person in wanted.people
        for act, minutes in enumerate(wanted.minutes)
    )
    return (sum(cost * minutes * there for cost, minutes, there in own),)


def _heard(wanted: WantedOrder, seconds: float, seed: int, limits: SearchLimits) -> tuple[list[dict[str, Any]], bool]:
    """What the search said before it ended, or was ended; and whether it came to its end."""
    asked = {
        "wanted": _in_numbers(wanted), "seconds": seconds, "seed": seed,
        "cpu_s": int(seconds + limits.more_s), "memory_bytes": limits.memory_bytes,
    }  # fmt: skip
    with subprocess.Popen(  # nosec B603 (no shell, nothing of a person on the command line)
        [sys.executable, "-m", "festival.schedule.orders.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        | ({"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}),  # no key, no address
    ) as search:
        try:
            said, _nothing = search.communicate(json.dumps(asked).encode("ascii"), timeout=seconds + limits.more_s)
        except subprocess.TimeoutExpired:
            search.kill()
            said, _nothing = search.communicate()
        except BaseException:
            search.kill()
            raise
    return list(_lines(said)), search.returncode == 0


def _lines(said: bytes) -> Iterator[dict[str, Any]]:
    """What can be read of it; the last line may be half a line."""
    for line in said.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def _in_numbers(wanted: WantedOrder) -> dict[str, Any]:
    """What the search is told; nobody's name or code is in it."""
    return {
        "minutes": wanted.minutes,
        "people": [(each.cost, each.acts) for each in wanted.people],
        "objective": wanted.objective,
        "first": wanted.first,
        "last": wanted.last,
        "before": wanted.before,
    }
