"""The page on which an organiser lets the solver fill the draft: started, watched, stopped, looked at, taken, thrown away."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import BaseModel

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web import openapi
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.forms import not_offered
from festival.core.web.i18n import day, moment, say
from festival.core.web.paging import asked_number
from festival.editions.queries import current_festival, the_festival
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.editing.asking import ask
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.filling.chosen import FillChoice
from festival.schedule.filling.running import LIMITS, ask_fill, drop_fill, runs, stop_fill
from festival.schedule.filling.shown import SHOWN, shown_fill
from festival.schedule.filling.taking import TakenFill, take_found
from festival.schedule.history.steps import next_steps
from festival.schedule.models import Session
from festival.schedule.queries import session_title
from festival.schedule.timetable import day_number, sessions_alone

LARGEST_KEY = 2**53 - 1


@bp.get("/office/schedule/fill")
@requires(Permission.SCHEDULE)
def fill_page() -> ResponseReturnValue:
    """The search that was asked for last, or the one the address names; the form of the next one."""
    festival = current_festival()
    if festival is None:
        return render_template("schedule/none_yet.html")
    several = runs(festival.id)
    named = asked_number("run")
    run = next((each for each in several if each.id == named), several[0] if several else None)
    sessions = sessions_alone(festival.id)
    return render_template(
        "schedule/filling/fill.html",
        festival=festival,
        fill=None if run is None else shown_fill(run),
        earlier=[each for each in several if run is not None and each.id != run.id and "plan" in each.found],
        parts=_parts(sessions),
        drawn=_drawn(festival.id, sessions),
        limits=LIMITS,
        gap=queries.GAP_MIN,
        steps=next_steps(festival.id, acting_user()),
        shown=SHOWN,
    )


def _parts(sessions: list[Session]) -> list[tuple[str, str]]:
    """What can be chosen: all, who has no time, a day, a session."""
    days: dict[int, date] = {}
    for row in sessions:
        days.setdefault(day_number(local(row.starts_at).date()), local(row.starts_at).date())
    return [
        ("all", _("Cả lịch (phần đã khóa, đã thi giữ nguyên)")),
        ("missing", _("Xếp nốt: chỉ tiết mục chưa có giờ")),
        *((f"day-{number}", _("Cả ngày %(day)s", day=day(on))) for number, on in sorted(days.items())),
        *(
            (f"session-{row.id}", _("Buổi %(session)s, %(stage)s, %(at)s", session=session_title(row),
             stage=row.stage.name, at=moment(row.starts_at)))
            for row in sessions
        ),
    ]  # fmt: skip


def _drawn(festival_id: int, sessions: list[Session]) -> list[Contest]:
    """Contests with a session whose order was drawn."""
    drawn = queries.draws(festival_id)
    return list({row.contest_id: row.contest for row in sessions if row.contest_id in drawn}.values())


@bp.post("/office/schedule/fill")
@requires(Permission.SCHEDULE)
def fill_post() -> ResponseReturnValue:
    """Start."""
    limit = typed_number(request.form.get("limit", ""))
    if limit not in LIMITS:
        raise not_offered("limit")
    choice = _choice()
    with transaction():
        festival_id = the_festival().id
        if not choice.binding <= {contest.code for contest in _drawn(festival_id, sessions_alone(festival_id))}:
            raise not_offered("order")
        ask_fill(festival_id, choice, limit, acting_user())
    return redirect(url_for("schedule.fill_page"))


def _choice() -> FillChoice:
    part = FillChoice.part_named(request.form.get("part", ""))
    if part is None:
        raise not_offered("part")
    gap = typed_number(request.form.get("gap", ""))
    if gap is None or gap > 240:
        raise BadInput(_("Số phút nghỉ là số từ 0 đến 240."), field="gap")
    longest = request.form.get("longest", "").strip()
    most = typed_number(longest)
    if longest and (most is None or not 1 <= most <= 1440):
        raise BadInput(_("Số phút chờ lâu nhất là số từ 1 đến 1440, hoặc để trống."), field="longest")
    return FillChoice(*part, gap, most, frozenset(request.form.getlist("order")))


@bp.get("/api/v1/schedule/fill")
@requires(Permission.SCHEDULE)
def fill_state() -> Response:
    """How far the newest search is, in words; for the page that watches it."""
    several = runs(the_festival().id)
    if not several:
        raise NotFound()
    shown = shown_fill(several[0])
    answer = jsonify(
        run=shown.run.id,
        state=shown.state,
        waits=say(shown.waits),
        least=say(shown.least),
        distance=say(shown.distance),
        seconds=shown.seconds,
        late=shown.late,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.post("/office/schedule/fill/step")
@requires(Permission.SCHEDULE)
def fill_step_post() -> ResponseReturnValue:
    """Stop it and keep what there is, throw it away, or have it back."""
    step, run = request.form.get("to", ""), _run()
    if step not in ("stop", "drop", "back"):
        raise not_offered("to")
    with transaction():
        festival_id = the_festival().id
        if step == "stop":
            stop_fill(festival_id, run)
        else:
            drop_fill(festival_id, run, back=step == "back")
    if step == "drop":
        flash(_("Đã bỏ. Lịch đang xếp không đổi gì."), "good")
    return redirect(url_for("schedule.fill_page", run=run))


@bp.post("/office/schedule/fill/take")
@requires(Permission.SCHEDULE)
def fill_take_post() -> ResponseReturnValue:
    """Look at what it changes, then take it."""
    run, me = _run(), acting_user()
    with reading():
        festival_id = the_festival().id
    done = carry_out(
        festival_id, lambda: take_found(festival_id, run, me), request.form.get("agreed", ""), lambda taken: taken.told
    )
    match done:
        case PlanFollows():
            back = url_for("schedule.fill_page", run=run)
            return ask(done, _("Lấy lịch máy tìm được?"), _("Lấy lịch này"), cancel=back)
        case Carried(TakenFill(acts)):
            flash(
                _("Đã lấy lịch: %(n)s tiết mục có giờ hoặc chỗ mới. Hoàn tác được bằng một lần bấm dưới đây.", n=acts),
                "good",
            )
            return redirect(url_for("schedule.fill_page", run=run))
    raise AssertionError(done)


def _run() -> int:
    run = typed_number(request.form.get("run", ""))
    if run is None or run > LARGEST_KEY:
        raise not_offered("run")
    return run


class FillOut(BaseModel):
    """How far the newest search is, in the reader's words."""

    run: int
    state: str
    waits: str
    least: str
    distance: str
    seconds: int
    late: bool


openapi.describe("get", "/api/v1/schedule/fill", "Lần xếp lịch gần nhất", None, FillOut, codes=(404,))
