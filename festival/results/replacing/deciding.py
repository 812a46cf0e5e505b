"""Who may put a substitute into a seat of a panel, or take that back?

Chair and secretary together, as at the lock; where the seat is the chair's own, an organiser stands in. Who each is was
proved before, outside of the transaction. Without people (`--override`) the reason alone goes into the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import UserRole
from festival.accounts.roles import permissions_of
from festival.contests.actions import SeatRefused
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.web.access import Permission
from festival.core.web.errors import NotFound
from festival.judging.panel.replacing import SeatTaken, replace_judge, take_back
from festival.judging.paper.of_seat import strays, waiting_of
from festival.judging.tally import marking_judges_of
from festival.results.ladder import people
from festival.results.ladder.two_seats import not_in_their_seats


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """The two people may not decide this."""

    said: str


@dataclass(frozen=True, slots=True)
class SeatBack:
    """Who was replaced sits there again."""

    letter: str


def put_in(
    judge_id: int, user_id: int, reason: str, chair_id: int | None, secretary_id: int | None
) -> SeatTaken | NotTheirs:
    """The seat goes to somebody else, decided by these two."""
    contest, out = _seat(judge_id)
    if why := _not_theirs(contest, out.seat, chair_id, secretary_id):
        return NotTheirs(why)
    taken = replace_judge(judge_id, user_id, reason, chair_id, secretary_id)
    seats = marking_judges_of([contest.id])[contest.id]
    typed = waiting_of(next(seat.sat for seat in seats if seat.id == taken.judge_id))
    people.noted("replace", contest.code, chair_id, secretary_id, "" if chair_id else reason)
    return replace(taken, typed=typed)


def put_back(judge_id: int, reason: str, chair_id: int | None, secretary_id: int | None) -> SeatBack | NotTheirs:
    """The last replacement of a seat is taken back, decided by these two."""
    contest, out = _seat(judge_id)
    present = db.session.scalars(select(Judge.seat).where(Judge.contest_id == contest.id, Judge.marks)).all()
    of_chair = PanelSeat.CHAIR if PanelSeat.CHAIR in present else out.seat
    if why := _not_theirs(contest, of_chair, chair_id, secretary_id):
        return NotTheirs(why)
    letter = take_back(judge_id, reason, (chair_id, secretary_id))
    if strays(contest.id):
        raise SeatRefused(
            _(
                "Phiếu giấy của người thay đã được gõ một lần, nên chưa trả lại ghế được. Gõ nốt phiếu ấy hoặc bỏ lượt gõ ở trang"
                " «Phiếu giấy», rồi trả lại."
            )
        )
    people.noted("replace", contest.code, chair_id, secretary_id, "" if chair_id else reason)
    return SeatBack(letter)


def _seat(judge_id: int) -> tuple[Contest, Judge]:
    judge = db.session.get(Judge, judge_id)
    if judge is None:
        raise NotFound()
    return db.session.get_one(Contest, judge.contest_id), judge


def _not_theirs(contest: Contest, seat: PanelSeat, chair_id: int | None, secretary_id: int | None) -> str:
    """Why these two may not; "" when they may. An organiser stands in for a chair whose own seat it is."""
    if chair_id is None or secretary_id is None:
        return ""
    if chair_id == secretary_id:
        return str(_("Thay giám khảo cần hai người khác nhau."))
    stands_in = seat is PanelSeat.CHAIR and _organises(chair_id)
    return not_in_their_seats([contest], chair_id, secretary_id, stands_in=stands_in)


def _organises(user_id: int) -> bool:
    roles = frozenset(db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))
    return Permission.RELEASE in permissions_of(roles)
