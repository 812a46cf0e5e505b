"""What is still under way on paper in a contest: for the lock, and for the map of who has marked whom?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from festival.contests.models import Contest, ContestState, Judge, ResultKind
from festival.core.database import db
from festival.core.statements import table
from festival.core.transaction import once
from festival.judging.contest_access import ContestAccess
from festival.judging.paper.models import PaperSeat, SlipDecision, SlipTyping, TypingState
from festival.judging.paper.slips import WAITS


@dataclass(frozen=True, slots=True)
class PaperNow:
    """Who marks on paper only, and by (judge, entry) what waits: `held` for a second person, `differs` for a decision."""

    seats: frozenset[int]
    waiting: dict[tuple[int, int], TypingState]


def paper_now(contest: Contest) -> PaperNow:
    """Read once in a transaction, by one statement."""
    if contest.result_kind is not ResultKind.RUBRIC:
        return PaperNow(frozenset(), {})
    return once(("paper", contest.id), lambda: _read(contest.id))


def _read(contest_id: int) -> PaperNow:
    seat, typed, judge = table(PaperSeat), table(SlipTyping), table(Judge)
    own = judge.c.contest_id == contest_id
    rows = db.session.execute(
        union_all(
            select(seat.c.judge_id, literal(0).label("entry_id"), literal("").label("state"))
            .join(judge, judge.c.id == seat.c.judge_id)
            .where(own),
            select(typed.c.judge_id, typed.c.entry_id, typed.c.state)
            .join(judge, judge.c.id == typed.c.judge_id)
            .where(own, typed.c.state.in_(WAITS)),
        )
    ).all()
    return PaperNow(
        frozenset(row.judge_id for row in rows if not row.entry_id),
        {(row.judge_id, row.entry_id): TypingState(row.state) for row in rows if row.entry_id},
    )


def slips_elsewhere(festival_id: int, mine: Sequence[ContestAccess]) -> list[Contest]:
    """The contests where a secretary who has no seat may be the second person: judges on paper, or a typing that waits."""
    judges = select(PaperSeat.judge_id).union(select(SlipTyping.judge_id).where(SlipTyping.state.in_(WAITS)))
    wanted = select(Contest).where(
        Contest.festival_id == festival_id,
        Contest.state.in_((ContestState.OPEN, ContestState.LOCKED)),
        Contest.id.in_(select(Judge.contest_id).where(Judge.id.in_(judges))),
        Contest.id.not_in([each.contest.id for each in mine]),
    )
    return list(db.session.scalars(wanted.order_by(Contest.id)))


def decided_slips(judge_ids: Iterable[int]) -> frozenset[tuple[int, int]]:
    """The slips, as (judge, entry), of which a third person said what they say."""
    wanted = select(SlipDecision.judge_id, SlipDecision.entry_id).where(
        SlipDecision.judge_id.in_(list(judge_ids)), SlipDecision.standing
    )
    return frozenset((row.judge_id, row.entry_id) for row in db.session.execute(wanted))
