"""One person of a list: added, changed, moved, taken off it, back again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.badges import actions, queries
from festival.badges.blueprint import bp
from festival.badges.forms import OutsiderForm
from festival.badges.list_pages import trail
from festival.badges.lists import BadgeDesk, desk_of
from festival.badges.people import Outsider
from festival.badges.queries import BadgeLine
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.forms import form_number
from festival.editions import retention
from festival.roster.delegations import delegations


@bp.get("/badges/<code>/people/new")
@signed_in
def new_person(code: str) -> str:
    """The empty form."""
    desk = desk_of(current_actor(), code)
    form = OutsiderForm(formdata=None)
    form.offer(desk)
    form.badge.data = queries.usual_class(desk.list_id, "" if desk.delegation else desk.name)
    return _page(desk, form)


@bp.post("/badges/<code>/people/new")
@signed_in
def new_person_post(code: str) -> ResponseReturnValue:
    """Somebody new, with a pass; a namesake is told first."""
    with reading():
        desk = desk_of(current_actor(), code)
        form = OutsiderForm()
        form.offer(desk)
        who = form.read(desk)
        if who is None:
            return _page(desk, form), 422
        place = _namesake(desk, who)
        if place is not None:
            return _page(desk, form, namesake=place), 409
    try:
        with transaction():
            desk = desk_of(current_actor(), code)
            actions.add(desk, who, acting_user())
    except Conflict as refused:
        form.name.errors = [str(refused.message)]
        with reading():
            return _page(desk_of(current_actor(), code), form), 409
    flash(_("Đã thêm %(name)s. Người này có thẻ riêng, dùng được ở cổng ngay.", name=who.name), "good")
    if request.form.get("next") == "more":
        return redirect(url_for("badges.new_person", code=code), 303)
    return redirect(url_for("badges.one_list", code=code), 303)


@bp.get("/badges/<code>/people/<person>")
@signed_in
def one_person(code: str, person: str) -> str:
    """What is known of somebody, to change it."""
    desk = desk_of(current_actor(), code)
    line = _line(desk, person)
    form = OutsiderForm(formdata=None)
    form.offer(desk, line.who)
    form.show(line.who)
    return _page(desk, form, line)


@bp.post("/badges/<code>/people/<person>")
@signed_in
def change_person(code: str, person: str) -> ResponseReturnValue:
    """Write what was changed, when nobody was faster."""
    version = form_number("version")
    with reading():
        desk = desk_of(current_actor(), code)
        line = _line(desk, person)
        form = OutsiderForm()
        form.offer(desk, line.who)
        who = form.read(desk, line.who)
        if who is None:
            return _page(desk, form, line), 422
        place = _namesake(desk, who, line) if who.folded != line.who.folded else None
        if place is not None:
            return _page(desk, form, line, namesake=place), 409
    try:
        with transaction():
            desk = desk_of(current_actor(), code)
            into = _moved_to(desk)
            actions.change(desk, _line(desk, person), version, who, into, acting_user())
            name = into.name
    except Conflict as refused:
        if refused.message is refused.advice:  # somebody was faster
            raise
        form.name.errors = [str(refused.message)]
        with reading():
            desk = desk_of(current_actor(), code)
            return _page(desk, form, _line(desk, person)), 409
    if name != desk.name:
        flash(_("Đã chuyển %(name)s sang danh sách “%(list)s”.", name=who.name, list=name), "good")
    else:
        flash(_("Đã lưu %(name)s. Thẻ đã in còn ghi như cũ thì in lại.", name=who.name), "good")
    return redirect(url_for("badges.one_list", code=code), 303)


@bp.post("/badges/<code>/people/<person>/remove")
@signed_in
def remove_person(code: str, person: str) -> ResponseReturnValue:
    """Off the list, for a reason; the pass opens nothing any more."""
    with transaction():
        desk = desk_of(current_actor(), code)
        line = _line(desk, person)
        actions.remove(desk.festival, line, form_number("version"), request.form.get("reason", ""), acting_user())
    flash(_("Đã rút %(name)s, thẻ không vào cổng được nữa. Lấy lại ở cuối trang này.", name=line.name), "good")
    return redirect(url_for("badges.one_list", code=code), 303)


@bp.post("/badges/<code>/people/<person>/restore")
@signed_in
def restore_person(code: str, person: str) -> ResponseReturnValue:
    """Back on the list, with a new pass."""
    with transaction():
        desk = desk_of(current_actor(), code)
        line = _line(desk, person)
        actions.restore(desk, line, form_number("version"), acting_user())
    flash(
        _("%(name)s có lại trong danh sách, với thẻ mới. In thẻ mới: thẻ cũ không dùng được.", name=line.name), "good"
    )
    return redirect(url_for("badges.one_list", code=code), 303)


def _line(desk: BadgeDesk, person: str) -> BadgeLine:
    line = queries.one_of(desk.list_id, person)
    if line is None:
        raise NotFound()
    return line


def _namesake(desk: BadgeDesk, who: Outsider, line: BadgeLine | None = None) -> str | None:
    """Where somebody of this name is already, unless whoever types has said that it is another person."""
    if request.form.get("another") == "y":
        return None
    found = queries.namesakes(desk.festival.id, [who.folded], line.person_id if line else 0)
    if who.folded not in found:
        return None
    # Whose families and lists the others are is nobody's business but the organiser's.
    return found[who.folded] if desk.organiser else ""


def _moved_to(desk: BadgeDesk) -> BadgeDesk:
    """Another list, when the organiser chose one."""
    wanted = request.form.get("list", desk.code)
    if wanted == desk.code or not desk.organiser:
        return desk
    into = desk_of(current_actor(), wanted)
    if into.festival.id != desk.festival.id:
        raise NotFound()
    return into


def _page(desk: BadgeDesk, form: OutsiderForm, line: BadgeLine | None = None, namesake: str | None = None) -> str:
    places = []
    if desk.organiser and line is not None:
        own = [(row.code, row.name) for row in queries.lists_of(desk.festival.id) if row.closed_at is None]
        places = [*own, *((each.code, each.name) for each in delegations(desk.festival.id))]
    return render_template(
        "badges/person.html",
        desk=desk,
        form=form,
        line=line,
        places=places,
        namesake=namesake,
        trail=trail(desk),
        kept=retention.kept(desk.festival),
    )
