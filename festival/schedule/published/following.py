"""What does a stage follow: the sessions and acts of the version that holds, each with the state the day has given it?

States are kept by the act of the draft; hour, order, session and stage come from the version, else from the draft while
nothing is published. The rows answered are copies outside the transaction: nothing that is set on one of them is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from festival.contests.models import Contest
from festival.contests.queries import contests
from festival.core.database import db
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule import queries
from festival.schedule.heats.reading import lanes_in
from festival.schedule.heats.rule import Lane
from festival.schedule.models import Act, Session, Stage
from festival.schedule.published.matches import in_time, published_matches, with_matches
from festival.schedule.published.standing import PublishedPlace, PublishedSession, standing


@dataclass(frozen=True, slots=True)
class Followed:
    """`version` None: nothing is published yet. `lacking`: in the version, but without a place in the draft, so not to be called.
    `lanes`: by act, of contests that run by lanes.
    """

    version: int | None
    sessions: list[Session]
    lacking: tuple[str, ...] = ()
    lanes: Mapping[int, Lane] = field(default_factory=dict)


def followed(
    festival_id: int, stage: Stage | None = None, *, between: tuple[datetime, datetime] | None = None
) -> Followed:
    """Of one stage, or of all. `between`: of what is published only the acts whose people are needed from then are read."""
    plan = standing(festival_id)
    if plan is None:
        drawn_up = queries.stage_acts(stage.id) if stage else queries.sessions(festival_id)
        by_entry = lanes_in(row.contest for row in drawn_up)
        acts_of = (act for row in drawn_up for act in row.acts)
        lanes = {act.id: by_entry[act.entry_id] for act in acts_of if act.entry_id in by_entry}
        return Followed(None, with_matches(drawn_up), lanes=lanes)
    mine = {each.number: each for each in plan.sessions if stage is None or each.stage == stage.code}
    places = {
        code: place
        for code, place in plan.places.items()
        if place.session.number in mine and (between is None or between[0] <= place.bound_from <= between[1])
    }
    acts: dict[int, list[Act]] = defaultdict(list)
    of_code: dict[str, Contest] = {}
    lacking, lanes = [], {}
    for entry, act in _with_acts(festival_id, list(places)):
        of_code[entry.contest.code] = entry.contest
        if act is not None:
            acts[places[entry.code].session.number].append(_copy(act, entry, places[entry.code]))
            if (at := places[entry.code].at) is not None:
                lanes[act.id] = at
        elif entry.state is EntryState.ENROLLED:
            lacking.append(entry.name)
    for number, matches in published_matches(festival_id, places).items():
        acts[number] += matches
        of_code |= {each.entry.contest.code: each.entry.contest for each in matches}
    if between is None:
        of_code |= {each.code: each for each in contests(festival_id)}  # also those of sessions without an act
    stages = {stage.code: stage} if stage else {each.code: each for each in queries.stages(festival_id)}
    sessions = [
        _session(each, stages.get(each.stage), of_code[each.contest], acts[number])
        for number, each in mine.items()
        if each.contest in of_code and (between is None or acts[number])
    ]
    return Followed(plan.version, sessions, tuple(sorted(lacking)), lanes)


def gone_stages(festival_id: int) -> list[Stage]:
    """Stages of the version that holds which were taken out of the draft since: they have their acts until the next one.

    Values outside the transaction, without a number of their own.
    """
    plan = standing(festival_id)
    here = {each.code for each in queries.stages(festival_id)} if plan is not None else set()
    gone = {each.stage: each.stage_name for each in (plan.sessions if plan else ()) if each.stage not in here}
    return [Stage(festival_id=festival_id, code=code, name=name) for code, name in gone.items()]


def _with_acts(festival_id: int, codes: Sequence[str]) -> list[tuple[Entry, Act | None]]:
    """The entries of a version, each with what the day says of it."""
    found = db.session.execute(
        select(Entry, Act)
        .join(Entry.contest)
        .outerjoin(Act, Act.entry_id == Entry.id)
        .where(Contest.festival_id == festival_id, Entry.code.in_(codes))
        .options(contains_eager(Entry.contest), joinedload(Entry.delegation).joinedload(Delegation.unit))
    )
    return [(row[0], row[1]) for row in found]


def _copy(act: Act, entry: Entry, place: PublishedPlace) -> Act:
    """What the day says of the act, at the place that is published."""
    copy = Act(**{name: getattr(act, name) for name in _OF_THE_DAY})
    copy.entry, copy.position = entry, place.position
    copy.starts_at, copy.duration_min = place.starts_at, place.duration_min
    return copy


_OF_THE_DAY = [column.key for column in Act.__mapper__.column_attrs if column.key != "session_id"]


def _session(said: PublishedSession, stage: Stage | None, contest: Contest, acts: list[Act]) -> Session:
    """`stage` None: it was taken out of the draft since; the version still has it."""
    copy = Session(
        id=said.number, label=said.label, starts_at=said.starts_at, ends_at=said.ends_at, contest_id=contest.id,
        contest=contest, stage=stage or Stage(code=said.stage, name=said.stage_name),
    )  # fmt: skip
    if stage is not None:
        copy.stage_id = stage.id
    copy.acts = in_time(acts)
    for act in copy.acts:
        act.session_id = said.number
    return copy
