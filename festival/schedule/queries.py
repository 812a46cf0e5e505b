"""What do the pages, the planner and the other rooms read of draws, sessions and acts?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from festival.contests.models import Contest, Judge
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import once
from festival.editions.models import Festival
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Person
from festival.schedule import conflicts as rules
from festival.schedule.grouping import brackets_of, group_act, together
from festival.schedule.heats.apart import apart
from festival.schedule.heats.reading import gone_from, lanes_by_entry, lanes_in, stands_of
from festival.schedule.heats.rule import Lane, placed_lane
from festival.schedule.later.planned import later_rounds_of, placed_matches
from festival.schedule.later.possible import MayMeet, possible_clashes
from festival.schedule.later.reading import ToldMatch
from festival.schedule.later.shown import in_programme_order, matches_in_snapshot
from festival.schedule.models import Act, ActState, Draw, Plan, Session, Stage
from festival.schedule.rules.foreseen import unplaced
from festival.schedule.rules.wished import NO_WISHES, Wishes
from festival.schedule.timetable import sessions_alone
from festival.schedule.wishes.given import minutes_of, standing, wishes_of

GAP_MIN = 15
OVER = (ActState.DONE, ActState.ABSENT)


def stages(festival_id: int) -> list[Stage]:
    """All stages in their order."""
    return list(
        db.session.scalars(select(Stage).where(Stage.festival_id == festival_id).order_by(Stage.position, Stage.id))
    )


def sessions(festival_id: int) -> list[Session]:
    """All sessions with stage, contest and acts, in the order of the days."""
    return list(
        db.session.scalars(
            select(Session)
            .join(Session.stage)
            .where(Stage.festival_id == festival_id)
            .options(
                joinedload(Session.stage),
                joinedload(Session.contest),
                selectinload(Session.acts)
                .joinedload(Act.entry)
                .joinedload(Entry.delegation)
                .joinedload(Delegation.unit),
            )
            .order_by(Session.starts_at, Stage.position, Session.id)
        ).unique()
    )


def enrolled(contest_id: int) -> list[Entry]:
    """The entries that take part in a contest, by drawn number, then by delegation."""
    return list(
        db.session.scalars(
            select(Entry)
            .join(Entry.delegation)
            .where(Entry.contest_id == contest_id, Entry.state == EntryState.ENROLLED)
            .options(joinedload(Entry.delegation).joinedload(Delegation.unit))
            .order_by(Entry.number.is_(None), Entry.number, Delegation.position, Entry.id)
        )
    )


def draws(festival_id: int) -> dict[int, Draw]:
    """The draw of each contest that has one."""
    wanted = select(Draw).join(Contest).where(Contest.festival_id == festival_id, Draw.voided_at.is_(None))
    return {draw.contest_id: draw for draw in db.session.scalars(wanted)}


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A contest, how many take part, its draw, and how many were approved after it and have no number yet."""

    contest: Contest
    entries: int
    draw: Draw | None
    late: int = 0


def draw_rows(festival_id: int) -> list[DrawRow]:
    """Every contest that has an order, with the state of its draw; one statement."""
    taking_part = (
        select(Entry.contest_id, func.count(Entry.id).label("entries"), func.count(Entry.number).label("numbered"))
        .where(Entry.state == EntryState.ENROLLED)
        .group_by(Entry.contest_id)
        .subquery()
    )
    entries, numbered = (func.coalesce(column, 0) for column in (taking_part.c.entries, taking_part.c.numbered))
    found = db.session.execute(
        select(Contest, Draw, entries, entries - numbered)
        .outerjoin(Draw, (Draw.contest_id == Contest.id) & Draw.voided_at.is_(None))
        .outerjoin(taking_part, taking_part.c.contest_id == Contest.id)
        .where(Contest.festival_id == festival_id)
        .order_by(Contest.position)
    )
    return [DrawRow(row, count, draw, late if draw else 0) for row, draw, count, late in found if row.has_order]


def anybody_placed(festival_id: int) -> bool:
    """Whether an entry that takes part has its time in the draft."""
    placed = select(Act.id).join(Entry).join(Contest)
    own = placed.where(Contest.festival_id == festival_id, Entry.state == EntryState.ENROLLED)
    return db.session.scalar(own.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Material:
    """What the pure planner works with. `entries_of`: pure act code -> the entries it stands for (a match has two, a heat several).

    `lanes`: by entry, of contests that run by lanes; `gone`: who withdrew from a heat -> the act that keeps the lane empty.
    """

    acts: tuple[rules.PlannedAct, ...]
    sessions: tuple[rules.PlannedSession, ...]
    entries_of: Mapping[str, tuple[int, ...]]
    wishes: Wishes = NO_WISHES
    may: Mapping[str, MayMeet] = field(default_factory=dict)  # by match of a later round: who can come to it
    lanes: Mapping[int, Lane] = field(default_factory=dict)
    gone: Mapping[int, str] = field(default_factory=dict)
    told: tuple[ToldMatch, ...] = ()  # all matches of later rounds of these contests


def material(festival_id: int, known: Sequence[Session] | None = None) -> Material:
    """Everything enrolled in contests that have sessions, as plain values in Vietnamese time; `known`: sessions read already."""
    rows = sessions_alone(festival_id) if known is None else known
    judges = judges_of(festival_id)
    pure_sessions = tuple(_session(row, judges) for row in rows)
    wanted = {row.contest_id: row.contest for row in rows}
    entries, who = _taking_part(list(wanted))
    wished = standing(festival_id)
    own_minutes = minutes_of(wished)
    acts: list[rules.PlannedAct] = []
    entries_of: dict[str, tuple[int, ...]] = {}
    brackets = brackets_of(wanted.values())
    by_contest: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_contest[entry.contest_id].append(entry)
    heats = lanes_by_entry(wanted.values())
    for contest_id, several in by_contest.items():
        lanes = heats.get(contest_id, {})
        for group in together(wanted[contest_id], several, brackets.get(contest_id), lanes):
            act = group_act(wanted[contest_id], group, who, own_minutes, lanes.get(group[0].id))
            acts.append(act)
            entries_of[act.code] = tuple(entry.id for entry in group)
    act_of: dict[int | None, str] = {entry_id: code for code, ids in entries_of.items() for entry_id in ids}
    wishes = wishes_of(festival_id, wished, act_of)
    later = later_rounds_of(festival_id, wanted, entries_of, acts, who)
    entries_of |= later.entries_of
    return Material(
        (*acts, *later.acts),
        pure_sessions,
        entries_of,
        later.kept_by(wishes),
        later.may,
        {entry_id: at for lanes in heats.values() for entry_id, at in lanes.items()},
        {entry_id: code for lanes in heats.values() for entry_id, code in gone_from(lanes, act_of)},
        later.told,
    )


def _taking_part(contest_ids: Sequence[int]) -> tuple[list[Entry], Mapping[int, MayMeet]]:
    """The entries enrolled in these contests by their numbers, and by entry its families and its people; one statement."""
    families: dict[int, set[int]] = defaultdict(set)
    persons: dict[int, set[int]] = defaultdict(set)
    found: dict[int, Entry] = {}
    for row in db.session.execute(
        select(Entry, Person.id.label("person_id"), Person.family_id.label("member_of"))
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .outerjoin(Person, Person.id == EntryPerson.person_id)
        .where(Entry.contest_id.in_(contest_ids), Entry.state == EntryState.ENROLLED)
        .order_by(Entry.contest_id, Entry.number.is_(None), Entry.number, Entry.id)
    ):
        entry = found[row.Entry.id] = row.Entry
        families[entry.id] |= {entry.family_id, row.member_of} - {None}
        persons[entry.id] |= {row.person_id} - {None}
    return list(found.values()), {each: MayMeet(frozenset(families[each]), frozenset(persons[each])) for each in found}


def judges_of(festival_id: int) -> Mapping[int, frozenset[int]]:
    """Contest id -> the accounts that mark there; read once in a transaction."""
    return once(("judges of the timetable", festival_id), lambda: _judges(festival_id))


def _judges(festival_id: int) -> Mapping[int, frozenset[int]]:
    seats: dict[int, set[int]] = defaultdict(set)
    for row in db.session.execute(
        select(Judge.contest_id, Judge.user_id)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(Contest.festival_id == festival_id, Judge.marks)
    ):
        seats[row.contest_id].add(row.user_id)
    return {contest_id: frozenset(users) for contest_id, users in seats.items()}


def session_title(session: Session) -> str:
    """«Gia đình tài năng, buổi sáng»."""
    return f"{session.contest.name}, {session.label}" if session.label else session.contest.name


def _session(row: Session, judges: Mapping[int, frozenset[int]]) -> rules.PlannedSession:
    return rules.PlannedSession(
        code=str(row.id),
        title=session_title(row),
        contest=row.contest.code,
        stage=row.stage.name,
        starts_at=local(row.starts_at),
        ends_at=local(row.ends_at),
        together_min=row.contest.together_min,
        judges=frozenset(judges.get(row.contest_id, ())),
        closed=row.stage.closed,
    )


def placed(festival_id: int, given: Material | None = None) -> list[rules.Placed]:
    """The present plan as values for the checker; `given` when the material has been read already."""
    given = material(festival_id) if given is None else given
    session_of = {session.code: session for session in given.sessions}
    act_of = {entry_id: act for act in given.acts for entry_id in given.entries_of[act.code]}
    result: dict[str, rules.Placed] = {}
    for row in db.session.execute(
        select(Act.entry_id, Act.session_id, Act.starts_at, Act.state)
        .where(Act.session_id.in_([int(code) for code in session_of]))
        .order_by(Act.session_id, Act.position)
    ):
        pure = act_of.get(row.entry_id)
        # an act of an entry that was withdrawn is no one's appointment any more; of two that stand apart the first counts
        if pure is not None:
            over, known = row.state in OVER, result.get(pure.code)
            if known is None:
                result[pure.code] = rules.Placed(pure, session_of[str(row.session_id)], local(row.starts_at), over)
            elif row.entry_id in given.lanes:  # a heat is over when everybody in it is
                result[pure.code] = replace(known, over=known.over and over)
    return [*result.values(), *placed_matches(given.acts, session_of, given.told)]


def plan_conflicts(festival_id: int, gap_min: int = GAP_MIN, given: Material | None = None) -> list[rules.PlanConflict]:
    """What is impossible in the present plan, and which enrolled entries have no place in it."""
    given = material(festival_id) if given is None else given
    now_placed = placed(festival_id, given)
    missing = unplaced(given.acts, given.sessions, given.wishes, now_placed)
    found = rules.check(now_placed, gap_min=gap_min, wishes=given.wishes)
    torn = apart(given.acts, given.entries_of, given.lanes, stands_of(given.lanes))
    return [
        *rules.capacity(given.acts, given.sessions),
        *found,
        *torn,
        *possible_clashes(now_placed, given.may),
        *missing,
    ]


def plan_versions(festival_id: int) -> list[Plan]:
    """All published versions, the latest first, without what stands in them."""
    return list(
        db.session.scalars(
            select(Plan)
            .where(Plan.festival_id == festival_id)
            .options(defer(Plan.content, raiseload=True))
            .order_by(Plan.version.desc())
        )
    )


def plan_and_before(festival_id: int, version: int) -> tuple[Plan | None, Plan | None]:
    """That version and the one it replaced."""
    found = {
        plan.version: plan
        for plan in db.session.scalars(
            select(Plan).where(Plan.festival_id == festival_id, Plan.version.in_([version, version - 1]))
        )
    }
    return found.get(version), found.get(version - 1)


def published_plan(festival_id: int) -> Plan | None:
    """The version that holds."""
    latest = select(Plan).where(Plan.festival_id == festival_id).order_by(Plan.version.desc()).limit(1)
    return db.session.scalars(latest).first()


def published_version(festival_id: int) -> int | None:
    """The number of the version that holds."""
    return db.session.scalar(select(func.max(Plan.version)).where(Plan.festival_id == festival_id))


def snapshot(festival: Festival) -> dict[str, Any]:
    """The programme as it stands now, in the form that is published.

    {"festival", "sessions": [{"session", "label", "contest", "contest_name", "together_min", "stage", "stage_name",
    "starts_at", "ends_at"}], "acts": [{"act", "entry", "number", "name", "title", "unit", "contest", "contest_name",
    "stage", "stage_name", "session", "session_label", "position", "starts_at", "duration_min"}]}; by lanes also "heat", "lane"; acts in order of time,
    times ISO with +07:00, names of families and teams only.
    """
    rows = sessions(festival.id)
    lanes = lanes_in(row.contest for row in rows)
    acts = [
        {
            "act": act.id,
            "entry": act.entry.code,
            "number": act.entry.number,
            "name": act.entry.name,
            "title": act.entry.title,
            "unit": act.entry.delegation.unit.full_name,
            "contest": row.contest.code,
            "contest_name": row.contest.name,
            "stage": row.stage.code,
            "stage_name": row.stage.name,
            "session": row.id,
            "session_label": row.label,
            "position": act.position,
            "starts_at": local(act.starts_at).isoformat(),
            "duration_min": act.duration_min,
            **placed_lane(lanes.get(act.entry_id)),
        }
        for row in rows
        for act in row.acts
        if act.entry.state is EntryState.ENROLLED
    ]
    return {
        "festival": festival.code,
        "sessions": [
            {
                "session": row.id,
                "label": row.label,
                "contest": row.contest.code,
                "contest_name": row.contest.name,
                "together_min": row.contest.together_min,
                "stage": row.stage.code,
                "stage_name": row.stage.name,
                "starts_at": local(row.starts_at).isoformat(),
                "ends_at": local(row.ends_at).isoformat(),
            }
            for row in rows
        ],
        "acts": in_programme_order([*acts, *matches_in_snapshot(rows)]),
    }


def stage_acts(stage_id: int) -> list[Session]:
    """The sessions of one stage with their acts, for the stage manager."""
    return list(
        db.session.scalars(
            select(Session)
            .where(Session.stage_id == stage_id)
            .options(
                joinedload(Session.contest),
                selectinload(Session.acts)
                .joinedload(Act.entry)
                .joinedload(Entry.delegation)
                .joinedload(Delegation.unit),
            )
            .order_by(Session.starts_at, Session.id)
        ).unique()
    )
