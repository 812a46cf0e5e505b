"""The page on which the secretary corrects a sheet that its judge has sent: typed with a reason, read back, confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import written
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.judging.by_hand.correcting_form import old_and_new, read_correction
from festival.judging.contest_access import marks_shown
from festival.judging.routes import as_secretary, bp, still_open
from festival.judging.sheet_messages import SheetApart, SheetMessage, SheetRefused, SheetSame, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import Appearance, JudgeSheet, MarkingJudge, Tally, read_tally
from festival.judging.words import REFUSED_WORDS

Found = tuple[Tally, MarkingJudge, Appearance, JudgeSheet]


def _sheet(code: str, letter: str, entry: str) -> Found:
    """The sheet that the address names, while the contest is open, for its secretary."""
    access = as_secretary(code)
    still_open(access)
    tallied = read_tally(access.contest)
    seat = next((each for each in tallied.seats if each.letter == letter), None)
    appearance = next((each for each in tallied.appearances if each.code == entry), None)
    sheet = tallied.sheets.get((seat.id, appearance.id)) if seat and appearance else None
    if seat is None or appearance is None or sheet is None:
        raise NotFound(_("Chưa có phiếu này để sửa. Phiếu chưa gửi thì nhập ở trang phiếu giấy."))
    return tallied, seat, appearance, sheet


def _page(
    found: Found, typed: Mapping[str, str], reason: str, wrong: Mapping[str, str], version: int, problem: str = ""
) -> str:
    """`problem`: somebody was quicker; what stands now is told beside each field."""
    tallied, seat, appearance, sheet = found
    marks_shown(tallied.contest)
    return render_template(
        "judging/correct.html",
        contest=tallied.contest,
        criteria=tallied.criteria,
        seat=seat,
        appearance=appearance,
        sheet=sheet,
        typed=typed,
        reason=reason,
        version=version,
        errors=wrong,
        problem=problem,
        stands={mark: written(milli) for mark, milli in sheet.marks.items()} if problem else {},
    )


def _overtaken(found: Found, typed: Mapping[str, str]) -> ResponseReturnValue:
    """What was typed stays; it is read back anew, beside what stands now."""
    said = _("Phiếu này vừa có bản mới. Số đang ghi đứng dưới từng ô; xem rồi đọc lại lần nữa. Những gì đã gõ vẫn còn.")
    return _page(found, typed, request.form.get("reason", ""), {}, found[3].version, said), 409


@bp.get("/panel/<code>/correct")
@signed_in
def correct(code: str) -> ResponseReturnValue:
    """The sheet as it stands, to be corrected."""
    found = _sheet(code, request.args.get("judge", ""), request.args.get("entry", ""))
    sheet = found[3]
    return _page(found, {mark: written(milli) for mark, milli in sheet.marks.items()}, "", {}, sheet.version)


@bp.post("/panel/<code>/correct")
@signed_in
def correct_post(code: str) -> ResponseReturnValue:
    """First read back, old beside new; written when it is confirmed."""
    form = request.form
    with reading():
        as_secretary(code)
        try:
            found = _sheet(code, form.get("judge", ""), form.get("entry", ""))
        except NotFound as missing:
            raise BadInput(_("Chưa chọn phiếu để sửa. Mở lại từ trang phần thi.")) from missing
    tallied, seat, appearance, sheet = found
    typed = {criterion.code: form.get(f"mark-{criterion.code}", "") for criterion in tallied.criteria}
    version = typed_number(form.get("version", "")) or 0
    read = read_correction(tallied.criteria, typed, form.get("reason", ""))
    if read.wrong or form.get("step") == "back":
        wrong = {} if form.get("step") == "back" else read.wrong
        return _page(found, typed, form.get("reason", ""), wrong, version), 422 if wrong else 200
    if version != sheet.version or sheet.conflict:
        return _overtaken(found, typed)
    if form.get("step") != "confirm":
        marks_shown(tallied.contest)
        return render_template(
            "judging/correct_read_back.html",
            contest=tallied.contest,
            seat=seat,
            appearance=appearance,
            lines=old_and_new(tallied.criteria, sheet, read.marks),
            reason=read.reason,
            hidden={"judge": seat.letter, "entry": appearance.code, "version": version, "reason": read.reason}
            | {f"mark-{key}": value for key, value in typed.items()},
        )
    message = SheetMessage(
        mid=f"correct-{uuid.uuid4().hex}",
        user_id=seat.user_id,
        entry_code=appearance.code,
        round=1,
        verb="send",
        body={"marks": dict(read.marks), "note": read.reason},
        base_version=version,
        received_at=now(),
        typed_by=acting_user(),
        correction=True,
    )
    with transaction():
        (outcome,) = take_sheets([message])
    match outcome:
        case SheetTaken() | SheetSame():
            flash(_("Đã sửa phiếu của giám khảo %(letter)s; giám khảo thấy ngay trên máy.", letter=seat.letter), "good")
        case SheetRefused("stale_choice") | SheetApart():
            with reading():
                return _overtaken(_sheet(code, seat.letter, appearance.code), typed)
        case SheetRefused(why, _criterion):
            raise Conflict(REFUSED_WORDS.get(why, _("Phiếu này không ghi được.")))
        case _:
            assert_never(outcome)
    return redirect(url_for("results.contest", code=code), 303)
