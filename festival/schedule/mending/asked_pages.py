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
from festival.schedule.mending.further import deed, found_before
from festival.schedule.mending.proposing import Proposal, proposed
from festival.schedule.mending.taking import moves_typed, take_moves
from festival.schedule.mending.today import refuse_other_draft
from festival.schedule.mending.typed import cap_typed, hour_of, typed_day
from festival.schedule.moving.lying import lying
from festival.schedule.stage_day.reading import festival_day
from festival.schedule.timetable import day_number

TAKEN_MOST = 60  # letters of the code of an act, as on the board
ASKED = ("day", "hour", "how", "cap")  # what a question says


@bp.get("/office/schedule/asked")
@requires(Permission.SCHEDULE)
def asked_page() -> ResponseReturnValue:
    """`?take=`: the act; its hour is asked for, `?day=`, `hour` and `how` say it already. Without an act: where it is taken up."""
    code = cut(request.args.get("take", ""), TAKEN_MOST)
    return _page(code) if code else render_template("schedule/mending/nobody.html")


@bp.post("/office/schedule/asked")
@requires(Permission.SCHEDULE)
def asked_post() -> ResponseReturnValue:
    """Look what would follow, or take what was shown."""
    code = cut(request.form.get("take", ""), TAKEN_MOST)
    if deed() != "take":
        return _looked(code)
    try:
        with transaction():
            festival_id, me = the_festival().id, acting_user()
            refuse_other_draft(festival_id, request.form.get("seen", ""))
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
        found = proposed(festival_id, change, before=found_before())
    except BadInput as wrong:
        return _page(code, wrong)
    return _page(code, refused, found, change)


def _page(
    code: str, refused: Refusal | None = None, found: Proposal | None = None, change: PlanChange | None = None
) -> ResponseReturnValue:
    festival, typed = the_festival(), request.form or request.args
    table = lying(festival.id)
    code = next((each for each in table.acts if code == each or code in each.split("+")), code)
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
        asked={name: typed.get(name, "") for name in ASKED} | {"take": code},
        most=CAP_MIN,
        found=found,
        why=change.said(table.acts[code].title) if change else None,
        refused=refused,
    ), refused.status if refused else 200
