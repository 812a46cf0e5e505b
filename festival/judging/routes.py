"""The judge's tablet (a shell), and what the secretary types: counts, times, absences, overtime. (Slips: paper.)"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import Blank, written
from festival.contests.measures import BadTyped, Typed, parse_time, written_time
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.questions.answers import Answered, written_answers
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, current_actor, public, signed_in
from festival.core.web.errors import BadInput, Conflict, Forbidden, Overtaken
from festival.core.web.i18n import chosen_language, say
from festival.core.web.paging import asked_number, part
from festival.core.work import jobs
from festival.core.work.fetching import fetched, how_far
from festival.core.work.jobs import JobState
from festival.judging.confirming import asks_back, line_of_public
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.judging.contest_rules import clock_penalty
from festival.judging.correcting.clocked import clocked
from festival.judging.measuring import (
    MeasureRefused,
    answers_in,
    clock_of,
    drop_measure,
    note_measure,
    note_overtime,
    read_result,
)
from festival.judging.models import MeasureState
from festival.judging.sheets import blank_sheets
from festival.judging.tally import Appearance, Tally, read_tally
from festival.judging.words import MEASURE_WORDS

bp = Blueprint("judging", __name__)

ENTRIES_A_PAGE = 50


@bp.get("/judge")
@public
def judge() -> ResponseReturnValue:
    """The tablet's shell: no row of the database is in it."""
    return render_template("judging/app.html")


def as_secretary(code: str) -> ContestAccess:
    access = contest_for(current_actor(), code)
    if not access.secretary:
        raise Forbidden(_("Việc này do thư ký của phần thi làm."))
    return access


def still_open(access: ContestAccess) -> None:
    if access.contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))


@bp.get("/panel/<code>/blank")
@signed_in
def blank(code: str) -> ResponseReturnValue:
    """Empty score sheets: made by the worker, so the page says how far they are and where they lie."""
    contest = as_secretary(code).contest
    plan = blank_sheets.plan_of(read_tally(contest))
    progress = _blank_progress(contest)
    return render_template(
        "judging/blank.html",
        contest=contest,
        sheets=len(plan["slips"]),
        progress=progress,
        stale=progress is not None and progress.state is JobState.READY and progress.basis != jobs.basis_of(plan),
    )


def _blank_progress(contest: Contest) -> jobs.Progress | None:
    return jobs.latest(blank_sheets.KIND, blank_sheets.subject_of(contest), chosen_language())


@bp.post("/panel/<code>/blank")
@signed_in
def blank_post(code: str) -> ResponseReturnValue:
    """Let them be made; who asks while they are being made gets the same ones."""
    with transaction():
        contest = as_secretary(code).contest
        jobs.ask(blank_sheets.KIND, blank_sheets.subject_of(contest), chosen_language())
    return redirect(url_for("judging.blank", code=code), 303)


@bp.get("/panel/<code>/blank/state")
@signed_in
def blank_state(code: str) -> ResponseReturnValue:
    """How far they are, for the page that waits."""
    return how_far(_blank_progress(as_secretary(code).contest))


@bp.get("/panel/<code>/blank/file")
@signed_in
def blank_file(code: str) -> ResponseReturnValue:
    """The finished document."""
    contest = as_secretary(code).contest
    gone = _("Phiếu chưa làm xong hoặc đã hết hạn giữ. Làm lại ở trang phiếu chấm.")
    progress = fetched([_blank_progress(contest)], gone)
    return jobs.document(progress, blank_sheets.MEDIA_TYPE, f"phieu-cham-{contest.code}.html")


@bp.get("/panel/<code>/measures")
@signed_in
def measures(code: str) -> ResponseReturnValue:
    """The secretary types counts or times, or that an entry did not appear."""
    access = as_secretary(code)
    return _measures_page(read_tally(access.contest), {}, {})


def _page_of(tallied: Tally, appearance: Appearance) -> int:
    """The page of the measures on which an entry stands."""
    return tallied.appearances.index(appearance) // ENTRIES_A_PAGE + 1


def _to_measures(tallied: Tally, appearance: Appearance) -> ResponseReturnValue:
    """Back to the entry, on its page."""
    page = _page_of(tallied, appearance)
    code = tallied.contest.code
    return redirect(
        url_for("judging.measures", code=code, page=page if page > 1 else None, _anchor=appearance.code), 303
    )


def _measures_page(
    tallied: Tally, typed: Mapping[str, str], errors: Mapping[str, str], appearance: Appearance | None = None
) -> str:
    """`appearance`: whose form was not taken; without one the page that the address asks for."""
    contest = tallied.contest
    marks_shown(contest)
    found = len(tallied.appearances)
    shown = part(
        found, ENTRIES_A_PAGE, asked_number("page", 1) if appearance is None else _page_of(tallied, appearance)
    )
    return render_template(
        "judging/measures.html",
        contest=contest,
        measures={(entry, each.round): each for entry, tries in tallied.measures.items() for each in tries},
        value_words=_value_words(contest),
        written_answers=written_answers,
        appearances=shown.of(tallied.appearances),
        part=shown,
        overtime=tallied.overtime_s,
        clocked=clocked(tallied),
        tries=range(1, contest.attempts + 1),
        rubric=contest.result_kind is ResultKind.RUBRIC,
        timed=contest.result_kind is ResultKind.TIME,
        match=contest.result_kind is ResultKind.MATCH,
        open=contest.state is ContestState.OPEN,
        typed=typed,
        errors=errors,
        measure_words=MEASURE_WORDS,
    )


def _value_words(contest: Contest) -> str:
    if contest.result_kind is ResultKind.TIME:
        return str(_("Thời gian"))
    if contest.questions:
        return str(_("Câu trả lời"))
    return str(_("Số %(unit)s", unit=contest.unit_label) if contest.unit_label else _("Kết quả"))


def _measured(code: str) -> tuple[Tally, Appearance]:
    """The tally of a contest that is still open, for its secretary, and the entry that the form names."""
    with reading():
        access = as_secretary(code)
        still_open(access)
        tallied = read_tally(access.contest)
    appearance = next((each for each in tallied.appearances if each.code == request.form.get("entry")), None)
    if appearance is None:
        raise BadInput(_("Chưa chọn tiết mục, hoặc tiết mục không có trong phần thi. Chọn lại trong bảng rồi ghi."))
    return tallied, appearance


@bp.post("/panel/<code>/measures")
@signed_in
def measures_post(code: str) -> ResponseReturnValue:
    """One try of one entry: a value, a state, or nothing (takes it back)."""
    tallied, appearance = _measured(code)
    round_ = typed_number(request.form.get("round", "1")) or 0
    try:
        return _noted(tallied, appearance, round_, request.form.get("value", ""))
    except Overtaken:
        return _overtaken(code, appearance, round_, request.form.get("value", ""))


def _noted(tallied: Tally, appearance: Appearance, round_: int, typed: str) -> ResponseReturnValue:
    base = typed_number(request.form.get("version", "")) or 0
    key = f"{appearance.code}-{round_}"
    contest, user = tallied.contest, acting_user()
    state = request.form.get("state", MeasureState.VALID.value)
    value: int | None = None
    answers: str | None = None
    problem: str | None = None
    if state == MeasureState.VALID.value:
        match read_result(contest, typed):
            case Typed() | Answered() as read:
                value, answers = read.value, answers_in(read)
            case Blank() if base == 0:
                problem = _("Chưa gõ kết quả.")
            case Blank():
                with transaction():
                    drop_measure(contest.id, appearance.id, round_, base, user)
                flash(_("Đã bỏ kết quả của %(name)s.", name=appearance.name), "note")
                return _to_measures(tallied, appearance)
            case BadTyped(said):
                problem = say(said)
    elif state not in {each.value for each in MeasureState}:
        problem = _("Chưa chọn trạng thái.")
    if problem is None and (asked := _asked_back(tallied, appearance, MeasureState(state), round_, base)) is not None:
        return asked
    if problem is None:
        with transaction():
            outcome = note_measure(
                contest.id, appearance.id, round_, MeasureState(state), value, base, user, None, answers
            )
        if isinstance(outcome, MeasureRefused):
            problem = outcome.said
    if problem is not None:
        return _measures_page(tallied, {key: typed}, {key: problem}, appearance), 422
    noted = MEASURE_WORDS.get(MeasureState(state), f"{value} {contest.unit_label}".strip() if answers else str(value))
    if value is not None and contest.result_kind is ResultKind.TIME:
        noted = written_time(value)
    flash(_("Đã ghi kết quả của %(name)s: %(value)s.", name=appearance.name, value=noted), "good")
    return _to_measures(tallied, appearance)


def _overtaken(code: str, appearance: Appearance, round_: int, typed: str) -> ResponseReturnValue:
    """Somebody else was quicker: what was typed stays, and what stands is named."""
    with reading():
        tallied = read_tally(as_secretary(code).contest)
    now = next((each for each in tallied.measures.get(appearance.id, ()) if each.round == round_), None)
    if now is None or now.value is None:
        stands = str(MEASURE_WORDS.get(now.state, "") if now else _("chưa có kết quả"))
    elif now.answers:
        stands = written_answers(now.answers)
    else:
        stands = written_time(now.value) if tallied.contest.result_kind is ResultKind.TIME else str(now.value)
    said = _("Người khác vừa sửa, đang ghi: %(value)s. Những gì vừa gõ vẫn còn; đúng thì ghi lại.", value=stands)
    key = f"{appearance.code}-{round_}"
    return _measures_page(tallied, {key: typed} if typed else {}, {key: said}, appearance), 409


def _asked_back(
    tallied: Tally, appearance: Appearance, state: MeasureState, round_: int, base: int
) -> ResponseReturnValue | None:
    """What the public is about to see of an entry, to be confirmed; None when it is, or nothing is to confirm."""
    step = request.form.get("step")
    if not asks_back(tallied.contest, state) or step == "confirm":
        return None
    if step == "back":
        return _to_measures(tallied, appearance)
    return render_template(
        "judging/read_back.html",
        contest=tallied.contest,
        appearance=appearance,
        state=state,
        line=line_of_public(appearance.name, appearance.delegation, state),
        hidden={"entry": appearance.code, "round": round_, "version": base, "state": state.value},
    )


@bp.post("/panel/<code>/overtime")
@signed_in
def overtime(code: str) -> ResponseReturnValue:
    """By how much an act ran over; blank or 0 takes it back."""
    tallied, appearance = _measured(code)
    lasted = "lasted" in request.form
    typed = request.form.get("lasted" if lasted else "seconds", "")
    seconds = 0
    if typed.strip() not in ("", "0", "0:00"):
        match parse_time(typed):
            case Typed(ms):
                seconds = -(-ms // 1000) - (tallied.contest.duration_min * 60 if lasted else 0)
            case _other:
                error = {f"{appearance.code}-over": _("Thời gian viết như 1:20 (phút:giây).")}
                return _measures_page(tallied, {f"{appearance.code}-over": typed}, error, appearance), 422
    was = request.form.get("was", "")
    seen = typed_number(was.removeprefix("-"))
    seen = -seen if seen and was.startswith("-") else seen
    try:
        with transaction():
            note_overtime(tallied.contest.id, appearance.id, seconds, acting_user(), seen)
    except Overtaken as refused:
        with reading():
            fresh, key = read_tally(as_secretary(code).contest), f"{appearance.code}-over"
            return _measures_page(fresh, {key: typed}, {key: str(refused.message)}, appearance), 409
    off = written(clock_penalty(tallied.contest, seconds))
    if seconds < 0:
        flash(
            _(
                "%(name)s kết thúc sớm %(time)s, trừ %(points)s điểm.",
                name=appearance.name,
                time=clock_of(-seconds),
                points=off,
            ),
            "good",
        )
    else:
        flash(
            _(
                "%(name)s quá giờ %(time)s, trừ %(points)s điểm.",
                name=appearance.name,
                time=clock_of(seconds),
                points=off,
            ),
            "good",
        )
    return _to_measures(tallied, appearance)
