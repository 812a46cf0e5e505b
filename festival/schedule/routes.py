"""The organiser's pages of draw and programme, and the stage manager's page of the day."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contest_by_code, contests
from festival.core.births import Birth, birth
from festival.core.clock import from_local, now, today
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.text import cut, line
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound, Refusal
from festival.core.web.forms import form_number, not_offered
from festival.core.web.i18n import say
from festival.core.web.paging import asked_number, asked_part
from festival.editions.models import Festival
from festival.editions.queries import current_festival, the_festival
from festival.roster.models import Entry
from festival.roster.public_names import names_held
from festival.schedule import drawing, live, planning, queries
from festival.schedule import sessions as schedule_sessions
from festival.schedule.changes import changes
from festival.schedule.draw import Drawn, Undrawn, hand_order, seeded_order
from festival.schedule.drawing import DrawRecorded
from festival.schedule.models import ActState
from festival.schedule.planning import NotPublished, Published
from festival.schedule.timetable import ACTS_A_PAGE, Choice, stage_part, timetable
from festival.schedule.words import STATE_SYMBOLS, STATE_TONES, STATE_WORDS, TAPS

bp = Blueprint("schedule", __name__)

CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])\s*(?:[:hg.]|giờ)\s*(?P<minute>[0-5]\d)?")


# ---------------------------------------------------------------- office


@bp.get("/office/schedule")
@requires(Permission.SCHEDULE)
def office_page() -> ResponseReturnValue:
    """Draws, the present plan with its conflicts, published versions."""
    festival = current_festival()
    if festival is None:
        return render_template("schedule/none_yet.html")
    return _office_page(festival)


def _office_page(festival: Festival, refused: Refusal | None = None, form: str = "") -> ResponseReturnValue:
    """`refused`: why one of the page's forms (its anchor) was not taken; what was typed is in it again."""
    shown = timetable(festival.id, _choice(page=asked_number("page", 1)))
    conflicts = queries.plan_conflicts(festival.id) if shown.acts else []
    rows, stages = contests(festival.id), queries.stages(festival.id)
    plans = queries.plan_versions(festival.id)
    return render_template(
        "schedule/office.html",
        festival=festival,
        draws=queries.draw_rows(festival.id),
        shown=shown,
        conflicts=conflicts,
        in_conflict={code for conflict in conflicts for act in conflict.acts for code in act.split("+")},
        stages=stages,
        contest_choices=[(row.id, row.name) for row in rows],
        stage_choices=[(row.id, row.name) for row in stages],
        plans=plans,
        plan_version=plans[0].version if plans else None,
        states=STATE_WORDS,
        refused=refused,
        refused_form=form,
        typed=request.form if refused else {},
    ), 422 if refused else 200


def _choice(*, page: int = 1, act: int = 0) -> Choice:
    """The day and the stage of the address, kept while acts are moved."""
    return Choice(asked_number("day"), cut(request.args.get("stage", ""), 40), page, act)


@bp.post("/office/schedule/stages")
@requires(Permission.SCHEDULE)
def stage_post() -> ResponseReturnValue:
    """Add a stage."""
    try:
        with transaction():
            schedule_sessions.add_stage(
                the_festival().id,
                cut(line(request.form.get("code", "")), 40),
                cut(line(request.form.get("name", "")), 80),
            )
    except (BadInput, Conflict) as refused:
        return _office_page(the_festival(), refused, "add-stage")
    flash(_("Đã thêm sân khấu."), "good")
    return redirect(url_for("schedule.office_page"))


@bp.post("/office/schedule/sessions")
@requires(Permission.SCHEDULE)
def session_post() -> ResponseReturnValue:
    """Add a block of a contest on a stage."""
    try:
        with transaction():
            festival = the_festival()
            day = _day(request.form.get("day", ""), festival)
            contest_id, stage_id = form_number("contest"), form_number("stage")
            if stage_id not in {row.id for row in queries.stages(festival.id)}:
                raise BadInput(_("Sân khấu này không có trong ngày hội. Chọn một sân khấu trong danh sách."))
            schedule_sessions.add_session(
                stage_id,
                contest_id,
                _moment(day, request.form.get("from", "")),
                _moment(day, request.form.get("until", "")),
                cut(line(request.form.get("label", "")), 60),
            )
    except BadInput as refused:
        return _office_page(the_festival(), refused, "add-session")
    flash(_("Đã thêm buổi thi."), "good")
    return redirect(url_for("schedule.office_page"))


@bp.post("/office/schedule/sessions/<int(max=9007199254740991):session_id>/remove")
@requires(Permission.SCHEDULE)
def remove_session_post(session_id: int) -> ResponseReturnValue:
    """Take out an empty session."""
    with transaction():
        schedule_sessions.remove_session(session_id)
    flash(_("Đã bỏ buổi thi."), "good")
    return redirect(url_for("schedule.office_page"))


@bp.post("/office/schedule/plan")
@requires(Permission.SCHEDULE)
def plan_post() -> ResponseReturnValue:
    """Make the first running order."""
    gap = typed_number(request.form.get("gap", ""))
    if gap is None or gap > 240:
        raise BadInput(_("Số phút nghỉ là số từ 0 đến 240."))
    with transaction():
        done = planning.make_plan(the_festival().id, gap_min=gap, order_binds=request.form.get("order") == "yes")
    if done.conflicts:
        flash(_("Đã xếp %(n)s tiết mục; còn điều phải xem lại bên dưới.", n=done.placed), "warn")
    else:
        flash(_("Đã xếp %(n)s tiết mục, không ai phải ở hai nơi cùng lúc.", n=done.placed), "good")
    return redirect(url_for("schedule.office_page", _anchor="plan"))


@bp.post("/office/schedule/publish")
@requires(Permission.SCHEDULE)
def publish_post() -> ResponseReturnValue:
    """Publish the next version."""
    with transaction():
        answer = planning.publish(the_festival().id, acting_user(), cut(request.form.get("note", ""), 200))
    match answer:
        case Published(version):
            flash(_("Đã công bố lịch thi phiên bản %(n)s.", n=version), "good")
            return redirect(url_for("schedule.version_page", version=version))
        case NotPublished(found):
            flash(_("Chưa công bố: có người phải ở hai nơi cùng lúc."), "bad")
            for conflict in found[:5]:
                flash(say(conflict.reason), "bad")
            return redirect(url_for("schedule.office_page", _anchor="plan"))


@bp.post("/office/schedule/acts/<int(max=9007199254740991):act_id>/move")
@requires(Permission.SCHEDULE)
def move_post(act_id: int) -> ResponseReturnValue:
    """Swap an act with its neighbour."""
    to = request.form.get("to")
    if to not in {"earlier", "later"}:
        raise not_offered("to")
    with transaction():
        planning.move_act(act_id, earlier=to == "earlier", user_id=acting_user())
    with reading():
        # the act may have gone over to the next page
        shown = timetable(the_festival().id, _choice(act=act_id))
    page = shown.part.number if shown.part.number > 1 else None
    return redirect(url_for("schedule.office_page", **shown.choice.query, page=page, _anchor=f"act-{act_id}"))


@bp.get("/office/schedule/versions/<int(max=9007199254740991):version>")
@requires(Permission.SCHEDULE)
def version_page(version: int) -> ResponseReturnValue:
    """One published version and what it changed."""
    plan, before = queries.plan_and_before(the_festival().id, version)
    if plan is None:
        raise NotFound()
    every = plan.content["acts"]
    part = asked_part(len(every), ACTS_A_PAGE)
    acts = [{**act, "at": datetime.fromisoformat(act["starts_at"])} for act in part.of(every)]
    said = changes(before.content, plan.content) if before else []
    return render_template("schedule/version.html", plan=plan, acts=acts, said=said, part=part)


@bp.get("/office/schedule/print")
@requires(Permission.SCHEDULE)
def print_page() -> ResponseReturnValue:
    """The running orders on paper, a session a page: they are hung up, so names stand on them as in public."""
    festival = the_festival()
    plan = queries.published_plan(festival.id)
    return render_template(
        "schedule/print.html",
        festival=festival,
        sessions=queries.sessions(festival.id),
        held=names_held(festival.id),
        plan_version=plan.version if plan else None,
        printed_at=now(),
    )


# ---------------------------------------------------------------- draw


@bp.get("/office/schedule/<code>/draw")
@requires(Permission.SCHEDULE)
def draw_page(code: str) -> ResponseReturnValue:
    """The draw of a contest: to be typed live, or as it was drawn."""
    return _draw_page(code, {}, {}, [], "")


def _draw_page(
    code: str, typed: dict[str, str], faults: dict[str, object], order: list[Entry], seed: str
) -> ResponseReturnValue:
    festival = the_festival()
    contest = contest_by_code(festival, code)
    return render_template(
        "schedule/draw.html",
        contest=contest,
        draw=queries.draws(festival.id).get(contest.id),
        entries=queries.enrolled(contest.id),
        typed=typed,
        faults=faults,
        order=order,
        seed=seed,
    ), 422 if faults else 200


@bp.post("/office/schedule/<code>/draw")
@requires(Permission.SCHEDULE)
def draw_post(code: str) -> ResponseReturnValue:
    """Read the numbers back, then record them: two steps, because a draw is not drawn twice."""
    seed = request.form.get("seed", "").strip()
    typed = {key.removeprefix("n-"): value for key, value in request.form.items() if key.startswith("n-")}
    step = request.form.get("step")
    if step == "back":
        return _draw_page(code, typed, {}, [], "")
    if step == "confirm":
        return _record(code, seed, typed)
    with reading():
        entries = {entry.code: entry for entry in queries.enrolled(contest_by_code(the_festival(), code).id)}
    if seed:
        if not drawing.SEED.fullmatch(seed):
            raise BadInput(_("Số gieo gồm 1 đến 64 ký tự, chỉ dùng chữ, số và các dấu . : / + -"))
        drawn = seeded_order(seed, code, list(entries))
        return _draw_page(code, {}, {}, [entries[each] for each in drawn], seed)
    match hand_order({each: typed.get(each, "") for each in entries}):
        case Undrawn(faults):
            return _draw_page(code, typed, dict(faults), [], "")
        case Drawn(order):
            return _draw_page(code, typed, {}, [entries[each] for each in order], "")


def _record(code: str, seed: str, typed: dict[str, str]) -> ResponseReturnValue:
    with transaction():
        contest = contest_by_code(the_festival(), code)
        answer = (
            drawing.draw_by_seed(contest.id, seed, acting_user())
            if seed
            else drawing.draw_by_hand(contest.id, typed, acting_user())
        )
    match answer:
        case DrawRecorded():
            flash(_("Đã ghi thứ tự vào sổ."), "good")
            return redirect(url_for("schedule.draw_page", code=code))
        case Undrawn(faults):
            # a family was withdrawn or approved between reading back and confirming
            return _draw_page(code, typed, dict(faults), [], "")


@bp.post("/office/schedule/<code>/draw/cancel")
@requires(Permission.SCHEDULE)
def draw_cancel_post(code: str) -> ResponseReturnValue:
    """Void a draw, with the reason."""
    with transaction():
        contest = contest_by_code(the_festival(), code)
        drawing.cancel_draw(contest.id, cut(request.form.get("reason", ""), 200), acting_user())
    flash(_("Đã hủy kết quả bốc thăm. Việc hủy đã ghi vào sổ."), "warn")
    return redirect(url_for("schedule.draw_page", code=code))


# ---------------------------------------------------------------- the day


@bp.get("/office/stage")
@requires(Permission.STAGE)
def stage_list() -> ResponseReturnValue:
    """All stages with how far they are."""
    festival = current_festival()
    return render_template("schedule/stages.html", stages=queries.stage_rows(festival.id) if festival else [])


@bp.get("/office/stage/<code>")
@requires(Permission.STAGE)
def stage_page(code: str) -> ResponseReturnValue:
    """One stage: who is next, on, done."""
    stage = next((row for row in queries.stages(the_festival().id) if row.code == code), None)
    if stage is None:
        raise NotFound()
    sessions = queries.stage_acts(stage.id)
    on, following = queries.on_and_next(sessions)
    asked = asked_number("page")
    return render_template(
        "schedule/stage.html",
        stage=stage,
        shown=stage_part(sessions, asked, next(iter([*on, *following]), None)),
        asked=asked or None,
        on=on,
        following=following,
        today=today(),
        states=STATE_WORDS,
        tones=STATE_TONES,
        symbols=STATE_SYMBOLS,
        taps=TAPS,
    )


@bp.post("/office/stage/acts/<int(max=9007199254740991):act_id>")
@requires(Permission.STAGE)
def state_post(act_id: int) -> ResponseReturnValue:
    """The stage manager's tap."""
    try:
        was, to = ActState(request.form.get("was", "")), ActState(request.form.get("to", ""))
    except ValueError as error:
        raise BadInput() from error
    with transaction():
        act = live.set_state(act_id, was, to)
        code = act.session.stage.code
    page = asked_number("page") or None
    return redirect(url_for("schedule.stage_page", code=code, page=page, _anchor=f"act-{act_id}"))


# ---------------------------------------------------------------- reading what was typed


def _day(typed: str, festival: Festival) -> date:
    """A day as people write it, 14/6/2024."""
    read: Birth | Sentence = birth(typed, festival.ends_on)
    if isinstance(read, Birth) and read.date is not None:
        return read.date
    raise BadInput(_("Ngày viết như 14/6/2024, trong các ngày của ngày hội."))


def _moment(day: date, typed: str) -> datetime:
    found = CLOCK.fullmatch(typed.strip())
    if found is None:
        raise BadInput(_("Giờ viết như 7:30 hoặc 7 giờ 30."))
    return from_local(datetime.combine(day, time(int(found["hour"]), int(found["minute"] or 0))))
