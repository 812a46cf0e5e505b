"""The organiser names rooms, lets the rule propose, corrects by hand, and takes a proposal back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.forms import form_number
from festival.core.web.paging import asked_part
from festival.editions.queries import the_festival
from festival.logistics import queries
from festival.logistics.blueprint import bp
from festival.logistics.office_pages import own_delegation
from festival.logistics.sleeping import lodging, room_queries
from festival.logistics.sleeping.lodging import Bedded
from festival.roster.models import Delegation, Person

ROOMS_A_PAGE = 60


@bp.get("/office/logistics/rooms")
@requires(Permission.OFFICE)
def rooms() -> ResponseReturnValue:
    """Every room and how full it is; delegations and how many of them have a bed."""
    festival = the_festival()
    every = room_queries.room_lines(festival.id)
    part = asked_part(len(every), ROOMS_A_PAGE)
    return render_template(
        "logistics/rooms.html",
        every=every,
        rooms=part.of(every),
        part=part,
        housed=room_queries.housed(festival.id),
        batches=room_queries.batches(festival.id),
    )


@bp.post("/office/logistics/rooms")
@requires(Permission.OFFICE)
def add_rooms() -> ResponseReturnValue:
    """New rooms."""
    with transaction():
        names = lodging.names_typed(request.form.get("names", ""))
        made = lodging.add_rooms(
            the_festival(), request.form.get("house", ""), names, form_number("beds"), acting_user()
        )
        if not made:
            raise Conflict(_("Các phòng này đã có trong danh sách."))
    flash(ngettext("Đã thêm %(num)d phòng.", "Đã thêm %(num)d phòng.", made), "good")
    return redirect(url_for("logistics.rooms"))


@bp.post("/office/logistics/rooms/beds")
@requires(Permission.OFFICE)
def set_beds() -> ResponseReturnValue:
    """Another number of beds of a room; 0 takes it out."""
    with transaction():
        beds = form_number("count")
        name = lodging.set_beds(the_festival(), form_number("room"), beds, acting_user()).name
    if beds == 0:
        flash(_("Đã bỏ phòng %(room)s.", room=name), "good")
    else:
        flash(_("Phòng %(room)s có %(n)s giường.", room=name, n=beds), "good")
    return redirect(url_for("logistics.rooms"))


@bp.post("/office/logistics/rooms/propose")
@requires(Permission.OFFICE)
def propose_all() -> ResponseReturnValue:
    """Beds for everybody of the delegations that stay overnight."""
    with transaction():
        festival = the_festival()
        staying = [line.id for line in queries.delegation_lines(festival.id) if line.nights]
        if not staying:
            raise Conflict(_("Chưa đoàn nào báo ở lại qua đêm. Mở trang của đoàn để xếp riêng."))
        done = lodging.propose_for(festival, staying, acting_user())
    _told(done)
    return redirect(url_for("logistics.rooms"))


def _told(done: Bedded) -> None:
    if done.placed:
        flash(ngettext("Đã xếp giường cho %(num)d người. Hoàn tác được ở trang các phòng.", "Đã xếp giường cho %(num)d người. Hoàn tác được ở trang các phòng.", done.placed), "good")  # fmt: skip
    if done.left:
        flash(ngettext("%(num)d người chưa có phòng hợp: xếp bằng tay, hoặc thêm phòng.", "%(num)d người chưa có phòng hợp: xếp bằng tay, hoặc thêm phòng.", done.left), "warn")  # fmt: skip
    if not done.placed and not done.left:
        flash(_("Ai cũng đã có giường."), "note")


@bp.post("/office/logistics/rooms/undo")
@requires(Permission.OFFICE)
def undo() -> ResponseReturnValue:
    """Take a proposal back."""
    with transaction():
        count = lodging.undo(the_festival(), request.form.get("batch", ""), acting_user())
    flash(
        ngettext("Đã hoàn tác: %(num)d người không còn giường.", "Đã hoàn tác: %(num)d người không còn giường.", count),
        "good",
    )
    return redirect(url_for("logistics.rooms"))


@bp.get("/office/logistics/<code>/rooms")
@requires(Permission.OFFICE)
def delegation_rooms(code: str) -> ResponseReturnValue:
    """Everybody of a delegation and where they sleep."""
    delegation = own_delegation(code)
    lines = room_queries.room_lines(delegation.festival_id)
    return render_template(
        "logistics/delegation_rooms.html",
        delegation=delegation,
        sleepers=room_queries.sleepers(delegation.id),
        free=[
            (line.id, f"{line.house}, {line.name} ({line.beds - line.taken}/{line.beds})")
            for line in lines
            if line.taken < line.beds
        ],
        rooms=bool(lines),
    )


@bp.post("/office/logistics/<code>/rooms")
@requires(Permission.OFFICE)
def delegation_rooms_post(code: str) -> ResponseReturnValue:
    """Put those who are ticked into a room, or take them out of theirs."""
    with transaction():
        delegation = own_delegation(code)
        people = _ticked(delegation)
        if request.form.get("act") == "free":
            count = lodging.take_away(delegation.festival, people, acting_user())
            flash(ngettext("%(num)d người không còn giường.", "%(num)d người không còn giường.", count), "good")
        else:
            sure = request.form.get("sure") == "y"
            lodging.place(delegation.festival, people, form_number("room"), acting_user(), sure=sure)
            flash(ngettext("Đã xếp %(num)d người vào phòng.", "Đã xếp %(num)d người vào phòng.", len(people)), "good")
    return redirect(url_for("logistics.delegation_rooms", code=code))


def _ticked(delegation: Delegation) -> Sequence[Person]:
    wanted = select(Person).where(
        Person.code.in_(request.form.getlist("person")), Person.delegation_id == delegation.id
    )
    people = db.session.scalars(wanted.order_by(Person.id)).all()
    if not people:
        raise BadInput(_("Đánh dấu ít nhất một người."))
    return people


@bp.post("/office/logistics/<code>/rooms/propose")
@requires(Permission.OFFICE)
def propose_one(code: str) -> ResponseReturnValue:
    """Beds for everybody of one delegation."""
    with transaction():
        delegation = own_delegation(code)
        done = lodging.propose_for(delegation.festival, [delegation.id], acting_user())
    _told(done)
    return redirect(url_for("logistics.delegation_rooms", code=code))
