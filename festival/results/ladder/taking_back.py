"""How is a result taken back that was published too early, or is found wrong?

Chair and secretary of the contest do it together, with a reason. What is merely too early goes from the public page, and the MC
goes on reading; what is wrong or in doubt the MC does not read any more either, until it is released again. Whatever stands on
it goes with it: a sum, a final that tells the points it carries, the result of the delegations. It is published again by the
ordinary steps, as it was or amended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict
from festival.judging.contest_rules import judging_stream
from festival.results.ladder.standing_on import out_on_it
from festival.results.ladder.states import reached, results_stream
from festival.results.ladder.steps import stated_reason
from festival.results.ladder.two_seats import not_in_their_seats
from festival.results.ladder.unlock import WrongPair
from festival.results.models import ResultTakenBack, StateChange, TakeBackReason
from festival.results.proof.results import take_back_lines

PUBLISHED, RELEASED = ContestState.PUBLISHED, ContestState.RELEASED


@dataclass(frozen=True, slots=True)
class TakenBackResult:
    """The result is taken back; names of the contests that went with it."""

    along: tuple[str, ...]


def take_back(
    contest_id: int, chair_id: int | None, secretary_id: int | None, code: str, reason: str
) -> TakenBackResult | WrongPair:
    """The credentials of both people were checked before, outside of the transaction.

    Without people (the command line's `--override`) the reason alone goes into the ledger.
    """
    contest = held_contest(contest_id)
    if code not in set(TakeBackReason):
        raise BadInput(_("Chọn vì sao thu lại."))
    why, reason = TakeBackReason(code), stated_reason(reason)
    if refused := not_to_take_back(contest, why):
        raise Conflict(refused)
    if chair_id is not None and secretary_id is not None:
        said = _("Thu lại kết quả cần hai người khác nhau.") if chair_id == secretary_id else ""
        if said := said or not_in_their_seats([contest], chair_id, secretary_id):
            return WrongPair(said)
    along = out_on_it(contest, the_mc_too=why is TakeBackReason.WRONG)
    public = [each.code for each in (contest, *along) if each.state is PUBLISHED]
    at = now()
    for each in (contest, *along):
        # a final goes from the public page only: what the MC reads of it does not tell the points it carries
        own = why if each is contest or each.sum_of else TakeBackReason.EARLY
        _lower(each, ResultTakenBack(code=own, reason=reason, at=at, by_user=chair_id, with_user=secretary_id))
    if public:
        take_back_lines(contest.festival, public, chair_id)
    return TakenBackResult(tuple(each.name for each in along))


def not_to_take_back(contest: Contest, why: TakeBackReason) -> str:
    """What to say where there is nothing to take back; "" where there is."""
    if contest.state is PUBLISHED or (contest.state is RELEASED and why is TakeBackReason.WRONG):
        return ""
    if reached(contest, RELEASED):
        return str(_("Kết quả này không còn ở trang công khai. Nếu kết quả sai, chọn lý do ấy: MC cũng không đọc nữa."))
    return str(_("Kết quả này chưa công bố và MC chưa được đọc: không có gì để thu lại."))


def _lower(contest: Contest, row: ResultTakenBack) -> None:
    """Down to where the reason says; the steps that are taken back go into its row and out of the ladder."""
    down_to = RELEASED if row.code is TakeBackReason.EARLY else ContestState.DECIDED
    gone = (PUBLISHED,) if down_to is RELEASED else (RELEASED, PUBLISHED)
    own = select(StateChange).where(StateChange.contest_id == contest.id, StateChange.state.in_(gone))
    for step in db.session.scalars(own).all():
        if step.state is PUBLISHED:
            row.published_at, row.published_by, row.published_note = step.at, step.by_user, step.note
            contest.taken_back_at = row.at
        else:
            row.released_at, row.released_by, row.released_with = step.at, step.by_user, step.with_user
            row.released_note = step.note
        db.session.delete(step)
    contest.state, row.contest_id = down_to, contest.id
    db.session.add(row)
    db.session.flush()
    head = ledger.head(judging_stream(contest))
    ledger.append(
        results_stream(contest),
        "contest.taken_back",
        {
            "contest": contest.code,
            "contest_id": contest.id,
            "judging_size": head.size,
            "judging_head": head.hash,
            "down_to": down_to.value,
            "public": row.published_at is not None,
        },
        taken_back_columns(row),
    )


def taken_back_columns(row: ResultTakenBack) -> dict[str, object]:
    """All that its row holds, as the ledger says it."""
    return {
        "code": row.code.value,
        "reason": row.reason,
        "at": moment_text(row.at),
        "by_user": row.by_user,
        "with_user": row.with_user,
        "published_at": moment_text(row.published_at),
        "published_by": row.published_by,
        "published_note": row.published_note or "",
        "released_at": moment_text(row.released_at),
        "released_by": row.released_by,
        "released_with": row.released_with,
        "released_note": row.released_note or "",
    }


def moment_text(at: datetime | None) -> str | None:
    """A moment as the ledger writes it."""
    return None if at is None else at.isoformat()


def taken_back_of(contest_id: int) -> list[ResultTakenBack]:
    """The times a result was taken back, the first first."""
    own = select(ResultTakenBack).where(ResultTakenBack.contest_id == contest_id)
    return list(db.session.scalars(own.order_by(ResultTakenBack.id)))


def out_of_reading(contest: Contest) -> ResultTakenBack | None:
    """Since when the MC does not read it any more, though it was released before; None where it never was, or is again."""
    if contest.state is not ContestState.DECIDED:
        return None
    found = taken_back_of(contest.id)
    return found[-1] if found else None
