"""How does the day stand, on one page?

Counts only, read from the rooms below; as many queries for a thousand families as for three. Marks are not read: the
dashboard says how many sheets are still to come, never what is in them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select

from festival.checkin.desk import Arrival, arrivals
from festival.checkin.merge import day_window
from festival.checkin.models import Admission
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.queries import contests
from festival.core.clock import local, now, today
from festival.core.database import db
from festival.devices.queries import SILENT_AFTER, DeviceLine, device_lines
from festival.editions.models import Festival, Phase, PhaseKind
from festival.editions.queries import phase_state, phases
from festival.judging.sheets.coming import to_come
from festival.judging.substituting.queries import waiting_count
from festival.judging.tally import Tally, read_tallies
from festival.office.lacks import Lacks, lacks_of
from festival.programme.lines import programme_lines
from festival.programme.live import Board, boards
from festival.programme.queries import published_plan
from festival.roster.departures import unseen_count
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState, Reserve
from festival.schedule.lives import NamedState, contest_life
from festival.schedule.models import Act, ActState


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase with its times; `state`: "never" | "soon" | "open" | "closed"."""

    kind: PhaseKind
    row: Phase | None
    state: str


@dataclass(frozen=True, slots=True)
class ContestLine:
    """How far a contest is: entries, acts over, sheets or measured results still to come."""

    code: str
    name: str
    state: ContestState
    named: NamedState
    entries: int
    acts: int
    acts_over: int
    waiting: int
    measured: bool


@dataclass(frozen=True, slots=True)
class DayView:
    """The day on one page."""

    families: dict[FamilyState, int]  # who was accepted in reserve is counted apart: nobody decides about it now
    reserves: int
    delegations: int
    delegations_empty: tuple[str, ...]
    arrivals: tuple[Arrival, ...]
    contests: tuple[ContestLine, ...]
    boards: tuple[Board, ...]
    plan_version: int | None
    phases: tuple[PhaseLine, ...]
    devices: tuple[DeviceLine, ...]
    silent: tuple[DeviceLine, ...]
    troubled: tuple[DeviceLine, ...]
    on: date  # the day whose arrivals are counted: today, else the festival's nearest day
    running: bool  # whether today is one of the festival's days
    at: datetime
    left: int  # people who take part no more, not looked at yet
    asked: int  # substitutions that officers ask for
    lacks: Lacks

    @property
    def families_approved(self) -> int:
        """Families that take part."""
        return self.families.get(FamilyState.APPROVED, 0)

    @property
    def families_here(self) -> int:
        """Families of whom somebody is in."""
        return sum(line.families_here for line in self.arrivals)

    @property
    def people(self) -> tuple[int, int]:
        """(here, expected)."""
        return sum(line.people_here for line in self.arrivals), sum(line.people for line in self.arrivals)

    @property
    def acts(self) -> tuple[int, int]:
        """(over, all)."""
        return sum(line.acts_over for line in self.contests), sum(line.acts for line in self.contests)

    @property
    def waiting(self) -> int:
        """Sheets and results still to come for acts that are over or contests that are open."""
        return sum(line.waiting for line in self.contests)

    @property
    def late_min(self) -> int:
        """The stage that is latest."""
        return max((board.late_min for board in self.boards), default=0)


def day_view(festival: Festival) -> DayView:
    """Everything the dashboard shows."""
    at = now()
    shown = tuple(_contests(festival.id))  # first: the phases come with the draws, and nobody reads them again
    plan = published_plan(festival)
    lines, calls = programme_lines(plan)
    families, reserves, delegations, (left, asked), last_arrival, lacks = _families(festival)
    on = _day_shown(festival, last_arrival)
    running = festival.starts_on <= today() <= festival.ends_on
    here = [line for line in lines if local(line.starts_at).date() == today()]
    every = device_lines(festival.id)
    devices = tuple(line for line in every if not line.revoked)
    return DayView(
        families=families,
        reserves=reserves,
        delegations=len(delegations),
        delegations_empty=tuple(name for name, count in delegations if count == 0),
        arrivals=tuple(arrivals(festival.id, on.isoformat())),
        contests=shown,
        boards=boards(here, calls, at),
        plan_version=plan.version if plan else None,
        phases=tuple(_phases(festival.id, at)),
        devices=devices,
        silent=tuple(
            line for line in devices if running and (line.last_seen_at is None or at - line.last_seen_at > SILENT_AFTER)
        ),
        # What a revoked device still said is what most needs somebody's eye.
        troubled=tuple(line for line in every if line.gaps or line.unseen),
        on=on,
        running=running,
        at=at,
        left=left,
        asked=asked,
        lacks=lacks,
    )


def _day_shown(festival: Festival, last_arrival: date | None) -> date:
    """Today on a festival day, which begins at three as it does at the gates; before it the first day; afterwards the
    last one on which somebody arrived.
    """
    if today() <= festival.ends_on:
        return max(date.fromisoformat(day_window(now())), festival.starts_on)
    return last_arrival or festival.ends_on


def _families(
    festival: Festival,
) -> tuple[dict[FamilyState, int], int, list[tuple[str, int]], tuple[int, int], date | None, Lacks]:
    """Families by state; how many are accepted in reserve; the delegations in their order, each with how many of its families are not withdrawn; how many
    people have left that nobody has looked at, and how many substitutions are asked for; the last day on which somebody arrived; what the edition lacks.
    """
    states: Counter[FamilyState] = Counter()
    delegations: dict[int, tuple[str, int]] = {}
    asked = lacks_of(festival.id)
    here = select(literal(festival.id).label("id")).subquery("here")
    left, coming, last, lacks, reserves = 0, 0, None, [0] * len(asked), 0
    accepted = (Family.reserve == Reserve.ACCEPTED) & (Family.state == FamilyState.SUBMITTED)
    arrived = select(func.max(Admission.day_window)).where(
        Admission.festival_id == festival.id, Admission.purpose == "entry", ~Admission.annulled
    )
    for delegation_id, name, state, count, reserve, left, coming, last, *lacks in db.session.execute(  # noqa: B007 - the same in every row
        select(
            Delegation.id,
            Delegation.name,
            Family.state,
            func.count(Family.id),
            func.count(Family.id).filter(accepted),
            unseen_count(festival.id),
            waiting_count(festival.id),
            arrived.scalar_subquery(),
            *asked.values(),
        )
        .select_from(here)
        .outerjoin(Delegation, Delegation.festival_id == here.c.id)
        .outerjoin(Family, Family.delegation_id == Delegation.id)
        .group_by(Delegation.id, Delegation.name, Delegation.position, Family.state)
        .order_by(Delegation.position, Delegation.name)
    ):
        if delegation_id is None:
            continue  # an edition without delegations has one row, for its counts
        _name, before = delegations.get(delegation_id, ("", 0))
        delegations[delegation_id] = name, before + (0 if state is FamilyState.WITHDRAWN else count)
        reserves += reserve
        if count > reserve:
            states[state] += count - reserve
    return (
        states,
        reserves,
        list(delegations.values()),
        (left, coming),
        date.fromisoformat(last) if last else None,
        Lacks(**dict(zip(asked, lacks, strict=True))),
    )


def _phases(festival_id: int, at: datetime) -> list[PhaseLine]:
    known = phases(festival_id)
    return [PhaseLine(kind, known.get(kind), phase_state(known.get(kind), at)) for kind in PhaseKind]


def _contests(festival_id: int) -> list[ContestLine]:
    rows = contests(festival_id)
    entries: Counter[int] = Counter()
    acts: Counter[int] = Counter()
    over: Counter[int] = Counter()
    counted = db.session.execute(
        select(Entry.contest_id, Entry.state, Act.state, func.count(Act.id), func.count())
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(Act, Act.entry_id == Entry.id)
        .where(Contest.festival_id == festival_id)
        .group_by(Entry.contest_id, Entry.state, Act.state)
    )
    for contest_id, entry_state, act_state, planned, count in counted:
        entries[contest_id] += count if entry_state is EntryState.ENROLLED else 0
        acts[contest_id] += planned
        over[contest_id] += planned if act_state in (ActState.DONE, ActState.ABSENT) else 0
    tallied = read_tallies([row for row in rows if row.state is ContestState.OPEN], marks_too=False)
    return [
        ContestLine(
            contest.code,
            contest.name,
            contest.state,
            contest_life(contest),
            entries[contest.id],
            acts[contest.id],
            over[contest.id],
            _waiting(tallied.get(contest.id)),
            contest.result_kind is not ResultKind.RUBRIC,
        )
        for contest in rows
    ]


def _waiting(tallied: Tally | None) -> int:
    """Sheets (or measured results) due and not there, of acts that were on stage; nothing is due after the lock."""
    if tallied is None:
        return 0
    rubric, coming = tallied.contest.result_kind is ResultKind.RUBRIC, to_come(tallied)
    due = [each for each, _seat in tallied.missing()] if rubric else tallied.unmeasured()
    return sum(each.id not in coming for each in due)
