"""What did each version of the programme change, in words that everybody may read?

The contents of two versions as they may be told today: names as agreed and corrected, who takes part no more without a
name, nothing of a final that was not announced. Then the same words as in the office (schedule/changes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.sentence import Sentence
from festival.editions.models import Festival
from festival.programme.lines import entry_rows
from festival.roster.models import EntryState
from festival.roster.shown.public_names import NamesHeld, names_held
from festival.schedule.changes import changes
from festival.schedule.later.naming import later_of_code
from festival.schedule.models import Plan
from festival.schedule.queries import plan_and_before, plan_versions

OF_AN_EVENT = ("contest_name", "stage", "stage_name", "starts_at", "duration_min")  # what a calendar says of an act


@dataclass(frozen=True, slots=True)
class VersionTold:
    """A version and what it changed; `changed` None: it was the first."""

    version: int
    at: datetime
    changed: Sequence[Sentence] | None


def versions(festival: Festival) -> list[tuple[int, datetime]]:
    """The versions, the latest first. Whoever shows them has asked whether the programme is open."""
    return [(plan.version, plan.published_at) for plan in plan_versions(festival.id)]


def told(festival: Festival, version: int) -> VersionTold | None:
    """What that version changed; None when there is no such one."""
    plan, before = plan_and_before(festival.id, version)
    if plan is None:
        return None
    if before is None:
        return VersionTold(version, plan.published_at, None)
    known, held = {row.code: row for row in entry_rows(festival.id)}, names_held(festival.id)
    return VersionTold(version, plan.published_at, changes(_public(before, known, held), _public(plan, known, held)))


def _public(plan: Plan, known: Mapping[str, Any], held: NamesHeld) -> dict[str, Any]:
    acts = []
    for act in plan.content.get("acts", ()):
        if later_of_code(act["entry"]):  # a match of a later round is called by its round, whoever plays it
            acts.append(act)
            continue
        row = known.get(act["entry"])
        if row is not None and not row.told:
            continue
        name = _("tiết mục không còn dự thi")
        if row is not None and row.state is EntryState.ENROLLED:
            name = held.family(row.family_id, row.name)
        acts.append({**act, "name": name, "contest_name": row.contest if row else act["contest_name"]})
    return {**plan.content, "acts": acts}


@dataclass(frozen=True, slots=True)
class EverTold:
    """An act as the last version that had it (there) said it. `since`: the version in which that, or that it is off, was new."""

    since: int
    act: Mapping[str, Any]


def ever_told(festival_id: int) -> tuple[dict[str, EverTold], dict[tuple[str, str], EverTold]]:
    """By entry; and by entry and stage, of those that left that stage for another one. All versions are read."""
    wanted = select(Plan.version, Plan.content).where(Plan.festival_id == festival_id).order_by(Plan.version)
    found: dict[str, EverTold] = {}
    left: dict[tuple[str, str], EverTold] = {}
    before: set[str] = set()
    for plan in db.session.execute(wanted.execution_options(yield_per=1)):
        acts = {act["entry"]: act for act in plan.content.get("acts", ())}
        for entry, act in acts.items():
            known = found.get(entry)
            if known is not None and known.act["stage"] != act["stage"]:
                left[entry, known.act["stage"]] = EverTold(plan.version, known.act)
            left.pop((entry, act["stage"]), None)
            same = known is not None and entry in before and all(known.act[name] == act[name] for name in OF_AN_EVENT)
            found[entry] = EverTold(known.since if known is not None and same else plan.version, act)
        for entry in before - set(acts):
            found[entry] = EverTold(plan.version, found[entry].act)
        before = set(acts)
    return found, left
