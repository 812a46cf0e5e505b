"""What is an export of a festival's results as a whole? The format is docs/export.md; `verify.py` recomputes it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from festival.contests.queries import contests as contests_of_edition
from festival.core.rehearsing.marked import rehearsed
from festival.editions.models import Festival
from festival.results.export.contest import contest_told, facts_of
from festival.results.export.shown import ShownInExport
from festival.results.export.streams import WantedStream, streams_told
from festival.results.export.whole import whole_told

FORMAT = "festival-results 1"


def export_of(festival: Festival, codes: Collection[str] = (), *, jury: bool = False) -> dict[str, Any]:
    """All contests, or those named. The delegations as a whole stand only in an export of all."""
    chosen = [each for each in contests_of_edition(festival.id) if not codes or each.code in codes]
    facts = facts_of(festival, chosen, jury=jury)
    told = [contest_told(contest, facts) for contest in chosen]
    shows = {each["code"]: each["shows"] for each in told}
    whole = None if codes else whole_told(festival, shows, jury=jury)
    judges = {each.code: facts.counted_judges(each) for each in chosen}
    return {
        "format": FORMAT,
        **({"rehearsal": True} if rehearsed() else {}),
        "holds": "jury" if jury else "public",
        "festival": {"code": festival.code, "name": festival.name},
        "contests": told,
        "whole": whole,
        "ledger": streams_told(_streams(told, whole, judges, jury=jury)),
    }


def _streams(
    told: list[dict[str, Any]], whole: dict[str, Any] | None, judges: dict[str, frozenset[int]], *, jury: bool
) -> dict[str, WantedStream]:
    """Of whoever shows places the lines, else the heads. What an open contest's ledger holds is nobody's yet."""
    found: dict[str, WantedStream] = {}
    for each in told:
        if each["shows"] == ShownInExport.NOTHING:
            continue
        marks = each["shows"] == ShownInExport.MARKS
        entries = frozenset(entry["id"] for entry in each["entries"]) if marks else frozenset[int]()
        lines = jury or each["shows"] != ShownInExport.PRIZES
        found |= dict.fromkeys(each["streams"], WantedStream(lines, None if jury else entries, judges[each["code"]]))
    if whole is not None:
        found[whole["stream"]] = WantedStream(lines=True, entries=None if jury else frozenset())
    return found
