"""A judge has forgotten the PIN: what does the secretary do, with the judge present, and what stays?

A new sealed card, good once; the PIN is forgotten, and every tablet of the judge waits until the card opens it. What the tablets
hold and what was sent stays: sheets that wait are taken once the tablet is open again. Two people stand for it, the secretary
and a witness (the judge by the account's password, the chair, an organiser), so that nobody opens a judge's tablet alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.accounts import pins
from festival.accounts.models import User
from festival.accounts.queries import user_by_id
from festival.accounts.roles import permissions_of
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core import ledger, security_log
from festival.core.database import db
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission
from festival.core.web.errors import BadInput, Conflict
from festival.devices.activation import sealed_cards
from festival.devices.activation.sealed_cards import CardMade
from festival.devices.handlers import DeviceRole
from festival.devices.models import Activation, Device
from festival.judging.contest_rules import judging_stream

REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class PinReset:
    """The card to hand over, and how many tablets wait for it."""

    card: CardMade
    tablets: int


def why_no_witness(contest: Contest, judge_user: int, secretary: int | None, witness: int) -> str:
    """Why this account cannot stand beside the secretary; "" when it can."""
    if witness == secretary:
        return str(_("Người chứng kiến phải là người khác, không phải thư ký đang làm."))
    if witness == judge_user or Permission.RELEASE in permissions_of(
        frozenset(held.role for held in user_by_id(witness).roles)
    ):
        return ""
    chair = select(Judge.id).where(
        Judge.contest_id == contest.id, Judge.user_id == witness, Judge.seat == PanelSeat.CHAIR
    )
    if db.session.scalar(chair) is not None:
        return ""
    return str(_("Người chứng kiến là chính giám khảo ấy, trưởng ban giám khảo hoặc Ban Tổ chức."))


def reset_pin(contest: Contest, judge_user: int, reason: str, secretary: int | None, witness: int) -> PinReset:
    """In the open transaction."""
    why = " ".join(reason.split())[:REASON_LENGTH]
    if not why:
        raise BadInput(_("Ghi lý do đặt lại mã PIN."))
    if refused := why_no_witness(contest, judge_user, secretary, witness):
        raise Conflict(refused)
    own = select(Device.id).where(
        Device.user_id == judge_user, Device.role == DeviceRole.JUDGE, Device.revoked_at.is_(None)
    )
    closed = db.session.execute(
        update(Activation)
        .where(Activation.device_id.in_(own), Activation.activated_at.is_not(None))
        .values(activated_at=None, misses=0, missed_at=None)
        .returning(Activation.device_id)
    ).all()
    try:
        (card,) = sealed_cards.issue_cards([judge_user], secretary)
    except Conflict:  # the secretary let in a tablet that waits for this judge: the card is the witness's
        (card,) = sealed_cards.issue_cards([judge_user], witness)
    pins.forget_pin(judge_user)
    said = {"account": judge_user, "reset_by": secretary, "witness": witness, "reason": why}
    security_log.note(SecurityKind.PIN_SET, said, user_id=secretary)
    seats = select(Contest, Judge.id).join(Judge, Judge.contest_id == Contest.id)
    for each, judge_id in db.session.execute(
        seats.where(
            Judge.user_id == judge_user,
            Judge.marks,
            Contest.festival_id == contest.festival_id,
            Contest.state == ContestState.OPEN,
        ).order_by(Contest.position)
    ).all():
        ledger.append(
            judging_stream(each),
            "tablet.pin_reset",
            {"judge": judge_id},
            {"reason": why, "by": secretary, "witness": witness, "tablets": len(closed)},
        )
    return PinReset(card, len(closed))


def judge_of(contest_id: int, letter: str) -> tuple[int, str] | None:
    """The account and the name of who sits there."""
    row = db.session.execute(
        select(User.id, User.name)
        .join(Judge, Judge.user_id == User.id)
        .where(Judge.contest_id == contest_id, Judge.letter == letter, Judge.marks)
    ).one_or_none()
    return None if row is None else (row.id, row.name)
