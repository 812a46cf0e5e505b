"""The back of the cards: the way and the map, written by the organiser, the lines of the help table, and the standard again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.editions.queries import the_festival
from festival.passes import back
from festival.passes.blueprint import bp


@bp.get("/office/passes/back")
@requires(Permission.REVIEW)
def card_back() -> ResponseReturnValue:
    """What is printed on the back now."""
    festival = the_festival()
    row = back.row_of(festival)
    return render_template("passes/back.html", back=back.back_of(festival), written=row, own=back.own_lines(row))


@bp.post("/office/passes/back")
@requires(Permission.REVIEW)
def write_card_back() -> ResponseReturnValue:
    """This from now on."""

    def typed(name: str) -> str:
        return " ".join(request.form.get(name, "").split())

    with transaction():
        back.write_back(the_festival(), typed("directions"), typed("map_link"), acting_user())
    flash(_("Đã lưu mặt sau của thẻ. Thẻ đã in thì giữ mặt sau cũ; thẻ in từ giờ mang mặt sau mới."), "good")
    return redirect(url_for("passes.card_back"), 303)


@bp.post("/office/passes/back/table")
@requires(Permission.REVIEW)
def card_back_of_table() -> ResponseReturnValue:
    """Lines of before go; the cards say what the help table says."""
    with transaction():
        back.follow_table(the_festival(), acting_user())
    flash(_("Thẻ in từ giờ mang các số của bảng số gọi."), "good")
    return redirect(url_for("passes.card_back"), 303)


@bp.post("/office/passes/back/standard")
@requires(Permission.REVIEW)
def restore_card_back() -> ResponseReturnValue:
    """The standard again."""
    with transaction():
        back.restore_back(the_festival(), acting_user())
    flash(_("Mặt sau của thẻ về lại mẫu chuẩn."), "good")
    return redirect(url_for("passes.card_back"), 303)
