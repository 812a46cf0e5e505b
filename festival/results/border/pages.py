"""The border check on pages: dice, the slips to type again, what differs, what the panel says of it, who confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState, ResultKind
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, Conflict, Forbidden, NotFound
from festival.judging.contest_access import marks_shown
from festival.judging.paper import border
from festival.judging.paper.border import BorderState, LockedSlip, paper_slips
from festival.judging.paper.borders import how_many
from festival.judging.paper.confirming import confirmations, on_tablet, override_confirmation
from festival.judging.paper.people import PaperAccess, paper_access
from festival.judging.paper.photos import keep_photo, photos_of, readable
from festival.judging.paper.signing_pages import pages_to_sign
from festival.judging.paper.slip_forms import TypedSlip, read_slip, typed_fields
from festival.judging.tally import Tally
from festival.results.blueprint import bp
from festival.results.current import current_table, tally_for_result
from festival.results.ladder import proving
from festival.results.ladder.checks import beside


def _access(code: str) -> PaperAccess:
    """For the panel's own people, the organiser, and secretaries of other contests, who may type."""
    access = paper_access(code)
    if access.contest.result_kind is not ResultKind.RUBRIC:
        raise NotFound()
    return access


def _panel(code: str) -> PaperAccess:
    access = _access(code)
    if access.seat is None or not (access.seat.chair or access.seat.secretary or access.seat.organiser):
        raise Forbidden(_("Việc này do trưởng ban giám khảo hoặc thư ký của phần thi làm."))
    return access


@bp.get("/panel/<code>/border")
@signed_in
def border_check(code: str) -> ResponseReturnValue:
    """How far the check is."""
    return _page(_access(code), {})


def _page(access: PaperAccess, errors: Mapping[str, str]) -> str:
    contest = access.contest
    tallied = tally_for_result(contest)
    slips = {each.pair: each for each in paper_slips(tallied)}
    state = border.check_of(contest.id)
    near = _near(tallied, slips.values(), state) if slips and contest.state is not ContestState.OPEN else None
    numbers = access.seat is not None and access.seat.sees_marks and contest.state is not ContestState.OPEN
    if numbers and state is not None and state.typed:
        marks_shown(contest)
    return render_template(
        "results/border/check.html",
        contest=contest,
        access=access,
        criteria=tallied.criteria,
        slips=slips,
        state=state,
        near=near,
        drawn=0 if near is None else how_many(len(slips) - near),
        checks=border.checks_of(contest.id),
        locked=contest.state is ContestState.LOCKED,
        numbers=numbers,
        seats=on_tablet(tallied) if contest.state is not ContestState.OPEN else [],
        confirmed=confirmations(contest.id),
        pages=pages_to_sign(tallied) if contest.state is not ContestState.OPEN else [],
        page_photos={(each.judge_id, each.session_id): each for each in photos_of(contest.id) if each.standing},
        errors=errors,
        typed=request.form,
    )


def _near(tallied: Tally, slips: Iterable[LockedSlip], state: BorderState | None) -> int:
    """How many slips stand beside a border: of the check that was begun, else of the table as it stands."""
    if state is not None:
        return sum(why == "border" for why in state.pairs.values())
    entries = set(beside(current_table(tallied)))
    return sum(each.appearance.code in entries for each in slips)


@bp.post("/panel/<code>/border")
@signed_in
def border_begin(code: str) -> ResponseReturnValue:
    """Dice were thrown: draw the slips."""
    with reading():
        contest_id = _panel(code).contest.id
    try:
        with transaction():
            begin(contest_id, request.form.get("dice", ""), request.form.get("reason", ""), acting_user())
    except (BadInput, Conflict) as refused:
        with reading():
            return _page(_panel(code), {"dice": str(refused.message)}), refused.status
    flash(_("Đã rút các phiếu cần gõ lại."), "good")
    return redirect(url_for("results.border_check", code=code), 303)


def begin(contest_id: int, dice: str, reason: str, by: int | None) -> int:
    """Draw from the table as it stands; answers how many slips are asked for."""
    tallied = tally_for_result(border.hold_locked(contest_id))
    return len(border.begin_check(tallied, beside(current_table(tallied)), dice, reason, by).slips)


def slip_named(tallied: Tally, letter: str, entry: str) -> LockedSlip:
    """The slip of the check that somebody names."""
    state = border.check_of(tallied.contest.id)
    for each in paper_slips(tallied):
        if (each.seat.letter, each.appearance.code) == (letter, entry) and state and each.pair in state.pairs:
            return each
    raise NotFound(_("Phiếu này không có trong lần kiểm tra đang mở."))


@bp.get("/panel/<code>/border/slip")
@signed_in
def border_slip(code: str) -> ResponseReturnValue:
    """An empty form: nothing of what was typed before is on it."""
    access = _access(code)
    tallied = tally_for_result(access.contest)
    slip = slip_named(tallied, request.args.get("judge", ""), request.args.get("entry", ""))
    return _slip_page(tallied, slip, TypedSlip({}))


def _slip_page(tallied: Tally, slip: LockedSlip, form: TypedSlip) -> str:
    return render_template(
        "results/border/slip.html",
        contest=tallied.contest,
        criteria=tallied.criteria,
        slip=slip,
        own=acting_user() in border.typists_of(slip),
        typed=form.typed,
        errors=form.errors,
    )


@bp.post("/panel/<code>/border/slip")
@signed_in
def border_slip_post(code: str) -> ResponseReturnValue:
    """Compare what was typed with what was locked."""
    with reading():
        access = _access(code)
        tallied = tally_for_result(access.contest)
        slip = slip_named(tallied, request.form.get("judge", ""), request.form.get("entry", ""))
    form = read_slip(tallied, typed_fields(tallied), "")
    status = 422
    if form.reading is not None:
        try:
            with transaction():
                same = border.type_border(slip, tallied.contest.id, form.reading, acting_user()).same
            who = {"letter": slip.seat.letter, "name": slip.appearance.name}
            flash(_("Phiếu %(letter)s, %(name)s: khớp với điểm đã khóa.", **who), "good") if same else flash(
                _("Phiếu %(letter)s, %(name)s: LỆCH so với điểm đã khóa. Chưa ký được biên bản.", **who), "bad"
            )
            return redirect(url_for("results.border_check", code=code), 303)
        except Conflict as refused:
            form.errors["page"], status = str(refused.message), 409
    with reading():
        return _slip_page(tallied, slip, form), status


@bp.get("/panel/<code>/border/pages")
@signed_in
def border_pages(code: str) -> ResponseReturnValue:
    """A page for each judge and session to print: what was locked, for the judge's pen."""
    access = _panel(code)
    tallied = tally_for_result(access.contest)
    if access.contest.state is ContestState.OPEN:
        raise Conflict(_("Phần thi chưa khóa điểm."))
    marks_shown(access.contest)
    return render_template(
        "results/border/pages.html", contest=access.contest, criteria=tallied.criteria, pages=pages_to_sign(tallied)
    )


@bp.post("/panel/<code>/border/photo")
@signed_in
def border_photo(code: str) -> ResponseReturnValue:
    """The photo of a page that a judge signed; it stays with the minutes."""
    with reading():
        access = _panel(code)
        if access.contest.state is ContestState.OPEN:
            raise Conflict(_("Phần thi chưa khóa điểm."))
        pages = {
            f"{page.seat.letter}-{page.session_id}": page for page in pages_to_sign(tally_for_result(access.contest))
        }
    page = pages.get(request.form.get("page", ""))
    if page is None or page.session_id is None:
        raise BadInput(_("Chọn trang đã ký."))
    content = readable(request.files["photo"].read() if "photo" in request.files else b"")
    with transaction():
        keep_photo(access.contest, page.seat.id, content, acting_user(), page=page.session_id)
    flash(_("Đã giữ ảnh của trang đã ký."), "good")
    return redirect(url_for("results.border_check", code=code), 303)


@bp.post("/panel/<code>/border/settle")
@signed_in
def border_settle(code: str) -> ResponseReturnValue:
    """The panel says that the slip says what was locked, or takes that back."""
    with reading():
        access = _panel(code)
        if access.seat is None or not (access.seat.chair or access.seat.secretary):
            raise Forbidden(_("Việc này do trưởng ban giám khảo hoặc thư ký của phần thi làm."))
    reason, back = request.form.get("reason", ""), bool(request.form.get("back"))
    if not back and not reason.strip():
        raise BadInput(_("Ghi rõ lý do."))
    with transaction():
        names = request.form.get("names", "").replace(";", ",").split(",")
        border.settle(
            access.contest.id,
            typed_number(request.form.get("typing", "")) or 0,
            "" if back else reason,
            names,
            acting_user(),
        )
    flash(_("Đã bỏ quyết định về phiếu này.") if back else _("Đã ghi quyết định của ban giám khảo."), "note")
    return redirect(url_for("results.border_check", code=code), 303)


@bp.post("/panel/<code>/border/override")
@signed_in
def border_override(code: str) -> ResponseReturnValue:
    """Chair and secretary, both proving who they are, say why nobody waits for a judge's confirmation."""
    with reading():
        contest: Contest = _panel(code).contest
    two = proving.chair_and_secretary(request.form, "confirm")
    if isinstance(two, str):
        with reading():
            return _page(_panel(code), {"override": two}), 422
    try:
        with transaction():
            tallied = tally_for_result(border.hold_locked(contest.id))
            proving.stand_for(two, tallied.contest)
            seat = next((each for each in tallied.seats if each.letter == request.form.get("judge")), None)
            if seat is None:
                raise BadInput(_("Chọn giám khảo."))
            override_confirmation(tallied, seat.id, request.form.get("reason", ""), *two)
    except BadInput as refused:
        with reading():
            return _page(_panel(code), {"override": str(refused.message)}), 422
    flash(_("Đã ghi lý do không chờ giám khảo %(letter)s xác nhận.", letter=seat.letter), "note")
    return redirect(url_for("results.border_check", code=code), 303)
