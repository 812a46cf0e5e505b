"""The pages on which a slip is typed: once by its secretary, or twice by two people who do not see each other's typing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import written
from festival.contests.models import ContestState
from festival.contests.panel import SheetState
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.judging.contest_access import marks_shown
from festival.judging.paper.models import SlipTyping, TypingState
from festival.judging.paper.of_seat import slip_of_seat
from festival.judging.paper.people import PaperAccess, as_typist
from festival.judging.paper.photos import standing_photo
from festival.judging.paper.rules import typed_twice
from festival.judging.paper.seats import paper_seats
from festival.judging.paper.slip_forms import TOTAL, TypedSlip, read_slip, typed_fields
from festival.judging.paper.slips import (
    Slip,
    SlipReading,
    TypingHeld,
    TypingsAgree,
    TypingsDiffer,
    standing_decision,
    take_back_typing,
    type_slip,
    waiting_typings,
)
from festival.judging.routes import bp, still_open
from festival.judging.sheet_messages import SheetApart, SheetMessage, SheetRefused, SheetSame, SheetTaken
from festival.judging.sheet_versions import NOTE_LENGTH
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import Appearance, JudgeSheet, MarkingJudge, Tally, read_tally
from festival.judging.words import ABSTAIN_WORDS, REFUSED_WORDS


@dataclass(slots=True)
class SlipView:
    """One slip as the account that asks may see it."""

    access: PaperAccess
    tallied: Tally
    seat: MarkingJudge
    appearance: Appearance
    slip: Slip  # the same as the actions take it
    twice: bool
    waiting: list[SlipTyping] = field(default_factory=list)

    @property
    def sheet(self) -> JudgeSheet | None:
        """The sheet this slip puts right; none where the seat's is another judge's than the slip."""
        sheet = self.tallied.sheets.get((self.seat.id, self.appearance.id))
        return sheet if sheet is None or self.slip.judge_id in (self.seat.id, sheet.judge_id) else None

    @property
    def tied(self) -> bool:
        """Whether the seat gives no sheet here; a slip of who sat there before is none of its ties."""
        return self.slip.judge_id == self.seat.id and self.slip.pair in self.tallied.tied

    def own(self, user: int | None) -> SlipTyping | None:
        """The typing of this account that waits."""
        return next((each for each in self.waiting if each.typed_by == user), None)


def slip_view(access: PaperAccess, letter: str, entry: str) -> SlipView:
    """The slip that an address or a form names."""
    tallied = read_tally(access.contest)
    seat = next((each for each in tallied.seats if each.letter == letter), None)
    appearance = next((each for each in tallied.appearances if each.code == entry), None)
    if seat is None or appearance is None:
        raise NotFound()
    slip = slip_of_seat(tallied, seat, appearance)
    on_paper = slip.judge_id in paper_seats([access.contest.id])
    twice = typed_twice(access.contest.paper_typing, paper_seat=on_paper)
    return SlipView(access, tallied, seat, appearance, slip, twice, waiting_typings(slip))


def slip_of_form(access: PaperAccess) -> SlipView:
    """The same for a form, whose fields are somebody's mistake rather than a wrong address."""
    try:
        return slip_view(access, request.form.get("judge", ""), request.form.get("entry", ""))
    except NotFound as missing:
        raise BadInput(_("Chưa chọn giám khảo hoặc tiết mục của phiếu. Mở lại phiếu từ trang phần thi.")) from missing


@bp.get("/panel/<code>/slip")
@signed_in
def slip(code: str) -> ResponseReturnValue:
    """A paper slip of one judge for one entry, to be typed."""
    view = slip_view(as_typist(code), request.args.get("judge", ""), request.args.get("entry", ""))
    sheet, own = view.sheet, view.own(acting_user())
    typed: dict[str, str] = {}
    if own is not None:
        typed = own_fields(own)
    elif sheet is not None and not view.twice and not view.waiting and view.access.seat is not None:
        typed = {mark: written(milli) for mark, milli in sheet.marks.items()}
        marks_shown(view.tallied.contest)
    return _page(view, TypedSlip(typed), sheet.version if sheet else 0, own.note if own else "")


def slip_again(view: SlipView, problem: str) -> str:
    """The page of a slip again, saying what was refused beside it; what waits there of the reader's own stands in it."""
    own, sheet = view.own(acting_user()), view.sheet
    form = TypedSlip({} if own is None else own_fields(own), errors={"page": problem})
    return _page(view, form, sheet.version if sheet else 0, own.note if own else "")


def own_fields(own: SlipTyping) -> dict[str, str]:
    """What an account has typed of a slip, as its fields."""
    return {mark: written(milli) for mark, milli in own.marks.items()} | {TOTAL: written(own.total_milli)}


def _page(view: SlipView, form: TypedSlip, version: int, reason: str) -> str:
    own = view.own(acting_user())
    return render_template(
        "judging/slip.html",
        contest=view.tallied.contest,
        criteria=view.tallied.criteria,
        seat=view.seat,
        appearance=view.appearance,
        tied=view.tied,
        sheet=view.sheet,
        before=view.slip.judge_id != view.seat.id,
        twice=view.twice or bool(view.waiting),
        waiting=view.waiting,
        own=own,
        differs=any(each.state is TypingState.DIFFERS for each in view.waiting),
        decided=standing_decision(view.slip),
        photo=standing_photo(view.slip.judge_id, view.appearance.id),
        helper=view.access.seat is None,
        typed=form.typed,
        version=version,
        reason=reason,
        errors=form.errors,
        abstain_words=ABSTAIN_WORDS,
    )


@bp.post("/panel/<code>/slip")
@signed_in
def slip_post(code: str) -> ResponseReturnValue:
    """Take what was typed; in a contest that types once its reason is part of the sheet and of the ledger."""
    with reading():
        access = as_typist(code)
        _open(access)
        view = slip_of_form(access)
    base = typed_number(request.form.get("version", "")) or 0
    reason = " ".join(request.form.get("reason", "").split())[:NOTE_LENGTH]
    state = request.form.get("state", SheetState.MARKED.value)
    twice = view.twice or bool(view.waiting)
    form = TypedSlip(typed_fields(view.tallied))
    if state == SheetState.MARKED.value:
        form = read_slip(view.tallied, form.typed, reason)
    elif view.waiting:
        raise Conflict(_("Phiếu này đã có lượt gõ điểm đang chờ. Bỏ lượt gõ ấy trước."))
    if not reason and not (twice and state == SheetState.MARKED.value):
        form.errors["reason"] = _("Ghi rõ vì sao thư ký nhập thay.")
    if form.errors:
        with reading():
            return _page(view, form, base, reason), 422
    if form.reading is not None and twice:
        return _typed(view, form, form.reading, base)
    body: Mapping[str, object] = {"state": state, "note": reason}
    if form.reading is not None:
        body = {"marks": dict(form.reading.marks), "note": reason}
    return _once(view, state, body, base)


def _open(access: PaperAccess) -> None:
    if access.seat is not None:
        still_open(access.seat)
    elif access.contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))


def _typed(view: SlipView, form: TypedSlip, reading_: SlipReading, base: int) -> ResponseReturnValue:
    """One of two typings; a refusal keeps what was typed on the page."""
    who = {"letter": view.seat.letter, "name": view.appearance.name}
    try:
        with transaction():
            outcome = type_slip(view.slip, reading_, acting_user(), typed_number(request.form.get("own", "")))
    except Conflict as refused:
        form.errors["page"] = str(refused.message)
        with reading():
            return _page(view, form, base, reading_.note), 409
    match outcome:
        case TypingHeld():
            flash(_("Đã giữ lượt gõ thứ nhất của phiếu %(letter)s, %(name)s. Chờ người thứ hai gõ lại.", **who), "note")
        case TypingsAgree():
            flash(_("Hai lượt gõ giống nhau: phiếu của giám khảo %(letter)s cho %(name)s đã được ghi.", **who), "good")
        case TypingsDiffer():
            flash(
                _("Các lượt gõ của phiếu %(letter)s, %(name)s không giống nhau. Một người khác sẽ quyết định.", **who),
                "warn",
            )
        case _:
            assert_never(outcome)
    return redirect(url_for("judging.paper", code=view.access.contest.code), 303)


def _once(view: SlipView, state: str, body: Mapping[str, object], base: int) -> ResponseReturnValue:
    if view.access.seat is None or not view.access.seat.secretary:
        raise Conflict(_("Phiếu này do thư ký của phần thi ghi."))
    message = SheetMessage(
        mid=f"paper-{uuid.uuid4().hex}",
        user_id=view.slip.user_id,
        entry_code=view.appearance.code,
        round=1,
        verb="send" if state == SheetState.MARKED.value else "abstain",
        body=body,
        base_version=base,
        received_at=now(),
        typed_by=acting_user(),
    )
    with transaction():
        (outcome,) = take_sheets([message])
    match outcome:
        case SheetTaken() | SheetSame():
            flash(_("Đã ghi phiếu giấy của giám khảo %(letter)s.", letter=view.seat.letter), "good")
        case SheetApart():
            flash(_("Giám khảo vừa gửi một bản khác. Cả hai bản được giữ, giám khảo sẽ chọn."), "warn")
        case SheetRefused(why, _criterion):
            raise Conflict(REFUSED_WORDS.get(why, _("Phiếu này không ghi được.")))
        case _:
            assert_never(outcome)
    return redirect(url_for("results.contest", code=view.access.contest.code), 303)


@bp.post("/panel/<code>/slip/drop")
@signed_in
def slip_drop(code: str) -> ResponseReturnValue:
    """Take back a typing of one's own that waits."""
    with reading():
        view = slip_of_form(as_typist(code))
    with transaction():
        take_back_typing(view.slip, typed_number(request.form.get("own", "")) or 0, acting_user())
    flash(_("Đã bỏ lượt gõ của phiếu này."), "note")
    return redirect(url_for("judging.slip", code=code, judge=view.seat.letter, entry=view.appearance.code), 303)
