"""How is a meal named, moved, taken out and brought back, and how do a delegation's numbers get into it?

Numbers are written against what the form showed: of two people who change them at once the second is told. A meal's row is
held while numbers are written, so that its hour is the one that counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core.clock import local, now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import day as day_words
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.logistics.models import Meal, MealKind, MealPortions
from festival.logistics.portions import Portions, closed
from festival.logistics.recording import record_meal, record_portions
from festival.logistics.words import MEAL_WORDS
from festival.roster.models import Delegation


@dataclass(frozen=True, slots=True)
class PortionsTyped:
    """New numbers of one meal, beside those the form showed ("" = none yet)."""

    meal_id: int
    seen: str
    portions: Portions


def meal_called(meal: Meal) -> str:
    """Lunch of 14/6."""
    return f"{say(MEAL_WORDS[meal.kind])} {meal.day.day}/{meal.day.month}"


def name_meal(festival: Festival, day: date, kind: MealKind, closes_at: datetime, by: int | None) -> Meal:
    """A meal that delegations give numbers for; one that was taken out comes back with the numbers it had."""
    if not festival.starts_on <= day <= festival.ends_on:
        raise BadInput(
            _(
                "Bữa ăn phải trong các ngày của ngày hội, từ %(first)s đến %(last)s.",
                first=day_words(festival.starts_on),
                last=day_words(festival.ends_on),
            )
        )
    if local(closes_at).date() > day:
        raise BadInput(_("Hạn đổi số suất phải trước hoặc trong ngày ăn."))
    put = insert_or_pass(Meal).values(festival_id=festival.id, day=day, kind=kind, closes_at=closes_at)
    made = db.session.scalar(put.on_conflict_do_nothing().returning(Meal.id))
    if made is None:
        there = (Meal.festival_id == festival.id, Meal.day == day, Meal.kind == kind)
        back = update(Meal).where(*there, Meal.removed_at.is_not(None)).values(removed_at=None, closes_at=closes_at)
        made = db.session.scalar(back.returning(Meal.id).execution_options(synchronize_session=False))
    if made is None:
        raise Conflict(_("Bữa này đã có trong danh sách."))
    meal = db.session.get_one(Meal, made, populate_existing=True)
    record_meal(festival, meal, by)
    return meal


def own_meal(festival: Festival, meal_id: int) -> Meal:
    """Held until the transaction ends. NotFound."""
    own = select(Meal).where(Meal.id == meal_id, Meal.festival_id == festival.id)
    meal = db.session.scalars(own.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if meal is None:
        raise NotFound()
    return meal


def move_hour(festival: Festival, meal_id: int, closes_at: datetime, by: int | None) -> Meal:
    """Until when delegations may change their numbers."""
    meal = own_meal(festival, meal_id)
    if local(closes_at).date() > meal.day:
        raise BadInput(_("Hạn đổi số suất phải trước hoặc trong ngày ăn."))
    meal.closes_at = closes_at
    db.session.flush()
    record_meal(festival, meal, by)
    return meal


def take_out(festival: Festival, meal_id: int, by: int | None) -> Meal:
    """Nobody cooks it; its numbers are kept for the case that it comes back."""
    return _set_out(festival, meal_id, now(), by)


def bring_back(festival: Festival, meal_id: int, by: int | None) -> Meal:
    """A meal that was taken out, with the numbers it had."""
    return _set_out(festival, meal_id, None, by)


def _set_out(festival: Festival, meal_id: int, at: datetime | None, by: int | None) -> Meal:
    meal = own_meal(festival, meal_id)
    if (meal.removed_at is None) == (at is None):
        return meal
    meal.removed_at = at
    db.session.flush()
    record_meal(festival, meal, by)
    return meal


def save_portions(
    delegation: Delegation, typed: Sequence[PortionsTyped], by: int | None, *, reason: str | None = None
) -> int:
    """Write what was changed; answers how many meals. `reason` None: an officer, who may until each meal's hour.

    Conflict names the meal that is closed and who may still change it.
    """
    changed = sorted((each for each in typed if each.portions.written() != each.seen), key=lambda each: each.meal_id)
    if reason == "" and changed:
        raise BadInput(_("Hãy ghi lý do sửa, ví dụ: đoàn gọi điện báo thêm hai suất."))
    at, festival = now(), delegation.festival
    for each in changed:
        meal = own_meal(festival, each.meal_id)
        if meal.removed_at is not None:
            raise Conflict(
                _("%(meal)s không còn trong danh sách. Mở lại trang để xem các bữa.", meal=meal_called(meal))
            )
        if reason is None and closed(meal.closes_at, at):
            raise Conflict(told_closed(meal, festival))
        row = _written(delegation, each)
        record_portions(festival, row, delegation.code, by, reason or "")
    return len(changed)


def told_closed(meal: Meal, festival: Festival) -> str:
    """That the hour has passed, and who is called."""
    hour = local(meal.closes_at)
    words = {"meal": meal_called(meal), "hour": f"{hour.hour}:{hour.minute:02d} {hour.day}/{hour.month}"}
    if festival.help_line:
        return str(
            _(
                "%(meal)s đã chốt số suất lúc %(hour)s. Cần đổi thì gọi Ban Tổ chức: %(phone)s. Chưa có gì được ghi.",
                phone=festival.help_line,
                **words,
            )
        )
    return str(_("%(meal)s đã chốt số suất lúc %(hour)s. Cần đổi thì gọi Ban Tổ chức. Chưa có gì được ghi.", **words))


def _written(delegation: Delegation, each: PortionsTyped) -> MealPortions:
    new = each.portions
    values = {"portions": new.portions, "vegetarian": new.vegetarian, "no_pork": new.no_pork}
    key = {"meal_id": each.meal_id, "delegation_id": delegation.id}
    if each.seen == "":
        put = insert_or_pass(MealPortions).values(**key, **values).on_conflict_do_nothing()
        done = db.session.scalar(put.returning(MealPortions.meal_id))
    else:
        seen = _read_seen(each.seen)
        change = update(MealPortions).where(
            MealPortions.meal_id == each.meal_id,
            MealPortions.delegation_id == delegation.id,
            MealPortions.portions == seen.portions,
            MealPortions.vegetarian == seen.vegetarian,
            MealPortions.no_pork == seen.no_pork,
        )
        done = db.session.scalar(
            change.values(**values).returning(MealPortions.meal_id).execution_options(synchronize_session=False)
        )
    if done is None:
        raise Overtaken()
    return MealPortions(**key, **values)


def _read_seen(seen: str) -> Portions:
    parts = seen.split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        raise BadInput()
    return Portions(*map(int, parts))
