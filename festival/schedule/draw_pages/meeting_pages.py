"""The meetings that drew lots: who was there, the minutes printed, signed, sent back; every list after the draw at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from config import Config
from festival.accounts.models import User
from festival.contests.models import Contest
from festival.contests.queries import contests
from festival.core.births import Birth, birth
from festival.core.clock import local, today
from festival.core.database import db
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.text import line
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.documents.docx import MIMETYPE as DOCX
from festival.editions.queries import the_festival
from festival.papers.draw_minutes import DrawMinutes, DrawMinutesPage
from festival.papers.files import kept_file, kept_page
from festival.papers.models import PaperState
from festival.papers.returned import PageFormat
from festival.registration.signing.scans import FIELD, sent_pages
from festival.registration.signing.typed import Letter, typed_letter
from festival.registration.signing.words import LIST_WORDS
from festival.roster.models import Delegation, Entry
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.drawn import meetings
from festival.schedule.drawn.lists import all_lists
from festival.schedule.drawn.meeting_rule import MeetingSaid
from festival.schedule.drawn.meetings import MeetingTyped
from festival.schedule.drawn.minutes import minutes_digest

UNSIGNED = (PaperState.PRINTED, PaperState.REPLACED)


@dataclass(frozen=True, slots=True)
class SentTurn:
    """One sending of signed pages."""

    turn: int
    pages: tuple[tuple[int, PageFormat], ...]
    at: datetime
    by: int | None


@bp.get("/office/schedule/draws")
@requires(Permission.SCHEDULE)
def draws_page() -> str:
    """All meetings of the edition, and the lists to print."""
    festival = the_festival()
    rows = db.session.execute(
        select(DrawMinutes.meeting, DrawMinutes.state).where(DrawMinutes.festival_id == festival.id)
    ).all()
    states: dict[int, set[PaperState]] = {}
    for row in rows:
        states.setdefault(row.meeting, set()).add(row.state)
    return render_template(
        "schedule/drawn/meetings.html",
        festival=festival,
        meetings=meetings.meetings(festival.id),
        states=states,
        drawn=queries.draws(festival.id),
        planned=queries.anybody_placed(festival.id),
        gap=queries.GAP_MIN,
    )


@bp.get("/office/schedule/draws/all.pdf")
@requires(Permission.SCHEDULE)
def draws_lists() -> Response:
    """Every order and every delegation's list, to be printed at once."""
    festival = the_festival()
    looked(SecurityKind.EXPORT, what="draw_lists")
    content = all_lists(festival)
    return kept_file(content, sha256(content).hexdigest(), "danh-sach-boc-tham.pdf")


@bp.get("/office/schedule/draws/<int(max=9007199254740991):number>")
@requires(Permission.SCHEDULE)
def meeting_page(number: int) -> str:
    """One meeting and its minutes; 0 is one that is to be noted."""
    festival = the_festival()
    meeting = meetings.meeting_in(festival.id, number) if number else None
    delegations = _delegations(festival.id)
    there = {row[0]: row[1] for row in meeting.attendance} if meeting else {}
    kept = meetings.minutes_of(festival.id, number) if number else []
    turns = _turns([row.id for row in kept])
    drawn = queries.draws(festival.id)
    people = {by for row in kept for by in (row.printed_by, row.signed_by, row.changed_by)}
    people |= {each.by for several in turns.values() for each in several}
    wanted = select(User.id, User.name).where(User.id.in_(people - {None}))
    held = meeting.held_on if meeting else today()
    return render_template(
        "schedule/drawn/meeting.html",
        festival=festival,
        meeting=meeting,
        number=number,
        contests=[
            each for each in _contests(festival.id) if each.id in drawn or (meeting and each.id in meeting.contests)
        ],
        ticked=set(meeting.contests) if meeting else set(drawn),
        delegations=delegations,
        there=there,
        held=f"{held.day}/{held.month}/{held.year}",
        kept=kept,
        waits=[row for row in kept if row.signed_at is None and row.state in UNSIGNED][:5],
        printed=next((row for row in kept if row.state is PaperState.PRINTED), None),
        signed=next((row for row in kept if row.state is PaperState.SIGNED), None),
        now_says=minutes_digest(meeting)
        if meeting and kept and all(each in drawn for each in meeting.contests)
        else "",
        turns=turns,
        names={row.id: row.name for row in db.session.execute(wanted)},
        list_words=LIST_WORDS,
    )


@bp.post("/office/schedule/draws/<int(max=9007199254740991):number>/<step>")
@requires(Permission.SCHEDULE)
def meeting_post(number: int, step: str) -> ResponseReturnValue:
    """One step of a meeting, by its name in the address."""
    if step not in STEPS:
        raise NotFound()
    with reading():
        festival_id = the_festival().id
    said, shown = STEPS[step](festival_id, number)
    flash(said, "good")
    return redirect(url_for("schedule.meeting_page", number=shown), 303)


@bp.get("/office/schedule/draws/<int(max=9007199254740991):number>/<int(max=9007199254740991):paper_id>/<file>")
@requires(Permission.SCHEDULE)
def meeting_file(number: int, paper_id: int, file: str) -> Response:
    """A kept file, byte for byte: the paper as printed, the document, a page as `2-1` (second sending, first page)."""
    row = meetings.minutes_in(the_festival().id, paper_id)
    if row.meeting != number:
        raise NotFound()
    looked(SecurityKind.EXPORT, what="draw_minutes")
    stem = f"bien-ban-boc-tham-{row.meeting}-{row.number}"
    if file == "minutes.pdf":
        return kept_file(row.content, row.sha256, f"{stem}.pdf")
    if file == "minutes.docx":
        return kept_file(row.editable, row.editable_sha256, f"{stem}.docx", DOCX)
    parts = [typed_number(part) for part in file.split("-")]
    if len(parts) != 2 or None in parts:
        raise NotFound()
    page = db.session.scalars(
        select(DrawMinutesPage).where(
            DrawMinutesPage.minutes_id == row.id, DrawMinutesPage.turn == parts[0], DrawMinutesPage.page == parts[1]
        )
    ).one_or_none()
    if page is None:
        raise NotFound()
    return kept_page(page, f"{stem}-{file}.pdf")


# ------------------------------------------------------------------------------------------- the steps


def _save(festival_id: int, number: int) -> tuple[str, int]:
    form = request.form
    with transaction():
        festival = the_festival()
        of_edition = {each.code: each.id for each in _contests(festival.id)}
        delegations = {each.code: each for each in _delegations(festival.id)}
        said = MeetingSaid(
            line(form.get("chair", "")),
            line(form.get("secretary", "")),
            [code for code in form.getlist("contests") if code in of_edition],
            {code: line(form.get(f"head-{code}", "")) if form.get(f"there-{code}") else None for code in delegations},
            (line(form.get("witness-1", "")), line(form.get("witness-2", ""))),
        )
        typed = MeetingTyped(
            said,
            _day(form.get("day", "")),
            form.get("place", ""),
            of_edition,
            {code: each.id for code, each in delegations.items()},
        )
        row = meetings.note_meeting(festival_id, number, _number("version"), typed, acting_user())
        return str(_("Đã ghi cuộc họp. In biên bản để các thành phần dự họp ký.")), row.number


def _drop(festival_id: int, number: int) -> tuple[str, int]:
    with transaction():
        meetings.drop_meeting(festival_id, number, _number("version"), True, acting_user())
    return str(_("Đã bỏ cuộc họp này. Bỏ nhầm thì lấy lại ở trang này.")), number


def _keep(festival_id: int, number: int) -> tuple[str, int]:
    with transaction():
        meetings.drop_meeting(festival_id, number, _number("version"), False, acting_user())
    return str(_("Đã lấy lại cuộc họp.")), number


def _print(festival_id: int, number: int) -> tuple[str, int]:
    with reading():
        drawing = meetings.drawn_now(festival_id, number)
    with transaction():
        sheet = meetings.print_minutes(festival_id, number, drawing, acting_user()).number
    words = _("Tờ số %(number)s đã sẵn sàng. Mở tờ PDF để in, hoặc tải bản Word để sửa phần đầu văn bản.", number=sheet)
    return str(words), number


def _sign(festival_id: int, number: int) -> tuple[str, int]:
    paper_id = _number("paper_id")
    letter = _letter(festival_id, paper_id)
    sent = sent_pages(request.files.getlist(FIELD), _folder())
    if sent is None:
        raise BadInput(_("Chưa chọn tệp. Chụp hoặc quét các trang đã ký rồi gửi."), field=FIELD)
    with transaction():
        meetings.sign_minutes(festival_id, paper_id, letter, sent, acting_user())
    return str(_("Đã nhận biên bản đã ký.")), number


def _correct(festival_id: int, number: int) -> tuple[str, int]:
    paper_id, version = _number("paper_id"), _number("version")
    turn = typed_number(request.form.get("turn", ""))
    letter = _letter(festival_id, paper_id)
    sent = sent_pages(request.files.getlist(FIELD), _folder())
    with transaction():
        meetings.correct_minutes(festival_id, paper_id, version, letter, sent, turn, acting_user())
    return str(_("Đã sửa bản đã ký.")), number


def _take_back(festival_id: int, number: int) -> tuple[str, int]:
    with transaction():
        reason = request.form.get("reason", "")
        before = meetings.take_back_minutes(festival_id, _number("paper_id"), _number("version"), reason, acting_user())
        of_before = before.number if before else None
    if of_before is None:
        return str(_("Đã bỏ bản đã ký. In lại để ký tờ khác; bỏ nhầm thì dùng lại ở bảng bên dưới.")), number
    return str(_("Đã bỏ bản đã ký. Tờ số %(number)s ký trước đó có hiệu lực trở lại.", number=of_before)), number


def _reinstate(festival_id: int, number: int) -> tuple[str, int]:
    with transaction():
        meetings.reinstate_minutes(festival_id, _number("paper_id"), _number("version"), acting_user())
    return str(_("Tờ này có hiệu lực trở lại.")), number


STEPS: dict[str, Callable[[int, int], tuple[str, int]]] = {
    "save": _save,
    "drop": _drop,
    "keep": _keep,
    "print": _print,
    "sign": _sign,
    "correct": _correct,
    "take-back": _take_back,
    "reinstate": _reinstate,
}


def _letter(festival_id: int, paper_id: int) -> Letter:
    with reading():
        printed_on = local(meetings.minutes_in(festival_id, paper_id).printed_at).date()
    form = request.form
    return typed_letter(form.get("number", ""), form.get("day", ""), form.get("signer", ""), printed_on, today())


def _day(typed: str) -> date:
    read = birth(typed, today())
    if isinstance(read, Birth) and read.date is not None:
        return read.date
    raise BadInput(_("Ghi ngày đã họp như 14/6/2026."), field="day")


def _number(name: str) -> int:
    number = typed_number(request.form.get(name, ""))
    if number is None:
        raise BadInput()
    return number


def _folder() -> Path:
    config: Config = current_app.config["FESTIVAL"]
    return config.instance


def _contests(festival_id: int) -> Sequence[Contest]:
    return [each for each in contests(festival_id) if each.has_order]


def _delegations(festival_id: int) -> Sequence[Delegation]:
    """Who takes part in anything that was drawn, also if it withdrew since."""
    drawn = select(Entry.delegation_id).join(Entry.contest).where(Contest.festival_id == festival_id)
    wanted = select(Delegation).where(Delegation.id.in_(drawn.where(Entry.number.is_not(None))))
    return db.session.scalars(wanted.order_by(Delegation.position, Delegation.id)).all()


def _turns(ids: Sequence[int]) -> dict[int, list[SentTurn]]:
    page = DrawMinutesPage
    wanted = select(page.minutes_id, page.turn, page.page, page.format, page.put_at, page.put_by)
    found: dict[int, dict[int, list[Any]]] = {}
    for row in db.session.execute(wanted.where(page.minutes_id.in_(ids)).order_by(page.turn, page.page)):
        found.setdefault(row.minutes_id, {}).setdefault(row.turn, []).append(row)
    return {
        paper: [
            SentTurn(turn, tuple((row.page, row.format) for row in rows), rows[0].put_at, rows[0].put_by)
            for turn, rows in of_paper.items()
        ]
        for paper, of_paper in found.items()
    }
