"""What does conference-scheduler 3.0.1 make of a festival of 60 acts, beside this house's own plan in the same run?

It is no dependency: install it into a place of its own and run `PYTHONPATH=that/site-packages python -m benchmarks conference`.
It knows slots of one length, who cannot stand in two at once, and which stage takes what. It does not know changeovers, waiting, or
the minutes a family needs between two acts: those are counted afterwards, by the house's own checker.
"""

from __future__ import annotations

import importlib
import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.measure import Bench
from benchmarks.timetables import solved
from festival.schedule.solver.checker import broken_rules, waits_of
from festival.schedule.solver.shapes import PlaceOfAct, WholeFestival, moment
from tests.schedule.festivals import crowded

EPOCH = datetime(2024, 6, 14, tzinfo=UTC)
MISSING = "conference-scheduler 3.0.1 is not installed here: PYTHONPATH=its/site-packages"


def slots_of(festival: WholeFestival, peer: Any) -> list[Any]:
    """Every window cut into slots that hold the longest act and its changeover."""
    length = max(act.minutes for act in festival.acts) + max(each.changeover_min for each in festival.contests)
    return [
        peer.Slot(window.stage, EPOCH + timedelta(minutes=at - moment(EPOCH)), length, 1, str(window.begins))
        for window in festival.windows
        for at in range(window.begins, window.ends - length + 1, length)
    ]


def planned(festival: WholeFestival, peer: Any, scheduler: Any) -> list[PlaceOfAct]:
    """Its plan, as places of ours."""
    slots = slots_of(festival, peer)
    takes = {each.code: each.takes for each in festival.stages}
    panel = {contest: each.code for each in festival.panels for contest in each.contests}
    nowhere = peer.Slot("", EPOCH, 0, 0, "")
    events = [
        peer.Event(
            act.code,
            act.minutes,
            0,
            # whoever shares a tag is never in two slots at once
            tags=[*act.families, *([panel[act.contest]] if act.contest in panel else [])],
            # 3.0.1 looks at tags only of an event that has an unavailability: each has an hour that does not exist
            unavailability=[nowhere, *(slot for slot in slots if act.contest not in takes[slot.venue])],
        )
        for act in festival.acts
    ]
    return [
        PlaceOfAct(item.event.name, item.slot.venue, moment(item.slot.starts_at))
        for item in scheduler.schedule(events, slots)
    ]


def told(what: str, festival: WholeFestival, plan: list[PlaceOfAct], seconds: float) -> None:
    """One line: how long it took, what it breaks, how long families wait between their first and last act of a day."""
    waits = waits_of(festival, plan)
    broken = Counter(fault.rule.value for fault in broken_rules(festival, plan))
    print(json.dumps({
        "what": what, "acts": len(festival.acts), "seconds": round(seconds, 2), "broken": dict(broken),
        "mean_wait_min": round(sum(waits.values()) / len({act.families for act in festival.acts}), 1),
    }))  # fmt: skip


def conference(_bench: Bench, database: str) -> None:
    """It reads no database, so it is told once."""
    if database != "sqlite":
        return
    try:
        peer = importlib.import_module("conference_scheduler.resources")
        scheduler = importlib.import_module("conference_scheduler.scheduler")
    except ImportError:
        print(json.dumps({"what": "conference-scheduler", "missing": MISSING}))
        return
    festival = crowded(1, families=15, stages=2, contests=4, load=0.5)
    began = time.monotonic()
    theirs = planned(festival, peer, scheduler)
    told("conference-scheduler 3.0.1", festival, theirs, time.monotonic() - began)
    began = time.monotonic()
    _, ours = solved(festival, 10, 1)
    told("this house, the process started anew", festival, list(ours.plan), time.monotonic() - began)
