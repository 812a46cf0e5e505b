"""What may the public know of the festival at this moment?

Only what is published, and results public at once. A mark of a secret contest is read by nothing in this room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import current_app
from sqlalchemy import select

from config import Config
from festival.checkin.merge import day_window
from festival.contests.models import Contest, ContestState, Secrecy
from festival.contests.queries import contests
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.editions.help_lines import HelpNumber
from festival.editions.help_table import help_numbers
from festival.editions.models import Festival, PhaseKind
from festival.editions.queries import current_festival, phases
from festival.editions.retention import kept
from festival.posts.queries import PublicPost, public_posts
from festival.programme.lines import GoesOn, announced, by_time, programme_lines
from festival.programme.live import Board, Call, Line, boards, expected_of
from festival.programme.notices import News, public_news
from festival.results.awards import PrizeList, PrizeMoved, amended_at
from festival.results.delegations.table import read_whole, whole_taken_back_at
from festival.results.petitions.grounds import ground_of_whole
from festival.results.published import PublishedContest, published_results
from festival.schedule.models import Plan


@dataclass(frozen=True, slots=True)
class Facts:
    """The festival itself, on one card."""

    code: str
    name: str
    short_name: str
    edition: str
    theme: str
    organiser: str
    host: str
    venue: str
    starts_on: date
    ends_on: date
    help_line: str
    help: tuple[HelpNumber, ...]
    data_kept_until: date
    papers_kept_until: date
    data_held: bool
    data_erased: bool
    copies_days: int
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
    """A result that is public at once. `remark` says why it takes no place, `before` what stood there before it was corrected."""

    place: int | None
    shared: bool
    name: str
    unit: str
    written: str
    remark: Sentence | None
    corrected_at: datetime | None = None
    before: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ContestPage:
    """A contest and what is public of its result."""

    code: str
    name: str
    part: str  # the heading of contests that belong together, '' for one that stands alone
    kind: str
    duration_min: int
    together_min: int
    at_once: bool
    published: bool
    criteria: tuple[tuple[str, int], ...]
    prizes: tuple[PrizeGroup, ...]
    measured: tuple[Measured, ...]
    amended_at: datetime | None = None  # the signed minutes were corrected
    moved: tuple[PrizeMoved, ...] = ()  # whose prize that changed
    ground: Sentence | None = None  # on what the correction stands
    explained: bool = False  # how each place came about may be read
    summed: tuple[str, ...] = ()  # of a sum: the contests it adds up
    taken_back_at: datetime | None = None  # its published result is looked at again since then
    goes_on: GoesOn | None = None  # of a round and of its final, once it was announced


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
class ProgrammeDay:
    """One day of the published programme; an evening that goes on after midnight belongs to its evening, until three."""

    on: date
    blocks: tuple[Block, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All acts of the day in order of time."""
        return tuple(sorted((line for block in self.blocks for line in block.lines), key=by_time))


@dataclass(frozen=True, slots=True)
class PublicView:
    """Everything the public pages draw; equal views draw equal bytes."""

    facts: Facts
    on: date  # the day of the festival that it is
    version: int | None
    published_at: datetime | None
    days: tuple[ProgrammeDay, ...]
    calls: Mapping[str, Call]  # by entry, what the stage managers said
    boards: tuple[Board, ...]
    contests: tuple[ContestPage, ...]
    delegation_prizes: tuple[PrizeGroup, ...]
    delegation_amended_at: datetime | None = None
    delegation_ground: Sentence | None = None  # on what that correction stands
    delegation_taken_back_at: datetime | None = None  # it was public, and is looked at again since then
    news: tuple[News, ...] = ()
    posts: tuple[PublicPost, ...] = ()
    expected: Mapping[str, datetime] = field(default_factory=dict)  # by entry, of today's acts that come later

    def contest(self, code: str) -> ContestPage | None:
        """The contest of that code."""
        return next((item for item in self.contests if item.code == code), None)


@dataclass(frozen=True, slots=True)
class RunningProgramme:
    """The published programme with what the stage managers said, and nothing else of the public state."""

    days: tuple[ProgrammeDay, ...]
    calls: Mapping[str, Call]


def public_view() -> PublicView | None:
    """The public state of the current edition; None while none is chosen."""
    festival = current_festival()
    return None if festival is None else view_of(festival)


def view_of(festival: Festival) -> PublicView:
    """What the public may know of an edition now. As many queries however large the festival is."""
    at = now()
    plan = published_plan(festival)
    lines, calls = programme_lines(plan)
    days = _days(lines)
    pages, whole, whole_amended = _contests(festival)
    on = festival_day(at)
    today = next((day.lines for day in days if day.on == on), ())
    return PublicView(
        facts=_facts(festival, at),
        on=on,
        version=plan.version if plan else None,
        published_at=plan.published_at if plan else None,
        days=days,
        calls=calls,
        boards=boards(today, calls, at),
        contests=pages,
        delegation_prizes=whole,
        delegation_amended_at=whole_amended,
        delegation_ground=ground_of_whole(festival.id) if whole_amended else None,
        delegation_taken_back_at=None if whole else whole_taken_back_at(festival.id),
        news=public_news(festival.id),
        posts=public_posts(),
        expected=expected_of(today, calls, at),
    )


def results_of(festival: Festival) -> tuple[tuple[ContestPage, ...], tuple[PrizeGroup, ...]]:
    """The public results of an edition alone: contest by contest, and the prizes of the delegations."""
    pages, whole, _amended_at = _contests(festival)
    return pages, whole


def programme_of(festival: Festival) -> tuple[ProgrammeDay, ...]:
    """The published programme of an edition alone."""
    return _days(programme_lines(published_plan(festival))[0])


def running_programme(festival: Festival) -> RunningProgramme:
    """The published programme of an edition, and what was called of it: four statements."""
    lines, calls = programme_lines(published_plan(festival))
    return RunningProgramme(_days(lines), calls)


def published_editions() -> set[int]:
    """Which editions their organiser has shown to the public: a programme or a result of them is published.

    Any other that is not the current one is being prepared, or was never held: the public sees nothing of it.
    """
    results = select(Contest.festival_id).where(Contest.state == ContestState.PUBLISHED)
    return set(db.session.scalars(select(Plan.festival_id).union(results)))


def published_plan(festival: Festival) -> Plan | None:
    """The latest published version, unless the programme's phase says "not yet"."""
    phase = phases(festival.id).get(PhaseKind.PROGRAMME)
    if phase is not None and phase.opens_at > now():
        return None
    latest = select(Plan).where(Plan.festival_id == festival.id).order_by(Plan.version.desc()).limit(1)
    return db.session.scalars(latest).first()


def festival_day(at: datetime) -> date:
    """The day to which a moment belongs, as the gates count it: a day begins at three in the morning."""
    return date.fromisoformat(day_window(at))


def _days(lines: list[Line]) -> tuple[ProgrammeDay, ...]:
    sessions: dict[tuple[date, int], list[Line]] = {}
    for line in lines:
        sessions.setdefault((festival_day(line.starts_at), line.session), []).append(line)
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
        ProgrammeDay(on, tuple(sorted(blocks, key=lambda block: (block.starts_at, block.stage_name))))
        for on, blocks in sorted(days.items())
    )


def _facts(festival: Festival, at: datetime) -> Facts:
    phase = phases(festival.id).get(PhaseKind.REGISTRATION)
    opens, closes = (phase.opens_at, phase.closes_at) if phase else (None, None)
    days = kept(festival)
    config: Config = current_app.config["FESTIVAL"]
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
        short_name=festival.short_name or festival.name,
        edition=festival.edition,
        theme=festival.theme,
        organiser=festival.organiser,
        host=festival.host,
        venue=festival.venue,
        starts_on=festival.starts_on,
        ends_on=festival.ends_on,
        help_line=festival.help_line,
        help=help_numbers(festival),
        data_kept_until=festival.data_kept_until,
        papers_kept_until=days.papers_until,
        data_held=bool(days.held),
        data_erased=days.data_erased,
        copies_days=config.backup_days,
        demo=festival.demo,
        registration_opens=opens,
        registration_closes=closes,
        standing=standing,
    )


def _contests(festival: Festival) -> tuple[tuple[ContestPage, ...], tuple[PrizeGroup, ...], datetime | None]:
    rows = contests(festival.id)
    # The results room alone decides what is out: an unpublished secret contest is not in its list at all.
    out = {each.code: each for each in published_results(festival.id)}
    goes_on = announced(rows)
    pages = tuple(_contest_page(row, out.get(row.code), rows, goes_on.get(row.id)) for row in rows)
    whole = read_whole(festival.id, ContestState.PUBLISHED)
    return pages, _groups(whole), amended_at(whole)


def _contest_page(
    row: Contest, out: PublishedContest | None, every: list[Contest], goes_on: GoesOn | None
) -> ContestPage:
    prizes, lines = (out.prizes, out.lines) if out else ((), ())
    return ContestPage(
        code=row.code,
        name=row.name,
        part=row.part_name,
        kind=row.result_kind.value,
        duration_min=row.duration_min,
        together_min=row.together_min,
        at_once=row.secrecy is Secrecy.AT_ONCE,
        published=row.state is ContestState.PUBLISHED,
        criteria=tuple((criterion.name, criterion.max_milli) for criterion in row.criteria),
        prizes=_groups(prizes),
        measured=tuple(
            Measured(
                each.place,
                each.shared,
                each.name,
                each.delegation,
                f"{each.value} {row.unit_label}".strip() if each.value else "",
                each.remark,
                each.corrected.at if each.corrected else None,
                each.corrected.before if each.corrected else None,
            )
            for each in lines
        ),
        amended_at=out.amended_at if out else None,
        moved=out.moved if out else (),
        ground=out.ground if out else None,
        explained=out.explained if out else False,
        taken_back_at=row.taken_back_at,
        summed=tuple(each.name for each in every if each.code in {of["contest"] for of in row.sum_of or ()}),
        goes_on=goes_on,
    )


def _groups(lists: tuple[PrizeList, ...]) -> tuple[PrizeGroup, ...]:
    return tuple(
        PrizeGroup(each.prize, each.special, tuple(Winner(won.name, won.delegation) for won in each.winners))
        for each in lists
    )
