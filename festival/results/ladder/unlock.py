"""How is a locked contest opened again before its minutes are signed?

A lock is no one-way door: a contest without anybody to sign, sheets that still come, a mark typed 31 for 13. Chair and
secretary open it together, with a coded reason in words; the lock that is taken back stays readable, in its own row and
in the ledger. Once the minutes are signed nothing is opened any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput
from festival.judging.contest_rules import judging_stream
from festival.judging.paper.border import end_checks
from festival.results.ladder.states import results_stream
from festival.results.ladder.steps import hold_contest, stated_reason
from festival.results.ladder.two_seats import not_in_their_seats
from festival.results.models import Standing, StateChange, Unlocking, UnlockReason


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The contest is open again."""


@dataclass(frozen=True, slots=True)
class WrongPair:
    """The two people are not the chair and the secretary of this contest."""

    said: str


def unlock(
    contest_id: int, chair_id: int | None, secretary_id: int | None, code: str, reason: str
) -> Unlocked | WrongPair:
    """Open a locked contest again. The credentials of both people were checked before, outside of the transaction.

    Without people (the command line's `--override`) the reason alone goes into the ledger.
    """
    said = _("Chỉ mở lại phần thi đã khóa điểm mà chưa ký biên bản.")
    contest = hold_contest(contest_id, ContestState.LOCKED, said)
    if code not in set(UnlockReason):
        raise BadInput(_("Chọn lý do mở lại."))
    reason = stated_reason(reason)
    if chair_id is not None and secretary_id is not None and (why := _not_these_two(chair_id, secretary_id, contest)):
        return WrongPair(why)
    step = db.session.scalars(
        select(StateChange).where(StateChange.contest_id == contest.id, StateChange.state == ContestState.LOCKED)
    ).one()
    end_checks(contest)
    opened = Unlocking(
        contest_id=contest.id,
        code=UnlockReason(code),
        reason=reason,
        at=now(),
        by_user=chair_id,
        with_user=secretary_id,
        locked_at=step.at,
        locked_by=step.by_user,
        locked_with=step.with_user,
        locked_note=step.note,
    )
    db.session.add(opened)
    db.session.delete(step)
    db.session.execute(delete(Standing).where(Standing.contest_id == contest.id))
    contest.state = ContestState.OPEN
    db.session.flush()
    head = ledger.head(judging_stream(contest))
    ledger.append(
        results_stream(contest),
        "contest.unlocked",
        {"contest": contest.code, "contest_id": contest.id, "judging_size": head.size, "judging_head": head.hash},
        {
            "by": chair_id,
            "with": secretary_id,
            "code": code,
            "reason": reason,
            "at": opened.at.isoformat(),
            "locked_at": opened.locked_at.isoformat(),
            "locked_by": opened.locked_by,
            "locked_with": opened.locked_with,
            "locked_note": opened.locked_note,
        },
    )
    return Unlocked()


def _not_these_two(chair_id: int, secretary_id: int, contest: Contest) -> str:
    """Why these two may not open it again; "" when they may."""
    if chair_id == secretary_id:
        return str(_("Mở lại phần thi cần hai người khác nhau."))
    return not_in_their_seats([contest], chair_id, secretary_id)


def unlockings_of(contest_id: int) -> list[Unlocking]:
    """The times a contest was opened again, the first first."""
    return list(db.session.scalars(select(Unlocking).where(Unlocking.contest_id == contest_id).order_by(Unlocking.id)))
