"""The secretary calls a seat: which calls are there, which shows on a judge's own tablet, and was it seen?

A call asks for the sheet of one entry. It shows on the tablets of that judge and nowhere else until the judge says it was
seen or the sheet is there; it holds no mark and decides nothing, so it stands in no ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, update

from festival.contests.models import Contest, ContestState, Judge
from festival.core.clock import now
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict
from festival.devices.handlers import Applied, Duplicate, Incoming, Rejected, Verdict
from festival.judging.models import Plate, ScoreSheet, SeatCall
from festival.judging.tally import Tally
from festival.roster.models import Entry

KIND = "call.seen"


@dataclass(frozen=True, slots=True)
class CallLine:
    """The last call of a seat for an entry."""

    called_at: datetime
    seen_at: datetime | None


def call_seat(tally: Tally, letter: str, entry_code: str, called_by: int | None) -> str:
    """Ask this judge for the sheet of this entry; answers the judge's name. A call that nobody has seen yet is not repeated."""
    seat = next((each for each in tally.seats if each.letter == letter), None)
    appearance = next((each for each in tally.appearances if each.code == entry_code), None)
    if seat is None or appearance is None:
        raise BadInput(_("Chưa chọn giám khảo hoặc tiết mục của phiếu. Mở lại phiếu từ trang phần thi."))
    if tally.contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    if seat not in tally.expected(appearance) or (seat.id, appearance.id) in tally.sheets:
        raise Conflict(_("Không cần mời: phiếu này đã có, hoặc giám khảo không chấm tiết mục này."))
    row = {"judge_id": seat.id, "entry_id": appearance.id, "called_at": now(), "called_by": called_by}
    db.session.execute(insert_or_pass(SeatCall).values(**row).on_conflict_do_nothing())
    return seat.name


def open_calls(user_id: int, festival_id: int) -> list[dict[str, Any]]:
    """What this judge's tablets show: calls not seen, of sheets that are not there, in contests still open."""
    there = exists().where(ScoreSheet.judge_id == SeatCall.judge_id, ScoreSheet.entry_id == SeatCall.entry_id)
    rows = db.session.execute(
        select(SeatCall.id, Entry.code, func.coalesce(Plate.number, Entry.number).label("number"))
        .join(Judge, Judge.id == SeatCall.judge_id)
        .join(Contest, Contest.id == Judge.contest_id)
        .join(Entry, Entry.id == SeatCall.entry_id)
        .outerjoin(Plate, Plate.entry_id == Entry.id)
        .where(
            Judge.user_id == user_id,
            Judge.marks,  # who was replaced is asked for nothing any more
            Contest.festival_id == festival_id,
            Contest.state == ContestState.OPEN,
            SeatCall.seen_at.is_(None),
            ~there,
        )
        .order_by(SeatCall.id)
    )
    return [{"id": row.id, "entry": row.code, "number": row.number} for row in rows]


def apply_seen(incoming: Sequence[Incoming]) -> list[Verdict]:
    """A judge has seen calls: only the own ones; `subject` is "call/" and the number of the call."""
    return [_seen(each) for each in incoming]


def _seen(each: Incoming) -> Verdict:
    number = typed_number(each.subject.removeprefix("call/"))
    if number is None or each.user_id is None:
        return Rejected("malformed", {"field": "subject"})
    own = SeatCall.judge_id.in_(select(Judge.id).where(Judge.user_id == each.user_id))
    found = update(SeatCall).where(SeatCall.id == number, own, SeatCall.seen_at.is_(None)).values(seen_at=now())
    if db.session.execute(found.returning(SeatCall.id)).one_or_none() is not None:
        return Applied()
    there = db.session.scalar(select(SeatCall.id).where(SeatCall.id == number, own))
    return Rejected("unknown_call") if there is None else Duplicate()
