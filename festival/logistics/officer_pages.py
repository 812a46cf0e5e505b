"""An officer says how the own delegation arrives, what it eats until each meal's hour, and sees where it sleeps."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from festival.core.clock import now
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import BadInput
from festival.core.web.forms import form_number
from festival.core.web.i18n import say
from festival.logistics import arriving, meals, queries
from festival.logistics.blueprint import bp
from festival.logistics.meals import PortionsTyped
from festival.logistics.portions import Portions, closed, typed_portions
from festival.logistics.queries import MealOf
from festival.logistics.typed import stay_typed, stay_written
from festival.logistics.words import MEAL_WORDS, VEHICLE_WORDS
from festival.roster.delegations import delegation_of
from festival.roster.models import Delegation


@bp.get("/delegation/<code>/stay")
@requires(Permission.DELEGATION)
def stay(code: str) -> ResponseReturnValue:
    """Arrival, meals, rooms of one's own delegation."""
    return stay_page(delegation_of(current_actor(), code))


def stay_page(delegation: Delegation, *, office: bool = False) -> str:
    """The same page for the officer and for the organiser, who also corrects what is closed."""
    listed, at = queries.meals_of(delegation.id), now()
    return render_template(
        "logistics/stay.html",
        delegation=delegation,
        festival=delegation.festival,
        office=office,
        typed=stay_written(arriving.stay_of(delegation.id)),
        told=arriving.edition_stay(delegation.festival_id),
        meals=[(meal, closed(meal.closes_at, at)) for meal in listed],
        rooms=queries.rooms_of(delegation.id),
        meal_words=MEAL_WORDS,
        vehicles=[(kind.value, say(words)) for kind, words in VEHICLE_WORDS.items()],
    )


@bp.post("/delegation/<code>/stay/arrival")
@requires(Permission.DELEGATION)
def stay_post(code: str) -> ResponseReturnValue:
    """How we arrive and which nights we stay."""
    with transaction():
        keep_stay(delegation_of(current_actor(), code))
    return redirect(url_for("logistics.stay", code=code, _anchor="arrival"))


def keep_stay(delegation: Delegation) -> None:
    """What the form says, in the open transaction."""
    typed = stay_typed(request.form, delegation.festival.starts_on, delegation.festival.ends_on)
    arriving.save_stay(delegation, typed, form_number("version"), acting_user())
    flash(_("Đã ghi thông tin đi lại."), "good")


@bp.post("/delegation/<code>/stay/meals")
@requires(Permission.DELEGATION)
def meals_post(code: str) -> ResponseReturnValue:
    """Portions of every meal whose hour has not passed."""
    with transaction():
        keep_meals(delegation_of(current_actor(), code), None)
    return redirect(url_for("logistics.stay", code=code, _anchor="meals"))


def keep_meals(delegation: Delegation, reason: str | None) -> None:
    """The numbers of the form, in the open transaction. BadInput names the meal."""
    listed = [each for meal in queries.meals_of(delegation.id) if (each := _typed(meal)) is not None]
    # Of a meal that was taken out meanwhile, the page is asked for again: nothing typed gets lost without a word.
    gone = {name for name in request.form if name.startswith("seen-")} - {
        f"seen-{meal.id}" for meal in queries.meals_of(delegation.id)
    }
    if any(_box(name.removeprefix("seen-"), "portions") for name in gone):
        raise BadInput(_("Có bữa không còn trong danh sách. Xem lại các bữa bên dưới rồi gửi lại."))
    count = meals.save_portions(delegation, listed, acting_user(), reason=reason)
    if count:
        flash(ngettext("Đã ghi số suất của %(num)d bữa.", "Đã ghi số suất của %(num)d bữa.", count), "good")
    else:
        flash(_("Không có số nào thay đổi."), "note")


def _box(meal: str, name: str) -> str:
    return request.form.get(f"{name}-{meal}", "")


def _typed(meal: MealOf) -> PortionsTyped | None:
    key = str(meal.id)
    if f"seen-{key}" not in request.form:
        return None
    read = typed_portions(_box(key, "portions"), _box(key, "vegetarian"), _box(key, "no_pork"))
    seen = _box(key, "seen")
    if read is None:
        return PortionsTyped(meal.id, seen, Portions()) if seen else None
    if isinstance(read, Portions):
        return PortionsTyped(meal.id, seen, read)
    called = f"{say(MEAL_WORDS[meal.kind])} {meal.day.day}/{meal.day.month}"
    raise BadInput(_("%(meal)s: %(why)s", meal=called, why=say(read)))
