"""The app of a ground (a shell), and the secretary's page of the devices that type a contest there."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, public, signed_in
from festival.core.web.errors import BadInput, NotFound
from festival.judging.contest_access import ContestAccess
from festival.judging.ground.devices import GROUND_KINDS, devices_for, give
from festival.judging.routes import as_secretary, bp, still_open


@bp.get("/ground")
@public
def ground() -> str:
    """The app of a ground: no row of the database is in it."""
    return render_template("judging/ground/app.html")


def on_the_ground(code: str) -> ContestAccess:
    """A contest of a kind that is typed on a ground, for its secretary."""
    access = as_secretary(code)
    if access.contest.result_kind not in GROUND_KINDS:
        raise NotFound()
    return access


@bp.get("/panel/<code>/ground")
@signed_in
def ground_devices(code: str) -> str:
    """Which devices type this contest on the ground."""
    contest = on_the_ground(code).contest
    return render_template(
        "judging/ground/devices.html",
        contest=contest,
        devices=devices_for(contest),
        open=contest.state is ContestState.OPEN,
        may_enrol=current_actor().may(Permission.PANEL_DEVICES),
    )


@bp.post("/panel/<code>/ground")
@signed_in
def ground_devices_post(code: str) -> ResponseReturnValue:
    """Give the contest to a device, or take it from one."""
    number, given = typed_number(request.form.get("device", "")), request.form.get("given")
    if number is None or given not in ("yes", "no"):
        raise BadInput(_("Chưa chọn máy. Chọn trong danh sách rồi bấm lại."))
    with transaction():
        access = on_the_ground(code)
        still_open(access)
        give(access.contest, number, acting_user(), given=given == "yes")
    if given == "yes":
        flash(_("Đã giao phần thi cho máy %(n)s.", n=number), "good")
    else:
        flash(_("Máy %(n)s không ghi phần thi này nữa.", n=number), "note")
    return redirect(url_for("judging.ground_devices", code=code), 303)
