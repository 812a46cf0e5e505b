"""What if this act came at that hour? The difference is shown first, then taken as one step or left."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.text import cut
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound, Overtaken, Refusal
from festival.core.web.forms import not_offered
from festival.editions.queries import the_festival
from festival.schedule.blueprint import bp
from festival.schedule.mending.change import CAP_MIN, AskedHow, MendKind, PlanChange
from festival.schedule.mending.proposing import Proposal, proposed
from festival.schedule.mending.taking import moves_typed, take_moves
from festival.schedule.mending.typed import cap_typed, day_stamp, hour_of, typed_day
from festival.schedule.moving.lying import lying
from festival.schedule.stage_day.reading import festival_day
from festival.schedule.timetable import day_number

TAKEN_MOST = 60  # letters of the code of an act, as on the board


@bp.get("/office/schedule/asked")
@requires(Permission.SCHEDULE)
def asked_page() -> ResponseReturnValue:
    """`?take=`: the act; its hour is asked for. Without one: where it is taken up."""
    code = cut(request.args.get("take", ""), TAKEN_MOST)
    return _page(code) if code else render_template("schedule/mending/nobody.html")


@bp.post("/office/schedule/asked")
@requires(Permission.SCHEDULE)
def asked_post() -> ResponseReturnValue:
    """Look what would follow, or take what was shown."""
    code, do = cut(request.form.get("take", ""), TAKEN_MOST), request.form.get("do", "look")
    if do not in {"look", "take"}:
        raise not_offered("do")
    if do == "look":
        return _looked(code)
    try:
        with transaction():
            festival_id, me = the_festival().id, acting_user()
            table = lying(festival_id)
            if day_stamp(table) != request.form.get("seen", ""):
                raise Overtaken(_("Lịch vừa được đổi trong lúc xem. Chưa ghi gì: dưới đây là thay đổi tính lại."))
            moves = moves_typed(request.form.get("moves", ""))
            take_moves(festival_id, moves, me, count=len(moves))
            day = day_number(next((each.starts_at for each in moves if each.code == code), moves[0].starts_at).date())
    except Overtaken as refused:
        return _looked(code, refused)
    flash(_("Đã đổi giờ theo điều vừa xem. Hoàn tác được bằng một lần bấm."), "good")
    return redirect(url_for("schedule.board_page", day=day, _anchor=f"act-{code}"))


def _looked(code: str, refused: Refusal | None = None) -> ResponseReturnValue:
    typed = request.form
    try:
        how = AskedHow(typed.get("how", ""))
    except ValueError as error:
        raise not_offered("how") from error
    try:
        with reading():
            festival_id = the_festival().id
            day = typed_day(typed.get("day", ""), festival_id)
        at = hour_of(day, typed.get("hour", ""))
        change = PlanChange(MendKind.ACT, code, at, at, how, cap_typed(typed.get("cap", ""), CAP_MIN))
        found = proposed(festival_id, change)
    except BadInput as wrong:
        return _page(code, wrong)
    return _page(code, refused, found, change)


def _page(
    code: str, refused: Refusal | None = None, found: Proposal | None = None, change: PlanChange | None = None
) -> ResponseReturnValue:
    festival, typed = the_festival(), request.form
    table = lying(festival.id)
    if code not in table.acts:
        raise NotFound(_("Tiết mục này không còn dự thi. Về bảng lịch để xem các tiết mục đang có."))
    days = sorted({festival_day(row.starts_at) for row in table.open_to(code)})
    rows = table.block(code)
    stands = festival_day(rows[0].starts_at) if rows else days[0] if days else None
    return render_template(
        "schedule/mending/asked.html",
        act=table.acts[code],
        rows=rows,
        stage=table.sessions[rows[0].session_id].stage.name if rows else "",
        held=table.held(code),
        days=[(str(day_number(day)), day) for day in days],
        day=typed.get("day") or (str(day_number(stands)) if stands else ""),
        typed=typed,
        most=CAP_MIN,
        found=found,
        why=change.said(table.acts[code].title) if change else None,
        seen=day_stamp(table),
        refused=refused,
    ), refused.status if refused else 200
