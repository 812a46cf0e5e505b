"""The pages on which sessions or a whole day go to another stage or hour, now or if it comes to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, Refusal
from festival.core.web.forms import not_offered
from festival.core.web.paging import asked_number
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.editing.asking import ask
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.editing.session_pages import festival_now, status
from festival.schedule.editing.typed import day_typed, moment_typed
from festival.schedule.history.models import WayOut
from festival.schedule.models import Session
from festival.schedule.moving.shifting import Shift, Shifted, shift, shift_from_json
from festival.schedule.moving.ways_out import keep, put_away, take, ways_out
from festival.schedule.timetable import day_number, sessions_alone


@dataclass(frozen=True, slots=True)
class KeptWay:
    """A way out as the page tells it; `gone`: sessions of it that are no more."""

    kept: WayOut
    sessions: tuple[Session, ...]
    gone: int
    stage: str
    starts_at: datetime | None


@bp.get("/office/schedule/shift")
@requires(Permission.SCHEDULE)
def shift_page() -> ResponseReturnValue:
    """The sessions of a day to choose from, where to, and what is kept ready."""
    return _page()


def _page(refused: Refusal | None = None, *, typed: bool = False) -> ResponseReturnValue:
    festival = the_festival()
    rows = sessions_alone(festival.id)
    days = sorted({local(row.starts_at).date() for row in rows})
    asked = typed_number(request.form.get("of_day", "")) or asked_number("day")
    day = next((on for on in days if day_number(on) == asked), days[0] if days else None)
    of_day = [row for row in rows if local(row.starts_at).date() == day]
    only = asked_number("session")
    stages = queries.stages(festival.id)
    names = {row.code: row.name for row in stages}
    typed = typed or refused is not None
    return render_template(
        "schedule/shift.html",
        days=[(day_number(on), on) for on in days],
        day=day_number(day) if day else 0,
        sessions=of_day,
        chosen={row.id for row in of_day if (f"s-{row.id}" in request.form if typed else only in (0, row.id))},
        stages=[(row.code, row.name) for row in stages if not row.closed],
        typed=request.form if typed else {},
        ways=[_told(each, rows, names) for each in ways_out(festival.id)],
        refused=refused,
    ), status(refused)


def _told(kept: WayOut, rows: list[Session], names: dict[str, str]) -> KeptWay:
    wanted = shift_from_json(kept.wanted)
    found = tuple(row for row in rows if row.id in wanted.sessions)
    return KeptWay(kept, found, len(wanted.sessions) - len(found), names.get(wanted.stage, ""), wanted.starts_at)


def _typed(festival: Festival) -> Shift:
    """What the form says; BadInput that names the field."""
    chosen = [typed_number(name.removeprefix("s-")) for name in request.form if name.startswith("s-")]
    at = None
    if request.form.get("from", "").strip() or request.form.get("to_day", "").strip():
        at = moment_typed(day_typed(request.form.get("to_day", ""), festival), request.form.get("from", ""))
    return Shift(tuple(each for each in chosen if each is not None), cut(request.form.get("to_stage", ""), 40), at)


@bp.post("/office/schedule/shift")
@requires(Permission.SCHEDULE)
def shift_post() -> ResponseReturnValue:
    """Look and go, or keep it ready."""
    festival, me, do = festival_now(), acting_user(), request.form.get("do", "move")
    if do not in {"move", "keep"}:
        raise not_offered("do")
    if request.form.get("back"):
        return _page(typed=True)
    try:
        wanted = _typed(festival)
        if do == "keep":
            with transaction():
                keep(festival.id, wanted, me)
            flash(_("Đã giữ phương án. Lịch chưa đổi gì."), "good")
            return redirect(url_for("schedule.shift_page", day=request.form.get("of_day"), _anchor="kept"))
        done = carry_out(festival.id, lambda: shift(festival.id, wanted, me), request.form.get("agreed", ""))
    except (BadInput, Conflict) as refused:
        return _page(refused)
    return _answer(done, editable=True)


def _answer(done: Carried[Shifted] | PlanFollows, *, editable: bool) -> ResponseReturnValue:
    match done:
        case PlanFollows():
            return ask(done, _("Dời các buổi này?"), _("Dời"), editable=editable, cancel=url_for("schedule.shift_page"))
        case Carried(shifted):
            said = _("Đã dời %(n)s buổi thi.", n=shifted.sessions)
            if shifted.stayed:
                said += " " + _("%(n)s tiết mục đã thi hoặc đang thi giữ nguyên chỗ.", n=shifted.stayed)
            flash(said, "good")
            return redirect(url_for("schedule.board_page"))


@bp.post("/office/schedule/shift/kept/<int(max=9007199254740991):way>")
@requires(Permission.SCHEDULE)
def way_out_post(way: int) -> ResponseReturnValue:
    """Look at it and take it, throw it away, or have it back."""
    festival, me, do = festival_now(), acting_user(), request.form.get("do", "")
    if do not in {"take", "close", "back"}:
        raise not_offered("do")
    if do == "take":
        try:
            done = carry_out(festival.id, lambda: take(festival.id, way, me), request.form.get("agreed", ""))
        except (BadInput, Conflict) as refused:
            return _page(refused)
        return _answer(done, editable=False)
    with transaction():
        put_away(festival.id, way, back=do == "back")
    flash(
        _("Đã lấy lại phương án.") if do == "back" else _("Đã bỏ phương án. Lấy lại được ở danh sách bên dưới."), "good"
    )
    return redirect(url_for("schedule.shift_page", _anchor="kept"))
