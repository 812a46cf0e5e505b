"""Who sits under which letter, as it is changed before the first mark: two people change places."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.actions import SeatRefused, open_to_change, record_seat
from festival.contests.models import Judge, PanelSeat
from festival.core.database import db
from festival.core.web.errors import BadInput, NotFound


def reseat(judge_id: int, in_seat: PanelSeat, letter: str) -> None:
    """Another letter or duty for somebody who marks, before the first mark; who had it gets what the person had.

    SeatRefused once there is a mark: sheets and papers carry the letter.
    """
    moved = db.session.get(Judge, judge_id)
    if moved is None:
        raise NotFound()
    contest = open_to_change(moved.contest_id)
    if contest.rules_fixed_at is not None:
        raise SeatRefused(_("Phần thi đã có điểm: phiếu mang chữ của giám khảo nên không đổi ghế được nữa."))
    if not moved.marks or in_seat is PanelSeat.SECRETARY or not re.fullmatch("[A-Z]", letter):
        raise BadInput(_("Chỉ đổi ghế giữa những người chấm điểm, và chữ là một chữ cái từ A đến Z."))
    held = list(db.session.scalars(select(Judge).where(Judge.contest_id == contest.id).with_for_update()))
    had = moved.seat, moved.letter
    wanted: dict[int, tuple[PanelSeat, str | None]] = {each.id: (each.seat, each.letter) for each in held}
    wanted[judge_id] = in_seat, letter
    for each in held:
        if each.id != judge_id:
            gives_way = in_seat is PanelSeat.CHAIR and each.seat is PanelSeat.CHAIR
            seat_now = had[0] if gives_way else each.seat
            wanted[each.id] = seat_now, had[1] if each.letter == letter else each.letter
    changed = [each for each in held if wanted[each.id] != (each.seat, each.letter)]
    for each in changed:
        each.letter = None  # no two have one letter, not even for a moment
    db.session.flush()
    for each in changed:
        each.seat, each.letter = wanted[each.id]
        record_seat(contest, "judge_reseated", each.id, {"seat": each.seat.value, "letter": each.letter})
    db.session.flush()
