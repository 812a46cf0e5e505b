"""What do minutes say of the meeting: who was there, when and where, in how many copies?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _

from festival.ceremony.saying.common import Said, items
from festival.contests.models import PanelSeat
from festival.core.web.i18n import day as day_words
from festival.documents.state_paper import SaidLine
from festival.judging.by_hand.number_words import whole_in_words
from festival.results.ladder.states import MinutesSigner
from festival.results.meeting.told import MeetingTold
from festival.results.words import SEAT_WORDS


def says_who_was_there(told: MeetingTold | None, panel: Sequence[MinutesSigner]) -> Said:
    """Hour, place and the panel, each with whether it was there; while nothing is said, the panel alone."""
    if told is None:
        return items(str(_("Thành phần ban giám khảo:")), map(_seat, panel))
    where = _(" tại %(place)s", place=told.place) if told.place else ""
    begun = _(
        "Ban giám khảo họp xét kết quả%(where)s, bắt đầu lúc %(hour)s ngày %(day)s.",
        where=where,
        hour=_hour(told.opened),
        day=day_words(told.held_on),
    )
    why = dict(told.absent)
    present = [each for each in panel if each.judge_id not in why]
    absent = [each for each in panel if each.judge_id in why]
    return [
        SaidLine(str(begun)),
        *items(str(_("Có mặt %(n)s người:", n=len(present))), map(_seat, present)),
        *items(
            str(_("Vắng %(n)s người:", n=len(absent))),
            [str(_("%(who)s. Lý do: %(why)s", who=_seat(each), why=why[each.judge_id])) for each in absent],
        ),
        *items(str(_("Khách mời dự họp:")), told.guests),
    ]


def _seat(each: MinutesSigner) -> str:
    letter = f" {each.letter}" if each.letter and each.seat is PanelSeat.MEMBER else ""
    return f"{SEAT_WORDS[each.seat]}{letter}: {each.name}"


def met(told: MeetingTold | None) -> Said:
    """When it ended, and in how many copies it is written."""
    if told is None:
        return []
    ended = told.held_on + timedelta(days=1) if told.over_midnight else told.held_on
    over = (
        _("Cuộc họp kết thúc lúc %(hour)s ngày %(day)s.", hour=_hour(told.closed), day=day_words(ended))
        if told.closed
        else _("Cuộc họp kết thúc lúc …… giờ …… ngày ……")
    )
    copies = _(
        "Biên bản được lập thành %(n)s (%(words)s) bản có giá trị như nhau, đã đọc lại cho mọi người dự họp cùng nghe và ký tên.",
        n=f"{told.copies:02d}",
        words=whole_in_words(told.copies),
    )
    return [SaidLine(f"{over} {copies}")]


def _hour(typed: str) -> str:
    hour, minute = typed.split(":")
    return f"{int(hour)} giờ {minute}" if minute != "00" else f"{int(hour)} giờ"
