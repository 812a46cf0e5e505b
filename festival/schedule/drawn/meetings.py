"""How is a meeting that drew lots noted, put right, set aside and brought back, and how are its minutes printed, signed and kept?

The meeting's row is held by each step. What was printed is kept byte for byte (`papers.draw_minutes`); what changes afterwards,
also a swap on the day, comes with the next print as an annex, and the signed paper stays in force until that one is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from festival.core import ledger
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.names import nfc
from festival.core.text import cut, line
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.papers import returned
from festival.papers.by_head import annul_reason
from festival.papers.draw_minutes import DrawMinutes, DrawMinutesPage
from festival.papers.models import PaperState
from festival.papers.prints import DrawnPrint, print_kept
from festival.registration.signing.scans import SentPages
from festival.registration.signing.typed import Letter
from festival.schedule.drawn.meeting_rule import MeetingSaid, meeting_fault
from festival.schedule.drawn.minutes import draw_minutes, minutes_digest
from festival.schedule.drawn.models import DrawMeeting


@dataclass(frozen=True, slots=True)
class MeetingTyped:
    """A meeting as it is to be kept; `contests` ids by code, `delegations` ids by code."""

    said: MeetingSaid
    held_on: date
    place: str
    contests: Mapping[str, int]
    delegations: Mapping[str, int]


def note_meeting(festival_id: int, number: int, version: int, typed: MeetingTyped, by: int | None) -> DrawMeeting:
    """Note a meeting (`number` 0: a new one), or put right what was noted. BadInput names the box."""
    fault = meeting_fault(typed.said)
    if fault is not None:
        raise BadInput(say(fault[1]), field=fault[0])
    if typed.held_on > today():
        raise BadInput(_("Cuộc họp chưa diễn ra. Ghi ngày đã họp."), field="day")
    festival = _held(festival_id)
    if number:
        row = _seen(festival_id, number, version)
    else:
        last = (
            select(DrawMeeting.number).where(DrawMeeting.festival_id == festival_id).order_by(DrawMeeting.number.desc())
        )
        row = DrawMeeting(festival_id=festival_id, number=(db.session.scalar(last.limit(1)) or 0) + 1, version=0)
    row.held_on, row.place, row.version, row.dropped = (
        typed.held_on,
        cut(line(typed.place), 120),
        row.version + 1,
        False,
    )
    row.chair, row.secretary = nfc(typed.said.chair), nfc(typed.said.secretary)
    row.contests = [typed.contests[code] for code in typed.said.contests]
    row.attendance = [[typed.delegations[code], nfc(name or "")] for code, name in typed.said.there.items()]
    row.witnesses = [nfc(name) for name in typed.said.witnesses] if typed.said.absent else []
    db.session.add(row)
    db.session.flush()
    _note_row(festival, "draw_meeting_noted", row, by)
    return row


def drop_meeting(festival_id: int, number: int, version: int, dropped: bool, by: int | None) -> None:
    """It was begun by mistake, or is wanted after all. Conflict while signed minutes of it are in force."""
    festival = _held(festival_id)
    row = _seen(festival_id, number, version)
    if dropped and in_force(festival_id, number) is not None:
        raise Conflict(_("Biên bản của cuộc họp này đã ký. Bỏ bản đã ký trước."))
    row.dropped, row.version = dropped, row.version + 1
    db.session.flush()
    _note_row(festival, "draw_meeting_noted", row, by)


def meeting_in(festival_id: int, number: int) -> DrawMeeting:
    """NotFound for none."""
    row = db.session.scalars(
        select(DrawMeeting)
        .where(DrawMeeting.festival_id == festival_id, DrawMeeting.number == number)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def meetings(festival_id: int) -> Sequence[DrawMeeting]:
    """All of an edition, the newest first."""
    wanted = select(DrawMeeting).where(DrawMeeting.festival_id == festival_id)
    return db.session.scalars(wanted.order_by(DrawMeeting.number.desc())).all()


# ------------------------------------------------------------------------------------------- its minutes


def drawn_now(festival_id: int, number: int) -> DrawnPrint:
    """The minutes as they would be printed. Drawing takes its time: before the transaction that keeps it."""
    row = meeting_in(festival_id, number)
    return draw_minutes(row, returned.next_number(DrawMinutes, _of(festival_id, number)), now())


def print_minutes(festival_id: int, number: int, drawing: DrawnPrint, by: int | None) -> DrawMinutes:
    """Keep what was drawn; printed again without a change it is the same paper. Overtaken when something changed meanwhile."""
    _held(festival_id)
    meeting = meeting_in(festival_id, number)
    if meeting.dropped:
        raise Conflict(_("Cuộc họp này đã bỏ. Lấy lại rồi in biên bản."))
    if minutes_digest(meeting) != drawing.drawn:
        raise Overtaken(
            _("Kết quả bốc thăm hoặc cuộc họp vừa được sửa trong lúc in. Bấm in lần nữa để tờ giấy đúng bản mới.")
        )
    waits = _one(festival_id, number, PaperState.PRINTED)
    for same in (waits, in_force(festival_id, number)):
        if same is not None and same.drawn == drawing.drawn:
            return same
    if returned.next_number(DrawMinutes, _of(festival_id, number)) != drawing.number:
        raise Overtaken(_("Người khác vừa in biên bản này. Mở lại trang để xem tờ mới nhất."))
    kept = DrawMinutes(
        festival_id=festival_id,
        meeting=number,
        state=PaperState.PRINTED,
        **print_kept(drawing, by),
    )
    returned.replace_print(waits, kept)
    return kept


def sign_minutes(festival_id: int, minutes_id: int, letter: Letter, sent: SentPages, by: int | None) -> None:
    """This paper came back signed by all who were there; it is in force from now on."""
    festival = _held(festival_id)
    row = minutes_in(festival_id, minutes_id)
    replaced = returned.come_back(row, _of(festival_id, row.meeting), _said(letter), by)
    returned.keep_pages(DrawMinutesPage, {"minutes_id": row.id}, sent.pages, 1, by)
    row.state = PaperState.SIGNED
    db.session.flush()
    _note(festival, "draw_minutes.signed", row, {"by": by, "signer": letter.signer}, {"replaces": replaced})


def correct_minutes(
    festival_id: int,
    minutes_id: int,
    version: int,
    letter: Letter,
    sent: SentPages | None,
    turn: int | None,
    by: int | None,
) -> None:
    """What was typed of the signed paper is put right; other pages take the place of those shown, or earlier ones come back."""
    festival = _held(festival_id)
    row = returned.as_seen(minutes_in(festival_id, minutes_id), version, PaperState.SIGNED)
    there = select(DrawMinutesPage.turn).where(DrawMinutesPage.minutes_id == row.id).distinct()
    turns = list(db.session.scalars(there))
    if sent is not None:
        turn = 1 + max(turns, default=0)
        returned.keep_pages(DrawMinutesPage, {"minutes_id": row.id}, sent.pages, turn, by)
        turns.append(turn)
    returned.put_right(row, turns, _said(letter), turn, by)
    _note(festival, "draw_minutes.corrected", row, {"by": by, "signer": letter.signer})


def take_back_minutes(
    festival_id: int, minutes_id: int, version: int, reason: str, by: int | None
) -> DrawMinutes | None:
    """It was marked as signed by mistake; answers the one before it, which is in force again."""
    clean = annul_reason(reason)
    festival = _held(festival_id)
    row = returned.as_seen(minutes_in(festival_id, minutes_id), version, PaperState.SIGNED)
    before = returned.take_back(row, clean, by)
    about = {"restores": before.id if before else None}
    _note(festival, "draw_minutes.taken_back", row, {"by": by, "reason": clean}, about)
    return before


def reinstate_minutes(festival_id: int, minutes_id: int, version: int, by: int | None) -> None:
    """It was taken back by mistake: it is in force again, in the place of the one that is now."""
    festival = _held(festival_id)
    row = returned.as_seen(minutes_in(festival_id, minutes_id), version, PaperState.ANNULLED)
    replaced = returned.reinstate(row, _of(festival_id, row.meeting), by)
    _note(festival, "draw_minutes.reinstated", row, {"by": by}, {"replaces": replaced})


def minutes_in(festival_id: int, minutes_id: int) -> DrawMinutes:
    """Kept minutes of this edition. NotFound for any other."""
    row = db.session.get(DrawMinutes, minutes_id, populate_existing=True)
    if row is None or row.festival_id != festival_id:
        raise NotFound()
    return row


def in_force(festival_id: int, number: int) -> DrawMinutes | None:
    """The signed minutes of a meeting."""
    return _one(festival_id, number, PaperState.SIGNED)


def minutes_of(festival_id: int, number: int) -> Sequence[DrawMinutes]:
    """All that were printed, the newest first."""
    return db.session.scalars(select(DrawMinutes).where(_of(festival_id, number)).order_by(DrawMinutes.id.desc())).all()


def _one(festival_id: int, number: int, state: PaperState) -> DrawMinutes | None:
    return db.session.scalars(
        select(DrawMinutes).where(_of(festival_id, number), DrawMinutes.state == state)
    ).one_or_none()


def _of(festival_id: int, number: int) -> ColumnElement[bool]:
    return (DrawMinutes.festival_id == festival_id) & (DrawMinutes.meeting == number)


def _said(letter: Letter) -> tuple[str, date, str]:
    return letter.number, letter.day, letter.signer


def _held(festival_id: int) -> Festival:
    db.session.execute(select(Festival.id).where(Festival.id == festival_id).with_for_update())
    return db.session.get_one(Festival, festival_id, populate_existing=True)


def _seen(festival_id: int, number: int, version: int) -> DrawMeeting:
    row = meeting_in(festival_id, number)
    if row.version != version:
        raise Overtaken(_("Người khác vừa sửa cuộc họp này. Mở lại trang để xem bản mới; chưa có gì bị ghi đè."))
    return row


def _note_row(festival: Festival, kind: str, row: DrawMeeting, by: int | None) -> None:
    names = {
        "place": row.place,
        "chair": row.chair,
        "secretary": row.secretary,
        "attendance": row.attendance,
        "witnesses": row.witnesses,
    }
    about = {
        "meeting": row.number,
        "held_on": row.held_on.isoformat(),
        "contests": row.contests,
        "dropped": row.dropped,
        "by": by,
    }
    ledger.append(f"decisions:{festival.code}", kind, about, names)


def _note(
    festival: Festival, kind: str, row: DrawMinutes, payload: Mapping[str, Any], about: Mapping[str, Any] | None = None
) -> None:
    shown = select(DrawMinutesPage.page, DrawMinutesPage.sha256).where(
        DrawMinutesPage.minutes_id == row.id, DrawMinutesPage.turn == row.turn
    )
    pages = returned.pages_digest(
        (page.page, page.sha256) for page in db.session.execute(shown.order_by(DrawMinutesPage.page))
    )
    subject = {
        "meeting": row.meeting,
        "minutes": row.id,
        "sha256": row.sha256,
        "pages": pages,
        "turn": row.turn,
        "number": row.letter_number,
        "day": row.letter_day.isoformat() if row.letter_day else "",
        **(about or {}),
    }
    ledger.append(f"decisions:{festival.code}", kind, subject, payload)
