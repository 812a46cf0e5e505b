"""How far is the current edition? The facts of the checklist, out of what the dashboard has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from festival.contests.models import ContestState
from festival.core.clock import local, today
from festival.core.web.access import Actor, policy_of
from festival.editions.models import Festival, PhaseKind
from festival.editions.retention import kept
from festival.office.checklist import ChecklistStep, EditionFacts, PhaseTimes, checklist
from festival.office.queries import DayView, PhaseLine
from festival.roster.models import FamilyState

# Where a step is done: the first of these doors that this account may open.
DOORS: dict[str, tuple[str, ...]] = {
    "edition": ("setup.what", "editions.index"),
    "contests": ("setup.contests", "contests.contest_list"),
    "delegations": ("setup.who", "registration.delegation_list"),
    "officers": ("registration.delegation_list",),
    "registration": ("office.phase",),
    "families": ("registration.review_list", "registration.delegation_list"),
    "review": ("registration.review_list",),
    "panels": ("contests.contest_list",),
    "stages": ("schedule.office_page",),
    "draw": ("schedule.office_page",),
    "plan": ("schedule.office_page",),
    "devices": ("devices.devices_page",),
    "passes": ("passes.cards",),
    "meals": ("logistics.office",),
    "names": ("proofing.index",),
    "judging": ("office.phase",),
    "sheets": ("results.office_results",),
    "lock": ("results.office_results",),
    "minutes": ("results.office_results",),
    "publish": ("results.office_results",),
    "erasure": ("privacy.page",),
}
VALUES: dict[str, dict[str, Any]] = {
    "registration": {"kind": PhaseKind.REGISTRATION.value},
    "judging": {"kind": PhaseKind.JUDGING.value},
}
# Where those are named whom a step lacks, while it lacks somebody.
NAMES = "people.people_lacking"
NAMED = {"officers": "no_officer", "panels": "panel_short"}
# Without an edition only this step has a page; the others would say that there is none.
DOORS_BEFORE: dict[str, tuple[str, ...]] = {"edition": ("setup.new",)}


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A step and where it is done, '' where this account has nothing to open."""

    step: ChecklistStep
    href: str


def steps_before(actor: Actor) -> tuple[ChecklistLine, ...]:
    """The list while there is no edition."""
    return tuple(
        ChecklistLine(step, door(DOORS_BEFORE.get(step.key, ()), actor, {})) for step in checklist(None, today())
    )


def steps_of(festival: Festival, day: DayView, actor: Actor) -> tuple[ChecklistLine, ...]:
    """The list of the current edition."""
    steps = checklist(facts_of(festival, day), today())
    return tuple(ChecklistLine(step, _door_of(step, festival, actor)) for step in steps)


def _door_of(step: ChecklistStep, festival: Festival, actor: Actor) -> str:
    values = {"code": festival.code, **VALUES.get(step.key, {})}
    names = door((NAMES,), actor, {}) if step.lacks is not None and step.key in NAMED else ""
    return f"{names}#{NAMED[step.key]}" if names else door(DOORS[step.key], actor, values)


def door(endpoints: tuple[str, ...], actor: Actor, values: dict[str, Any]) -> str:
    for endpoint in endpoints:
        policy = policy_of(current_app.view_functions[endpoint])
        if policy is not None and (policy.permission is None or actor.may(policy.permission)):
            (rule,) = (each for each in current_app.url_map.iter_rules(endpoint))
            return url_for(endpoint, **{name: value for name, value in values.items() if name in rule.arguments})
    return ""


def facts_of(festival: Festival, day: DayView) -> EditionFacts:
    """Nothing is asked: the day has it all."""
    states = [line.state for line in day.contests]
    spans = {line.kind: _span(line) for line in day.phases}
    held = kept(festival)
    return EditionFacts(
        starts_on=festival.starts_on,
        ends_on=festival.ends_on,
        erase_on=held.data_until,
        erased=held.data_erased,
        erase_soon=held.soon(today()),
        placed=bool(festival.venue.strip()),
        contests=len(states),
        delegations=day.delegations,
        without_officer=day.lacks.without_officer,
        registration=spans[PhaseKind.REGISTRATION],
        judging=spans[PhaseKind.JUDGING],
        families=day.families_approved,
        waiting_review=day.families.get(FamilyState.SUBMITTED, 0),
        panels_short=day.lacks.panels_short,
        stages=day.lacks.stages,
        sessions=day.lacks.sessions,
        undrawn=day.lacks.undrawn,
        plan_version=day.plan_version or 0,
        meals=day.lacks.meals,
        meals_unsaid=day.lacks.meals_unsaid,
        unproofed=day.lacks.unproofed,
        devices=len(day.devices),
        sheets_missing=day.waiting,
        unlocked=_before_state(states, ContestState.LOCKED),
        unsigned=_before_state(states, ContestState.SIGNED),
        unpublished=_before_state(states, ContestState.PUBLISHED),
    )


def _before_state(states: Sequence[ContestState], wanted: ContestState) -> int:
    ladder = list(ContestState)
    return sum(ladder.index(state) < ladder.index(wanted) for state in states)


def _span(line: PhaseLine) -> PhaseTimes:
    if line.row is None:
        return PhaseTimes()
    closes = line.row.closes_at
    return PhaseTimes(line.state, local(line.row.opens_at).date(), local(closes).date() if closes else None)
