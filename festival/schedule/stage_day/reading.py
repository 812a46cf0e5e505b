"""How does a stage stand just now: who is on, who follows, who is absent, what is over, when will each begin?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import select

from festival.checkin.merge import day_window
from festival.contests.models import ResultKind
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.core.web.i18n import clock
from festival.roster.models import EntryState
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.published.following import Followed, followed
from festival.schedule.stage_day.expected import PENDING, DayAct, order_of_day, told_later
from festival.schedule.stage_day.models import TurnChange

FOLLOWING = 2


@dataclass(frozen=True, slots=True)
class StageDay:
    """One day of a stage. `now`: who is on, else who comes next (a match: two); `expected`: by act, where it is late."""

    follows: Followed
    days: tuple[date, ...]
    day: date | None
    now: tuple[Act, ...]
    then: tuple[Act, ...]
    rest: tuple[Act, ...]
    absent: tuple[Act, ...]
    over: tuple[Act, ...]  # the last one first; who withdrew stands at the end
    expected: dict[int, datetime]
    changes: tuple[TurnChange, ...]  # of the order, the last one first

    @property
    def acts(self) -> list[Act]:
        """All of them."""
        return [*self.now, *self.then, *self.rest, *self.absent, *self.over]

    @property
    def mark(self) -> str:
        """Another one as soon as anything of the day has changed; expected times are told beside it."""
        said = [(act.id, act.state.value, act.entry.state.value, act.turn, act.starts_at) for act in self.acts]
        return sha256(repr(said).encode()).hexdigest()[:16]


def day_act(act: Act) -> DayAct:
    """An act as the rules of the day see it."""
    return DayAct(
        key=str(act.id),
        session=act.session_id,
        starts_at=act.starts_at,
        duration_min=act.duration_min,
        changeover_min=act.session.contest.changeover_min,
        state=act.state.value,
        began_at=act.began_at,
        ended_at=act.ended_at,
        turn=act.turn,
    )


def festival_day(moment: datetime) -> date:
    """An evening belongs to its day until three in the morning."""
    return date.fromisoformat(day_window(moment))


def stage_day(stage: Stage, at: datetime, wished: int = 0) -> StageDay:
    """The day that is on, else the next one, else the last; `wished`: another one, written 20240614."""
    follows = followed(stage.festival_id, stage)
    sessions = follows.sessions
    days = sorted({festival_day(act.starts_at) for session in sessions for act in session.acts})
    today = festival_day(at)
    chosen = next((day for day in days if f"{day:%Y%m%d}" == str(wished)), None)
    on_now = [festival_day(act.starts_at) for row in sessions for act in row.acts if act.state is ActState.ON_STAGE]
    past = next(iter([*on_now, *days[-1:]]), None)  # of a festival that is over, the day that was left open
    chosen = chosen or next((day for day in days if day >= today), past)
    every = [act for row in sessions for act in row.acts if festival_day(act.starts_at) == chosen]
    part = [act for act in every if act.entry.state is EntryState.ENROLLED]
    by_id = {str(act.id): act for act in part}
    plain = [day_act(act) for act in part]
    ordered = [by_id[each.key] for each in order_of_day(plain)]
    coming = [act for act in ordered if act.state.value in PENDING]
    on = [act for act in ordered if act.state is ActState.ON_STAGE]
    first = on or [act for act in coming if _with(act, coming[0])]
    heats = {act.id: (act.session_id, act.starts_at) for act in coming if act.id in follows.lanes}
    following = [act for act in coming if act not in first]
    next_ones = _so_many(following, heats)
    over = [act for act in ordered if act.state is ActState.DONE]
    over.sort(key=lambda act: act.ended_at or act.starts_at, reverse=True)
    return StageDay(
        follows,
        tuple(days),
        chosen,
        tuple(first),
        tuple(following[:next_ones]),
        tuple(following[next_ones:]),
        tuple(act for act in ordered if act.state is ActState.ABSENT),
        (*over, *(act for act in every if act.entry.state is not EntryState.ENROLLED)),
        {int(key): begins for key, begins in told_later(plain, at).items()} if chosen == today else {},
        tuple(changes_of([row.id for row in sessions if any(act in every for act in row.acts)])),
    )


def _with(act: Act, first: Act) -> bool:
    """Two that meet in a match share the stage, and those of a heat."""
    if act is first:
        return True
    contest = first.session.contest
    shared = contest.result_kind is ResultKind.MATCH or contest.lanes > 1
    return shared and (act.session_id, act.starts_at) == (first.session_id, first.starts_at)


def _so_many(following: Sequence[Act], heats: Mapping[int, tuple[int, datetime]]) -> int:
    """How many of them come in the next turns; a heat is one."""
    turns = list(dict.fromkeys(heats.get(act.id, (act.id,)) for act in following))[:FOLLOWING]
    return sum(heats.get(act.id, (act.id,)) in turns for act in following)


def changes_of(session_ids: Iterable[int]) -> Sequence[TurnChange]:
    """The changes of the order that stand, the last one first."""
    wanted = select(TurnChange).where(TurnChange.session_id.in_(list(session_ids)), TurnChange.undone_at.is_(None))
    return db.session.scalars(wanted.order_by(TurnChange.id.desc())).all()


def session_in_order(act: Act) -> list[Act]:
    """The acts of its session as they come, those that take part: of the version that holds, as stage and public follow it.

    Conflict where the draft has put it elsewhere since, and nobody has published that.
    """
    stage = act.session.stage
    rows = followed(stage.festival_id, stage).sessions
    row = next((row for row in rows if any(each.id == act.id for each in row.acts)), None)
    if row is None or db.session.get(Session, row.id) is None:
        raise Conflict(
            _("Lịch đang xếp đã dời lượt này đi mà chưa công bố. Công bố phiên bản mới, hoặc dời nó về, rồi đổi lượt.")
        )
    by_id = {str(each.id): each for each in row.acts if each.entry.state is EntryState.ENROLLED}
    return [by_id[each.key] for each in order_of_day([day_act(each) for each in by_id.values()])]


def expected_on(stage: Stage, at: datetime) -> dict[int, str]:
    """By act the expected start where it is late, as it is written."""
    return written_starts(stage_day(stage, at).expected)


def written_starts(expected: dict[int, datetime]) -> dict[int, str]:
    """As they stand beside the published times."""
    return {act: clock(begins) for act, begins in expected.items()}
