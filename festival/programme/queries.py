"""What may the public know of the festival at this moment?

Only what is published: the latest plan, prizes of published contests, measured results of contests that are public
at once. A mark of a secret contest is read by nothing in this room: that is what keeps its pages byte-identical.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from festival.contests.models import Contest, ContestState, ResultKind, Secrecy
from festival.contests.scoring import written_time
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.names import sort_key
from festival.editions.models import Festival, PhaseKind
from festival.editions.queries import current_festival, phases
from festival.judging.models import Measure, MeasureState
from festival.programme.live import Board, Call, Line, boards
from festival.registration.models import Delegation, Entry, EntryState
from festival.results.models import Award
from festival.schedule.models import Act, Draw, Plan


@dataclass(frozen=True, slots=True)
class Facts:
    """The festival itself, on one card."""

    code: str
    name: str
    edition: str
    theme: str
    organiser: str
    host: str
    venue: str
    starts_on: date
    ends_on: date
    help_line: str
    data_kept_until: date
    demo: bool
    registration_opens: datetime | None
    registration_closes: datetime | None
    standing: str  # "before" | "registration" | "ready" | "days" | "over"


@dataclass(frozen=True, slots=True)
class Winner:
    """Who got a prize: the entry and its unit, nobody else by name."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class PrizeGroup:
    """One prize and its winners in draw order; a place is not shown."""

    prize: str
    special: bool
    winners: tuple[Winner, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A result that is public at once."""

    name: str
    unit: str
    written: str


@dataclass(frozen=True, slots=True)
class ContestPage:
    """A contest and what is public of its result."""

    code: str
    name: str
    part: str  # the heading of contests that belong together, '' for one that stands alone
    kind: str
    duration_min: int
    at_once: bool
    published: bool
    criteria: tuple[tuple[str, int], ...]
    prizes: tuple[PrizeGroup, ...]
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One session on one stage."""

    stage_name: str
    contest: str
    contest_name: str
    label: str
    starts_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the published programme."""

    on: date
    blocks: tuple[Block, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All acts of the day in order of time."""
        return tuple(sorted((line for block in self.blocks for line in block.lines), key=_by_time))


@dataclass(frozen=True, slots=True)
class PublicView:
    """Everything the public pages draw; equal views draw equal bytes."""

    facts: Facts
    version: int | None
    published_at: datetime | None
    days: tuple[Day, ...]
    boards: tuple[Board, ...]
    contests: tuple[ContestPage, ...]
    delegation_prizes: tuple[PrizeGroup, ...]

    def contest(self, code: str) -> ContestPage | None:
        """The contest of that code."""
        return next((item for item in self.contests if item.code == code), None)


def public_view() -> PublicView | None:
    """The public state now; None when there is no festival yet. A dozen queries however large the festival is."""
    festival = current_festival()
    if festival is None:
        return None
    at = now()
    plan = published_plan(festival)
    lines, calls = programme_lines(plan)
    days = _days(lines)
    contests, whole = _contests(festival)
    today = next((day.lines for day in days if day.on == local(at).date()), ())
    return PublicView(
        facts=_facts(festival, at),
        version=plan.version if plan else None,
        published_at=plan.published_at if plan else None,
        days=days,
        boards=boards(today, calls, at),
        contests=contests,
        delegation_prizes=whole,
    )


def published_plan(festival: Festival) -> Plan | None:
    """The latest published version, unless the programme's phase says "not yet"."""
    phase = phases(festival.id).get(PhaseKind.PROGRAMME)
    if phase is not None and phase.opens_at > now():
        return None
    latest = select(Plan).where(Plan.festival_id == festival.id).order_by(Plan.version.desc()).limit(1)
    return db.session.scalars(latest).first()


def programme_lines(plan: Plan | None) -> tuple[list[Line], dict[int, Call]]:
    """The acts of a published plan in order of time and what was called of them; withdrawn entries are left out."""
    if plan is None:
        return [], {}
    rows = db.session.execute(
        select(Act.id, Act.state, Act.began_at, Entry.state)
        .join(Entry, Entry.id == Act.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Contest.festival_id == plan.festival_id)
    )
    calls: dict[int, Call] = {}
    gone: set[int] = set()
    for act, state, began_at, entry_state in rows:
        calls[act] = Call(state.value, began_at)
        if entry_state is EntryState.WITHDRAWN:
            gone.add(act)
    lines = [line_of(row) for row in plan.content.get("acts", ()) if row["act"] not in gone]
    return sorted(lines, key=_by_time), calls


def line_of(row: Mapping[str, object]) -> Line:
    """One act as the plan's content holds it."""
    return Line(
        act=int(str(row["act"])),
        entry=str(row["entry"]),
        number=int(str(row["position"])),
        name=str(row["name"]),
        title=str(row.get("title", "")),
        unit=str(row["unit"]),
        contest=str(row["contest"]),
        contest_name=str(row["contest_name"]),
        stage=str(row["stage"]),
        stage_name=str(row["stage_name"]),
        session=int(str(row["session"])),
        session_label=str(row.get("session_label", "")),
        starts_at=datetime.fromisoformat(str(row["starts_at"])),
        duration_min=int(str(row["duration_min"])),
    )


def _by_time(line: Line) -> tuple[datetime, str, int]:
    return line.starts_at, line.stage, line.number


def _days(lines: list[Line]) -> tuple[Day, ...]:
    sessions: dict[tuple[date, int], list[Line]] = {}
    for line in lines:
        sessions.setdefault((local(line.starts_at).date(), line.session), []).append(line)
    days: dict[date, list[Block]] = {}
    for (on, _session), own in sessions.items():
        first = own[0]
        days.setdefault(on, []).append(
            Block(
                first.stage_name,
                first.contest,
                first.contest_name,
                first.session_label,
                first.starts_at,
                tuple(own),
            )
        )
    return tuple(
        Day(on, tuple(sorted(blocks, key=lambda block: (block.starts_at, block.stage_name))))
        for on, blocks in sorted(days.items())
    )


def _facts(festival: Festival, at: datetime) -> Facts:
    phase = phases(festival.id).get(PhaseKind.REGISTRATION)
    opens, closes = (phase.opens_at, phase.closes_at) if phase else (None, None)
    today = local(at).date()
    if today > festival.ends_on:
        standing = "over"
    elif today >= festival.starts_on:
        standing = "days"
    elif opens is None or at < opens:
        standing = "before"
    elif closes is None or at < closes:
        standing = "registration"
    else:
        standing = "ready"
    return Facts(
        code=festival.code,
        name=festival.name,
        edition=festival.edition,
        theme=festival.theme,
        organiser=festival.organiser,
        host=festival.host,
        venue=festival.venue,
        starts_on=festival.starts_on,
        ends_on=festival.ends_on,
        help_line=festival.help_line,
        data_kept_until=festival.data_kept_until,
        demo=festival.demo,
        registration_opens=opens,
        registration_closes=closes,
        standing=standing,
    )


def _contests(festival: Festival) -> tuple[tuple[ContestPage, ...], tuple[PrizeGroup, ...]]:
    having_criteria = select(Contest).options(selectinload(Contest.criteria))
    contests = list(
        db.session.scalars(having_criteria.where(Contest.festival_id == festival.id).order_by(Contest.position))
    )
    shown = [row.id for row in contests if _prizes_public(row)]
    awards = _awards(festival.id, shown)
    measured = _measured([row for row in contests if row.secrecy is Secrecy.AT_ONCE])
    pages = tuple(
        ContestPage(
            code=row.code,
            name=row.name,
            part=row.part_name,
            kind=row.result_kind.value,
            duration_min=row.duration_min,
            at_once=row.secrecy is Secrecy.AT_ONCE,
            published=row.state is ContestState.PUBLISHED,
            criteria=tuple((criterion.name, criterion.max_milli) for criterion in row.criteria),
            prizes=awards.get(row.id, ()),
            measured=measured.get(row.id, ()),
        )
        for row in contests
    )
    everything_out = bool(contests) and all(row.state is ContestState.PUBLISHED for row in contests)
    return pages, awards.get(None, ()) if everything_out else ()


def _prizes_public(contest: Contest) -> bool:
    return contest.state is ContestState.PUBLISHED or contest.secrecy is Secrecy.AT_ONCE


def _awards(festival_id: int, contest_ids: list[int]) -> dict[int | None, tuple[PrizeGroup, ...]]:
    rows = db.session.execute(
        select(Award, Entry.id, Entry.name, Entry.number, Delegation.name)
        .outerjoin(Entry, Entry.id == Award.entry_id)
        .outerjoin(Delegation, Delegation.id == Entry.delegation_id)
        .where(Award.festival_id == festival_id, Award.contest_id.in_(contest_ids))
    ).all()
    drawn = {
        draw.contest_id: {entry: place for place, entry in enumerate(draw.order)}
        for draw in db.session.scalars(select(Draw).where(Draw.contest_id.in_(contest_ids)))
    }
    whole = db.session.execute(
        select(Award, Delegation.name)
        .join(Delegation, Delegation.id == Award.delegation_id)
        .where(Award.festival_id == festival_id, Award.contest_id.is_(None))
        .order_by(Delegation.position, Delegation.id)
    ).all()
    groups: dict[int | None, dict[tuple[bool, int, str], list[tuple[object, Winner]]]] = {}
    for award, entry_id, name, number, unit in rows:
        place = drawn.get(award.contest_id, {}).get(entry_id, len(rows))
        order = (place, number or 0, sort_key(name))
        prize = (award.special, award.position, award.prize)
        groups.setdefault(award.contest_id, {}).setdefault(prize, []).append((order, Winner(name, unit)))
    for index, (award, unit) in enumerate(whole):
        prize = (award.special, award.position, award.prize)
        groups.setdefault(None, {}).setdefault(prize, []).append((index, Winner(unit, "")))
    return {
        contest: tuple(
            PrizeGroup(prize, special, tuple(winner for _order, winner in sorted(winners, key=_first)))
            for (special, _position, prize), winners in sorted(prizes.items())
        )
        for contest, prizes in groups.items()
    }


def _first(pair: tuple[object, Winner]) -> object:
    return pair[0]


def _measured(contests: list[Contest]) -> dict[int, tuple[Measured, ...]]:
    kinds = {row.id: row for row in contests if row.result_kind is not ResultKind.RUBRIC}
    rows = db.session.execute(
        select(Entry.contest_id, Entry.name, Delegation.name, Measure.round, Measure.value)
        .join(Entry, Entry.id == Measure.entry_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Entry.contest_id.in_(kinds), Entry.state == EntryState.ENROLLED)
        .where(Measure.state == MeasureState.VALID)
        .order_by(Entry.contest_id, Entry.number, Entry.id, Measure.round)
    )
    found: dict[int, dict[tuple[str, str], list[str]]] = {}
    for contest_id, name, unit, _round, value in rows:
        found.setdefault(contest_id, {}).setdefault((name, unit), []).append(_written(kinds[contest_id], value))
    return {
        contest_id: tuple(Measured(name, unit, "; ".join(values)) for (name, unit), values in entries.items())
        for contest_id, entries in found.items()
    }


def _written(contest: Contest, value: int) -> str:
    if contest.result_kind is ResultKind.TIME:
        return written_time(value)
    return f"{value} {contest.unit_label}".strip()
