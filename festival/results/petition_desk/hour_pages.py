"""The organiser's page of hours: until when the jury of each contest reviews petitions. `/petitions/hours`"""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contests
from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.core.web.forms import not_offered
from festival.core.web.i18n import moment
from festival.editions.queries import the_festival
from festival.results.blueprint import bp
from festival.results.petition_desk.hours import hour_of, hour_rows, say_hour, undo_hour
from festival.results.petition_desk.typed import typed_moment
from festival.results.petitions.reading import rule_of


@bp.get("/petitions/hours")
@requires(Permission.RELEASE)
def petition_hours() -> ResponseReturnValue:
    """Each contest with the hour that stands, and the one before."""
    festival = the_festival()
    rows = hour_rows(festival.id)
    lines = []
    for contest in contests(festival.id):
        row = rows.get(contest.id)
        before = row is not None and row.before != row.says
        was = hour_of(row.before) if row is not None else None
        hour = hour_of(row.says) if row is not None else None
        words = moment(was) if was else _("theo thể lệ")
        lines.append((contest, row, hour, _as_typed(hour), words if before else None))
    return render_template("results/petitions/hours.html", festival=festival, lines=lines, rule=rule_of(festival))


def _as_typed(hour: datetime | None) -> str:
    """In its field: 21:30 15/6/2026."""
    at = local(hour) if hour is not None else None
    return f"{at:%H:%M} {at.day}/{at.month}/{at.year}" if at is not None else ""


@bp.post("/petitions/hours/<code>")
@requires(Permission.RELEASE)
def petition_hour_post(code: str) -> ResponseReturnValue:
    """`do`: say, take_back, undo."""
    do, version = request.form.get("do", "say"), typed_number(request.form.get("version", "")) or 0
    if do not in ("say", "take_back", "undo"):
        raise not_offered("do")
    with transaction():
        festival = the_festival()
        if do == "undo":
            undo_hour(festival, code, version, acting_user())
            told = _("Đã trả lại như trước.")
        else:
            at = typed_moment(request.form.get("until", ""), "until") if do == "say" else None
            if do == "say" and at is None:
                raise BadInput(_("Ghi giờ như 21:30 15/6/2026. Muốn theo thể lệ thì bấm «Bỏ giờ này»."), field="until")
            changed = say_hour(festival, code, at, version, acting_user())
            words = _("Đã ghi. Trưởng đoàn thấy giờ này trên trang của đoàn.") if at else _("Đã bỏ, tính theo thể lệ.")
            told = words if changed else _("Không có gì thay đổi.")
    flash(told, "good")
    return redirect(url_for("results.petition_hours"), 303)
