"""What is the answer to a file of a whole festival (`festival-plan 1`)? The one door to the solver, which runs in a process of its own.

Every plan that comes from there is held against the independent checker before it is passed on. A solver that dies, or takes
longer than it may, leaves the last plan it wrote.
"""

from __future__ import annotations

import json
import subprocess  # nosec B404 (our own module, no shell)
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Timer
from typing import Any

from config import ROOT
from festival.core.sentence import N_, Sentence
from festival.core.web.errors import Conflict
from festival.core.web.i18n import say
from festival.schedule.solver.capacity import TooMuch, too_much
from festival.schedule.solver.checker import broken_rules, cost_of
from festival.schedule.solver.reading import read_festival
from festival.schedule.solver.shapes import ANSWER, PlaceOfAct, WholeFestival, moment
from festival.schedule.solver.whole.floors import Contradiction, contradictions, floors_of
from festival.schedule.solver.writing import place_to_json, to_document

GRACE_S = 20.0  # beyond the time it was given
FREE_SHARE = 0.25  # of the time, for the same festival without its drawn orders: what they cost
WORKER = "festival.schedule.solver.worker"
NOT_ALL = N_("Đã chứng minh: không lịch nào giữ mọi điều đã ghi mà có chỗ cho mọi tiết mục.")
CUT_SHORT = N_("Bộ xếp lịch dừng giữa chừng; đây là lịch tốt nhất đã có và đã kiểm lại.")
STOPPED = N_("Bộ xếp lịch dừng giữa chừng trước khi có lịch nào. Hãy chạy lại; tệp không sai.")


@dataclass(frozen=True, slots=True)
class TimedPlan:
    """A plan that breaks no rule, what it costs, and what no plan can come below."""

    plan: tuple[PlaceOfAct, ...]
    unplaced: tuple[str, ...]
    cost: int
    bound: int
    seconds: float
    last: bool = False  # the solver had ended by itself
    impossible: bool = False  # it is proved that not every act can have a place

    @property
    def proven(self) -> bool:
        """No plan can be better."""
        return not self.unplaced and self.cost == self.bound

    @property
    def gap(self) -> float | None:
        """By which part of the bound it may be dearer than the best there is; nothing can be said while acts have no place."""
        if self.unplaced:
            return None
        return round((self.cost - self.bound) / self.bound, 4) if self.bound else 0.0


class BrokenPlan(RuntimeError):
    """The solver wrote a plan that breaks a rule. It is shown to nobody."""


def plans_of(
    festival: WholeFestival,
    seconds: float,
    seed: int = 0,
    began: Callable[[Callable[[], None]], None] = lambda _stop: None,
) -> Iterator[TimedPlan]:
    """Better and better plans. Whoever stops asking stops the solver and keeps what came; so does what `began` is given."""
    process = subprocess.Popen(  # noqa: S603  # nosec B603 (our own module, no shell)
        [sys.executable, "-m", WORKER, "--seconds", str(seconds), "--seed", str(seed)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    late = Timer(seconds + GRACE_S, process.kill)
    late.start()
    began(process.kill)
    try:
        if process.stdin is None or process.stdout is None:  # both were asked for
            return
        with suppress(BrokenPipeError), process.stdin as given:  # it died before it had read all
            given.write(json.dumps(to_document(festival)).encode())
        for line in process.stdout:
            if line.endswith(b"\n"):  # a line that was cut off is no plan
                yield _checked(festival, json.loads(line))
    finally:
        late.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _checked(festival: WholeFestival, line: dict[str, Any]) -> TimedPlan:
    plan = tuple(
        PlaceOfAct(each["act"], each["stage"], moment(datetime.fromisoformat(each["at"]))) for each in line["plan"]
    )
    unplaced = tuple(line["unplaced"])
    faults = broken_rules(festival, plan, unplaced)
    if faults:
        raise BrokenPlan("; ".join(str(each.reason) for each in faults))
    return TimedPlan(
        plan, unplaced, cost_of(festival, plan), line["bound"], line["seconds"], line["last"], line["impossible"]
    )


def answered(document: object, seconds: float, seed: int) -> tuple[dict[str, Any], Sentence | None]:
    """The whole answer to a file, and what else its reader must know. BrokenRuleset names what is wrong in it."""
    festival = read_festival(document)
    ordered = any(each.order_binds for each in festival.contests)
    best = _last(plans_of(festival, seconds * (1 - FREE_SHARE if ordered else 1), seed))
    if best is None:
        raise Conflict(STOPPED)
    answer: dict[str, Any] = {
        "format": ANSWER,
        "plan": [place_to_json(each) for each in best.plan],
        "cost": best.cost,
        "bound": best.bound,
        "gap": best.gap,
        "proven": best.proven,
        "seconds": best.seconds,
        "unplaced": list(best.unplaced),
        "contradiction": [_told(each) for each in impossible(festival)],
    }
    if best.impossible and not answer["contradiction"]:
        answer["contradiction"] = [{"reason": say(NOT_ALL), "acts": list(best.unplaced)}]
    if ordered and not best.unplaced:
        freely = replace(festival, contests=tuple(replace(each, order_binds=False) for each in festival.contests))
        free = _last(plans_of(freely, seconds * FREE_SHARE, seed))
        if free is not None and not free.unplaced:
            least = min(best.cost, free.cost)
            answer["order_price_min"] = best.cost - least
            answer["order_price_proven"] = best.proven and free.bound == least
    return answer, None if best.last else CUT_SHORT


def _last(plans: Iterable[TimedPlan]) -> TimedPlan | None:
    best = None
    for plan in plans:
        best = plan
    return best


def impossible(festival: WholeFestival) -> list[TooMuch | Contradiction]:
    """What cannot be: sums that do not fit, and wishes that contradict each other."""
    return [*too_much(festival), *contradictions(festival, floors_of(festival))]


def _told(each: TooMuch | Contradiction) -> dict[str, object]:
    match each:
        case TooMuch():
            return {
                "reason": say(each.reason),
                "needed": each.needed,
                "room": each.room,
                "leave_out": list(each.leave_out),
            }
        case Contradiction():
            return {
                "reason": say(each.reason),
                "family": each.family,
                "acts": list(each.acts),
                "wishes": [say(wish) for wish in each.wishes],
            }
