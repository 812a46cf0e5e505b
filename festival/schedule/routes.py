"""The pages of published programmes and of the draw, and the stage manager's page of the day."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contest_by_code
from festival.core.clock import now, today
from festival.core.text import cut
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.paging import asked_number, asked_part
from festival.editions.queries import current_festival, the_festival
from festival.logistics.queries import needs_said
from festival.roster.models import Entry
from festival.roster.shown.public_names import names_held
from festival.schedule import drawing, live, queries
from festival.schedule.blueprint import bp
from festival.schedule.board import pages as board_pages
from festival.schedule.board import shift_pages
from festival.schedule.changes import changes
from festival.schedule.draw import Drawn, Undrawn, hand_order, seeded_order
from festival.schedule.drawing import DrawRecorded
from festival.schedule.editing import office_pages, session_pages, stage_pages
from festival.schedule.models import ActState
from festival.schedule.presence.doors import presence
from festival.schedule.sound import pages as sound_pages
from festival.schedule.sound.order import lines_of
from festival.schedule.timetable import ACTS_A_PAGE, stage_part
from festival.schedule.words import STATE_SYMBOLS, STATE_TONES, STATE_WORDS, TAPS

__all__ = ["board_pages", "bp", "office_pages", "session_pages", "shift_pages", "sound_pages", "stage_pages"]

# ---------------------------------------------------------------- what is published


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
    shown = stage_part(sessions, asked, next(iter([*on, *following]), None))
    return render_template(
        "schedule/stage.html",
        needs=needs_said(stage.festival_id),
        stage=stage,
        shown=shown,
        lines=lines_of(stage.festival_id, [act for each in shown.sessions for act in each.acts]),
        here=presence(stage.festival_id, (act for each in shown.sessions for act in each.acts)),
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
