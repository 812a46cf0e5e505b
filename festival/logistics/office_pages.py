"""The organiser names meals, sees what kitchen and lodging add up to, and corrects a delegation's numbers with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from festival.core.clock import now
from festival.core.text import cut, line
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.forms import form_number
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.logistics import arriving, meals, queries
from festival.logistics.blueprint import bp
from festival.logistics.models import MealKind
from festival.logistics.officer_pages import keep_meals, keep_stay, stay_page
from festival.logistics.portions import closed, total
from festival.logistics.typed import paragraph, read_day, read_moment, written_clock, written_day
from festival.logistics.words import MEAL_WORDS, VEHICLE_WORDS
from festival.roster.delegations import delegation_by_code
from festival.roster.models import Delegation

MEAL = "<int(max=9007199254740991):meal_id>"


@bp.get("/office/logistics")
@requires(Permission.OFFICE)
def office() -> ResponseReturnValue:
    """Totals by meal and night, delegations, what everybody is told."""
    festival = the_festival()
    totals, lines = queries.meal_totals(festival.id), queries.delegation_lines(festival.id)
    return render_template(
        "logistics/office.html",
        festival=festival,
        totals=[each for each in totals if not each.removed],
        removed=[each for each in totals if each.removed],
        lines=lines,
        nights=queries.night_totals(lines),
        told=arriving.edition_stay(festival.id),
        meal_words=MEAL_WORDS,
        vehicle_words=VEHICLE_WORDS,
        first=written_day(festival.starts_on),
        last=written_day(festival.ends_on),
        at=now(),
        closed=closed,
    )


@bp.post("/office/logistics/meals")
@requires(Permission.OFFICE)
def name_meals() -> ResponseReturnValue:
    """Name the meals of one day or several."""
    with transaction():
        festival = the_festival()
        first, last = _day("first", festival), _day("last", festival)
        kinds = [kind for kind in MealKind if kind.value in request.form.getlist("kind")]
        if not kinds:
            raise BadInput(_("Chọn ít nhất một bữa."))
        if not first <= last:
            raise BadInput(_("Ngày cuối phải từ ngày đầu trở đi."))
        before = timedelta(days=1 if request.form.get("before") == "1" else 0)
        known = {(each.day, each.kind) for each in queries.meal_totals(festival.id) if not each.removed}
        count = 0
        for at in range(min((last - first).days, 60) + 1):
            day = first + timedelta(days=at)
            closes_at = read_moment(day - before, request.form.get("closes_at", ""))
            for kind in kinds:
                if (day, kind) not in known:
                    meals.name_meal(festival, day, kind, closes_at, acting_user())
                    count += 1
        if not count:
            raise Conflict(_("Các bữa này đã có trong danh sách."))
    flash(ngettext("Đã thêm %(num)d bữa.", "Đã thêm %(num)d bữa.", count), "good")
    return redirect(url_for("logistics.office", _anchor="meals"))


def _day(name: str, festival: Festival) -> date:
    day = read_day(request.form.get(name, ""), festival.ends_on + timedelta(days=366))
    if day is None:
        raise BadInput(field=name)
    return day


@bp.get(f"/office/logistics/meals/{MEAL}")
@requires(Permission.OFFICE)
def meal(meal_id: int) -> ResponseReturnValue:
    """What each delegation says for one meal, and its hour."""
    festival = the_festival()
    found = next((each for each in queries.meal_totals(festival.id) if each.id == meal_id), None)
    if found is None:
        raise NotFound()
    lines = queries.delegation_lines(festival.id)
    return render_template(
        "logistics/meal.html",
        festival=festival,
        meal=found,
        meal_words=MEAL_WORDS,
        lines=[(line, line.portions.get(meal_id)) for line in lines],
        sum=total(line.portions[meal_id] for line in lines if meal_id in line.portions),
        hour=written_clock(found.closes_at),
        hour_day=written_day(found.closes_at_day),
    )


@bp.post(f"/office/logistics/meals/{MEAL}/hour")
@requires(Permission.OFFICE)
def hour_post(meal_id: int) -> ResponseReturnValue:
    """Another hour until which delegations may change numbers."""
    with transaction():
        festival = the_festival()
        moved: datetime = read_moment(_day("day", festival), request.form.get("at", ""))
        meals.move_hour(festival, meal_id, moved, acting_user())
    flash(_("Đã đổi hạn báo suất."), "good")
    return redirect(url_for("logistics.meal", meal_id=meal_id))


@bp.post(f"/office/logistics/meals/{MEAL}/remove")
@requires(Permission.OFFICE)
def remove_post(meal_id: int) -> ResponseReturnValue:
    """Take it out; it can be brought back with its numbers."""
    with transaction():
        called = meals.meal_called(meals.take_out(the_festival(), meal_id, acting_user()))
    flash(_("Đã bỏ %(meal)s. Số suất đã báo vẫn giữ, khôi phục được ở cuối trang.", meal=called), "good")
    return redirect(url_for("logistics.office", _anchor="meals"))


@bp.post(f"/office/logistics/meals/{MEAL}/restore")
@requires(Permission.OFFICE)
def restore_post(meal_id: int) -> ResponseReturnValue:
    """A meal that was taken out by mistake."""
    with transaction():
        called = meals.meal_called(meals.bring_back(the_festival(), meal_id, acting_user()))
    flash(_("Đã khôi phục %(meal)s với số suất đã báo.", meal=called), "good")
    return redirect(url_for("logistics.office", _anchor="meals"))


@bp.post("/office/logistics/told")
@requires(Permission.OFFICE)
def told_post() -> ResponseReturnValue:
    """What to bring and how one gets home, for delegations that do not say it themselves."""
    with transaction():
        bring, bus_home = (paragraph(request.form.get(name, "")) for name in ("bring", "bus_home"))
        arriving.save_edition(the_festival(), bring, bus_home, form_number("version"), acting_user())
    flash(_("Đã ghi lời dặn chung."), "good")
    return redirect(url_for("logistics.office", _anchor="told"))


@bp.get("/office/logistics/<code>")
@requires(Permission.OFFICE)
def delegation(code: str) -> ResponseReturnValue:
    """One delegation's stay, to be corrected."""
    return stay_page(own_delegation(code), office=True)


@bp.post("/office/logistics/<code>/arrival")
@requires(Permission.OFFICE)
def delegation_stay_post(code: str) -> ResponseReturnValue:
    """Correct how it arrives."""
    with transaction():
        keep_stay(own_delegation(code))
    return redirect(url_for("logistics.delegation", code=code, _anchor="arrival"))


@bp.post("/office/logistics/<code>/meals")
@requires(Permission.OFFICE)
def delegation_meals_post(code: str) -> ResponseReturnValue:
    """Correct its numbers, also after the hour, with a reason."""
    with transaction():
        keep_meals(own_delegation(code), cut(line(request.form.get("reason", "")), 300))
    return redirect(url_for("logistics.delegation", code=code, _anchor="meals"))


def own_delegation(code: str) -> Delegation:
    """A delegation of the current edition. NotFound."""
    found = delegation_by_code(code)
    if found.festival_id != the_festival().id:
        raise NotFound()
    return found
