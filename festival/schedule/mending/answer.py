"""What is the answer to a plan that is to be mended? The one door to what looks for it.

A first answer is found here in a moment, without any solver; better ones come from the solver's process while there is time, where OR-Tools is
installed and no other question is being asked. Each answer is held against rules that share nothing with what found it before it counts.
"""

from __future__ import annotations

import json
import subprocess  # nosec B404 (our own module, no shell)
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from threading import Lock, Timer
from typing import Any

from config import ROOT
from festival.schedule.mending.clashes import MendRules
from festival.schedule.mending.pushing import Pushed, pushed
from festival.schedule.mending.shapes import MendCost, MendProblem, MendSpot, Spots, cost_of_mend

WORKER = "festival.schedule.mending.worker"
SOLVER = find_spec("ortools") is not None
START_S = 0.9  # of the time goes to the start of the process and its end
_ASKED = Lock()  # one question at a time: whoever comes second gets the first answer


@dataclass(frozen=True, slots=True)
class Mended:
    """`spots` None: there is none (`impossible`: proved), with who has no place and who stands against it. `bound`: no answer disturbs fewer
    families; `best`: none is better in anything. `first_s`: when the first answer stood.
    """

    spots: Spots | None
    cost: MendCost | None = None
    bound: int = 0
    best: bool = False
    impossible: bool = False
    stuck: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    first_s: float = 0.0

    @property
    def fewest(self) -> bool:
        """Nobody can disturb fewer families."""
        return self.cost is not None and self.cost.families <= self.bound

    @property
    def over(self) -> bool:
        """Is there nothing to look for any more, or nobody to do it?"""
        return self.impossible or self.best or not SOLVER


def mended(
    problem: MendProblem,
    seconds: float,
    proper: Callable[[Spots], bool],
    known: Spots | None = None,
    least: int = 0,
) -> Mended:
    """The best answer within so many seconds of which `proper` says that it breaks no rule; 0: the one that is there in a moment.

    `known`, `least`: an answer that was found before, and how few families are proved to be disturbed at least.
    """
    began = time.monotonic()
    rules = MendRules(problem)
    domains = rules.domains()
    first = Pushed(known) if known is not None and rules.answers(domains, known) else pushed(rules, domains)
    held = any(act.fixed and act.rooms and not act.stays for act in problem.acts)
    spots = first.spots if first.spots is not None and proper(first.spots) else None
    found = Mended(
        spots, None if spots is None else cost_of_mend(problem, spots), max(_forced(problem), least), stuck=first.stuck,
        against=first.against, impossible=held or not all(domains.values()), first_s=time.monotonic() - began,
    )  # fmt: skip
    found = replace(found, best=_as_good_as_can_be(problem, found))
    if found.over or seconds <= START_S or not _ASKED.acquire(blocking=False):
        return found
    try:
        for line in _lines(problem, spots, seconds - (time.monotonic() - began)):
            found = _read(problem, found, line, proper, time.monotonic() - began)
    finally:
        _ASKED.release()
    return found


def _forced(problem: MendProblem) -> int:
    """Families that cannot all stay where they are, whatever is done."""
    hit = [act for act in problem.acts if not act.fixed and not act.asked and act.was is not None and not act.stays]
    return len({who for act in hit for who in act.whose})


def _as_good_as_can_be(problem: MendProblem, found: Mended) -> bool:
    if found.cost is None or not found.fewest:
        return False
    return found.cost.minutes == sum(act.need for act in problem.acts if not act.fixed)


def _read(
    problem: MendProblem, found: Mended, line: Mapping[str, Any], proper: Callable[[Spots], bool], after: float
) -> Mended:
    if "spots" not in line:
        nothing = bool(line["impossible"]) and found.spots is None
        found = replace(found, bound=max(found.bound, line["families"]), impossible=nothing)
        return replace(found, best=bool(line["best"]) and found.fewest)
    spots = {code: MendSpot(*spot) for code, spot in line["spots"].items()}
    cost = cost_of_mend(problem, spots)
    if (found.cost is not None and found.cost <= cost) or not proper(spots):
        return found
    return replace(found, spots=spots, cost=cost, first_s=found.first_s if found.spots is not None else after)


def _lines(problem: MendProblem, known: Spots | None, seconds: float) -> Iterator[dict[str, Any]]:
    """What the process writes until the time is over; a process that dies leaves what it wrote."""
    process = subprocess.Popen(  # noqa: S603  # nosec B603 (our own module, no shell)
        [sys.executable, "-m", WORKER, "--seconds", str(max(seconds - START_S, 0.1))],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    late = Timer(seconds, process.kill)
    late.start()
    try:
        if process.stdin is None or process.stdout is None:  # both were asked for
            return
        said = None if known is None else {code: [spot.session, spot.at] for code, spot in known.items()}
        with suppress(BrokenPipeError), process.stdin as given:  # it died before it had read all
            given.write(json.dumps({"problem": problem.as_json(), "known": said}).encode())
        for line in process.stdout:
            if line.endswith(b"\n"):  # a line that was cut off is no answer
                yield json.loads(line)
    finally:
        late.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
