"""How does one search go on, while somebody watches it? In a thread of its own, beside the process that solves; without a database.

First the plan, with three quarters of the time where a drawn order has a price to be found; then what each contest's drawn order costs: the
same festival with that order kept, or not. At last, where acts have no place, why. Each plan passes the independent
checker, is drawn together on its stages, and is held against the checker of the draft with every wish.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Thread
from typing import Any

from festival.schedule.conflicts import Clash, Placed, check
from festival.schedule.filling.chosen import DraftLaid, FillChoice
from festival.schedule.filling.closer import closer
from festival.schedule.filling.reasons import contradiction_kept, groups_of, set_kept, smallest, sums_kept
from festival.schedule.filling.whole import Origin, ToSolve, as_places
from festival.schedule.solver.answer import BrokenPlan, TimedPlan, impossible, plans_of
from festival.schedule.solver.capacity import TooMuch
from festival.schedule.solver.checker import broken_rules, cost_of
from festival.schedule.solver.shapes import PlaceOfAct, WholeFestival, moment
from festival.schedule.solver.whole.floors import floors_of

PRICE_SHARE = 0.25  # of the time, for what drawn orders cost
REASON_S = 30.0  # to find the fewest wishes that contradict each other
TRY_S = 6.0  # for one set of them
SILENT_S = 5.0  # whoever keeps it is told at least so often that it goes on
IMPOSSIBLE = (Clash.FAMILY, Clash.PERSON, Clash.STAGE, Clash.AWAY)


class FillSearch:
    """One search: begun by `start`, told of by `told` at any moment, ended by itself or by `stop`."""

    def __init__(
        self, draft: DraftLaid, asked: ToSolve, choice: FillChoice, wishes: Mapping[Origin, int], seconds: float
    ) -> None:
        self.draft, self.asked, self.choice, self.wishes, self.seconds = draft, asked, choice, wishes, seconds
        self.best: TimedPlan | None = None
        self.places: list[Placed] = []
        self.prices: dict[str, dict[str, Any]] = {}
        self.reasons: list[dict[str, Any]] = []
        self.stopped = self.over = self.failed = self.cut = False
        self._kill: Callable[[], None] = lambda: None
        self._began = time.monotonic()
        self._heard: tuple[object, ...] = ()
        self._heard_at = 0.0
        self._now = cost_now(asked, draft)
        self._thread = Thread(target=self._run, name="timetable", daemon=True)

    def start(self) -> None:
        self._began = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Keep what there is; the process that solves is ended."""
        self.stopped = True
        self._kill()

    def wait(self, seconds: float) -> bool:
        """Whether it is over by then."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _alive(self, kill: Callable[[], None]) -> None:
        self._kill = kill
        if self.stopped:
            kill()

    # ------------------------------------------------------------------------------------------------ one after the other

    def _run(self) -> None:
        try:
            self._search()
        except Exception:  # whatever it was: the draft stays, and the page says that it failed
            self.failed = True
        finally:
            self.over = True

    def _search(self) -> None:
        festival = self.asked.festival
        if len(festival.acts) == len(festival.locked):  # all of it was placed by the first running order
            if festival.acts:
                cost = cost_of(festival, festival.locked)
                self._take(TimedPlan(festival.locked, (), cost, min(cost, floors_of(festival).bound), 0.0, last=True))
        else:
            drawn = self._drawn()
            main = self.seconds * (1 - PRICE_SHARE if drawn else 1)
            until = time.monotonic() + main
            for plan in plans_of(festival, main, began=self._alive):
                self._take(plan)
            self.failed = self.best is None and not self.stopped
            # One that had all of its time was not broken off, also where a busy machine let it not say its last word.
            ended = self.stopped or time.monotonic() >= until
            self.cut = self.best is not None and not self.best.last and not ended
            if self.best is not None and not self.best.unplaced and self.best.last:
                self._priced(drawn)
        if not self.failed and (self.best is None or self.best.unplaced or self.asked.aside):
            self._why()

    def _take(self, plan: TimedPlan) -> None:
        festival = self.asked.festival
        near = closer(festival, plan.plan)
        plan = replace(plan, plan=near, cost=cost_of(festival, near))
        places = as_places(self.asked, plan.plan)
        fixed = [each for each in self.asked.fixed if each not in places]
        known = {each.acts for each in check(fixed, wishes=self.draft.wishes) if each.kind in IMPOSSIBLE}
        for each in check([*fixed, *places], wishes=self.draft.wishes):
            if each.kind in IMPOSSIBLE and each.acts not in known:
                raise BrokenPlan(str(each))
        self.best, self.places = plan, places

    def _drawn(self) -> list[str]:
        """Contests of which the drawn order says something."""
        numbered = [self.asked.parts[act.code] for act in self.asked.loose if act.number is not None]
        return sorted({part.split("/")[0] for part in numbered if numbered.count(part) > 1})

    def _priced(self, drawn: list[str]) -> None:
        best = self.best
        for contest in drawn:
            if self.stopped or best is None:
                return
            kept = contest in self.choice.binding
            other = None
            for plan in plans_of(
                ordered(self.asked.festival, contest, not kept),
                self.seconds * PRICE_SHARE / len(drawn),
                began=self._alive,
            ):
                other = plan
            if other is None or other.unplaced:
                continue
            dear, cheap = (best, other) if kept else (other, best)
            least = min(dear.cost, cheap.cost)
            self.prices[contest] = {
                "minutes": dear.cost - least,
                "exact": dear.cost == dear.bound and cheap.bound == least,
                "kept": kept,
            }

    def _why(self) -> None:
        found = impossible(self.asked.festival) if self.asked.festival.acts else []
        self.reasons = [{"kind": "aside", "acts": [code]} for code in self.asked.aside]
        self.reasons += [
            sums_kept(self.asked, each)
            if isinstance(each, TooMuch)
            else contradiction_kept(self.asked, self.wishes, each)
            for each in found
        ]
        if not found and self.best is not None and self.best.impossible and not self.stopped:
            until = time.monotonic() + REASON_S
            needed, least = smallest(self.asked.festival, groups_of(self.asked), lambda each: self._stands(each, until))
            self.reasons += [set_kept(self.asked, self.wishes, self.best.unplaced, needed, least)]

    def _stands(self, festival: WholeFestival, until: float) -> bool | None:
        left = min(TRY_S, until - time.monotonic())
        if left <= 0 or self.stopped:
            return None
        for plan in plans_of(festival, left, began=self._alive):
            if not plan.unplaced:
                return True
            if plan.impossible:
                return False
        return None

    # ------------------------------------------------------------------------------------------------ as it is kept

    def has_news(self) -> bool:
        """Whether something was found since this was asked last, or it is time to say that the search goes on."""
        now = (self.best, len(self.prices), len(self.reasons))
        if now == self._heard and time.monotonic() < self._heard_at + SILENT_S:
            return False
        self._heard, self._heard_at = now, time.monotonic()
        return True

    def told(self) -> dict[str, Any]:
        """What is known now, as JSON: codes of acts, sessions and moments, numbers."""
        best, places = self.best, self.places
        found: dict[str, Any] = {
            "seconds": round(min(time.monotonic() - self._began, self.seconds + REASON_S)),
            "base": self.asked.least_days,
            "now": None if self._now is None else list(self._now),
            "aside": list(self.asked.aside),
            "drawn": self._drawn(),
            "gap": self.asked.festival.family_gap_min,
            "prices": dict(self.prices),
            "reasons": list(self.reasons),
        }
        if best is not None:
            found |= {
                "plan": [[each.act.code, each.session.code, each.starts_at.isoformat()] for each in places],
                "cost": best.cost,
                "bound": best.bound,
                "proven": best.proven,
                "unplaced": list(best.unplaced),
                "cut": self.over and self.cut,
            }
        return found


def ordered(festival: WholeFestival, contest: str, binds: bool) -> WholeFestival:
    """The same, with the drawn order of this contest kept or not."""
    return replace(
        festival,
        contests=tuple(
            replace(each, order_binds=binds) if each.code.split("/")[0] == contest else each
            for each in festival.contests
        ),
    )


def cost_now(asked: ToSolve, draft: DraftLaid) -> tuple[int, bool] | None:
    """What the draft costs as it lies, and whether it keeps what it has to keep; None while one of these acts has no place in it."""
    own = [draft.placed.get(act.code) for act in asked.festival.acts]
    places = [PlaceOfAct(each.act.code, each.session.stage, moment(each.starts_at)) for each in own if each is not None]
    if len(places) < len(own):
        return None
    days: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for act, place, lies in zip(asked.festival.acts, places, own, strict=True):
        if lies is not None:
            for family in act.families:
                day = lies.session.starts_at.toordinal()
                days.setdefault((family, day), []).append((place.at, act.minutes))
    cost = sum(
        asked.festival.day_cost_min
        + max(at + minutes for at, minutes in several)
        - min(at for at, _minutes in several)
        - sum(minutes for _at, minutes in several)
        for several in days.values()
    )
    return cost, not broken_rules(asked.festival, places)
