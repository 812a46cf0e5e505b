"""The page of who holds which device, and the shell where a device is handed on."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, public, requires
from festival.core.web.errors import BadInput, Forbidden, NotFound
from festival.core.web.forms import not_offered
from festival.devices import rights
from festival.devices.handlers import DeviceRole
from festival.devices.shifts import holding
from festival.editions.queries import current_festival, the_festival

bp = Blueprint("device_shifts", __name__)


@bp.get("/shift")
@public
def shell() -> str:
    """Where a device goes from hand to hand: a shell without a row of the database, kept on the phone."""
    return render_template("devices/shift.html")


@bp.get("/office/devices/shifts")
@requires(Permission.DEVICES)
def shifts_page() -> str:
    """Who held which device, the latest first."""
    festival = current_festival()
    if festival is None:
        return render_template("layouts/no_edition.html", words=_("Thiết bị"))
    roles = _handed()
    return render_template(
        "devices/shifts.html",
        lines=holding.shift_lines(festival.id, roles),
        devices=holding.devices_to_hand(festival.id, roles),
        name_max=holding.NAME_MAX,
    )


@bp.post("/office/devices/shifts")
@requires(Permission.DEVICES)
def say() -> ResponseReturnValue:
    """The office writes down who holds a device from now on."""
    device_id = typed_number(request.form.get("device", "")) or 0
    holder = request.form.get("holder", "").strip()
    if len(holder) > holding.NAME_MAX:
        raise BadInput(_("Tên người giữ máy dài quá %(most)s chữ.", most=holding.NAME_MAX))
    with transaction():
        role = holding.role_of_device(the_festival().id, device_id)
        if role is None:
            raise not_offered("device")
        _may_hand(role)
        holding.say(device_id, holder, acting_user())
    flash(_("Đã ghi người giữ máy.") if holder else _("Đã ghi: máy được cất, không ai giữ."), "good")
    return redirect(url_for("device_shifts.shifts_page"), 303)


@bp.post("/office/devices/shifts/<int(max=9007199254740991):shift_id>/back")
@requires(Permission.DEVICES)
def take_back(shift_id: int) -> ResponseReturnValue:
    """It was written by mistake."""
    with transaction():
        _may_hand(holding.role_of_shift(the_festival().id, shift_id))
        done = holding.take_back(shift_id, acting_user())
    flash(_("Đã bỏ lượt giao máy.") if done else _("Lượt này đã được bỏ trước đó."), "good" if done else "warn")
    return redirect(url_for("device_shifts.shifts_page"), 303)


@bp.post("/office/devices/shifts/<int(max=9007199254740991):shift_id>/again")
@requires(Permission.DEVICES)
def use_again(shift_id: int) -> ResponseReturnValue:
    """The way back."""
    with transaction():
        _may_hand(holding.role_of_shift(the_festival().id, shift_id))
        done = holding.use_again(shift_id)
    flash(_("Lượt giao máy được dùng lại.") if done else _("Lượt này vẫn đang dùng."), "good" if done else "warn")
    return redirect(url_for("device_shifts.shifts_page"), 303)


def _handed() -> frozenset[DeviceRole]:
    """Devices that go from hand to hand and that the asking account looks after; a judge's tablet is the judge's own."""
    return rights.handled(current_actor().permissions) & frozenset(holding.ROLES)


def _may_hand(role: DeviceRole | None) -> None:
    if role is None:
        raise NotFound(_("Không có máy này."))
    if role not in _handed():
        raise Forbidden(_("Tài khoản này không được giao loại máy đó."))
