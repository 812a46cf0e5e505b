"""What minutes are founded on, the meetings, and hours of the jury's review: said, put right, taken back, brought again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.results.delegations.meeting import say_whole_meeting, undo_whole_meeting, who_meets
from festival.results.ladder.states import MinutesSigner, signers_of
from festival.results.meeting.models import FoundingKind
from festival.results.meeting.saying import say_founding, say_meeting, undo_founding, undo_meeting
from festival.results.meeting.told import FoundingTold, MeetingTold
from festival.results.petition_desk.hours import say_hour, undo_hour


def met_typed(contest_id: int) -> MeetingTold:
    """Everybody of the panel was there, but the last."""
    return _met(signers_of(contest_id))


def _met(panel: Sequence[MinutesSigner]) -> MeetingTold:
    *there, last = [each.judge_id for each in panel]
    return MeetingTold(
        date(2024, 6, 15), "22:30", "00:20", "Phòng họp tầng 2", tuple(there), ((last, "đi công tác"),),
        ("Ông Danh Giám Sát, Hội Liên hiệp Phụ nữ",), 3, ("Ban Tổ chức", "Lưu: Tổ Thư ký"),
    )  # fmt: skip


def founded(festival_id: int, staff: int | None) -> None:
    """All three; the jury's was typed wrongly, the secretaries' taken back by mistake."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        for number, what in enumerate(FoundingKind, start=105):
            told = FoundingTold(f"{number}/QĐ-UBND", date(2024, 6, 1), "Chủ tịch Ủy ban nhân dân tỉnh")
            say_founding(festival, what, told, 0, staff)
        jury, secretaries = FoundingKind.JURY, FoundingKind.SECRETARIES
        say_founding(festival, jury, FoundingTold("160/QĐ-BTC", date(2024, 6, 2), "Trưởng Ban Tổ chức"), 1, staff)
        say_founding(festival, secretaries, None, 1, staff)
        undo_founding(festival, secretaries, 2, None)


def met(code: str, staff: int | None) -> None:
    """Said, corrected, one step back and forth again."""
    with transaction():
        contest_id = db.session.scalars(select(Contest.id).where(Contest.code == code)).one()
        told = met_typed(contest_id)
        say_meeting(contest_id, told, 0, staff)
        say_meeting(contest_id, replace(told, copies=5), 1, staff)
        undo_meeting(contest_id, 2, None)
        undo_meeting(contest_id, 3, staff)


def met_about_the_whole(festival_id: int, contests: Sequence[Contest], staff: int | None) -> None:
    """The same of the whole delegation, in the transaction that signs."""
    told = _met(who_meets(contests))
    say_whole_meeting(festival_id, told, 0, staff)
    say_whole_meeting(festival_id, replace(told, copies=5), 1, staff)
    undo_whole_meeting(festival_id, 2, staff)


def hours(festival_id: int, code: str, staff: int | None) -> None:
    """Until when petitions are reviewed: typed, taken back by mistake, brought again."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        say_hour(festival, code, now() + timedelta(hours=2), 0, staff)
        say_hour(festival, code, None, 1, staff)
        undo_hour(festival, code, 2, None)
