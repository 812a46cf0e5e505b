"""The page where the lead says how the gates work: the countdown, and whether exits are scanned."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.naming import set_gates
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.editions.queries import the_festival
from festival.office.gates.blueprint import bp


@bp.get("/settings")
@requires(Permission.CHECKIN)
def settings() -> str:
    """What holds now."""
    return render_template("office/gates/settings.html", gates=gates_of(the_festival().id))


@bp.post("/settings")
@requires(Permission.CHECKIN)
def set_settings() -> ResponseReturnValue:
    """Set both; the gates hear of it with their next question."""
    countdown_s = typed_number(request.form.get("countdown", ""))
    if countdown_s is None:
        raise BadInput(_("Tự ghi sau khi quét: chọn tắt, 4 giây hoặc 8 giây."))
    was = typed_number(request.form.get("was", "")) or 0
    with transaction():
        set_gates(the_festival(), countdown_s, exits=request.form.get("exits") == "y", version=was, by=acting_user())
    flash(_("Đã lưu. Các cổng làm theo ngay khi hỏi máy chủ."), "good")
    return redirect(url_for("gates.settings"))
