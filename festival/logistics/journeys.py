"""How does each delegation come, eat and go home, for whoever tells all of them at once? Three statements at any size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import and_, select

from festival.core.database import db
from festival.logistics.models import DelegationStay, EditionStay, Meal, MealKind, MealPortions
from festival.roster.models import Delegation

IN_THE_DAY = list(MealKind)


@dataclass(frozen=True, slots=True)
class Journey:
    """What a delegation may tell its people: no plate, no driver's number. `meals`: (day, kind, portions) with somebody to eat."""

    arrives_at: datetime | None = None
    place: str = ""
    bring: str = ""
    bus_home: str = ""
    meals: tuple[tuple[date, MealKind, int], ...] = ()


def journeys(festival_id: int) -> dict[int, Journey]:
    """By the delegation's id; what a delegation does not say itself is said by the edition."""
    edition = db.session.get(EditionStay, festival_id)
    bring, bus_home = (edition.bring, edition.bus_home) if edition else ("", "")
    stays = select(Delegation.id, DelegationStay).outerjoin(
        DelegationStay, DelegationStay.delegation_id == Delegation.id
    )
    found: dict[int, Journey] = {}
    for row in db.session.execute(stays.where(Delegation.festival_id == festival_id)):
        stay: DelegationStay | None = row.DelegationStay
        found[row.id] = (
            Journey(bring=bring, bus_home=bus_home)
            if stay is None
            else Journey(stay.arrives_at, stay.place, stay.bring or bring, stay.bus_home or bus_home)
        )
    eaten: dict[int, list[tuple[date, MealKind, int]]] = {}
    with_numbers = and_(MealPortions.meal_id == Meal.id, MealPortions.portions > 0)
    rows = select(MealPortions.delegation_id, Meal.day, Meal.kind, MealPortions.portions).join(
        MealPortions, with_numbers
    )
    for eating in db.session.execute(rows.where(Meal.festival_id == festival_id, Meal.removed_at.is_(None))):
        eaten.setdefault(eating.delegation_id, []).append((eating.day, eating.kind, eating.portions))
    for delegation_id, meals in eaten.items():
        in_order = sorted(meals, key=lambda meal: (meal[0], IN_THE_DAY.index(meal[1])))
        found[delegation_id] = replace(found[delegation_id], meals=tuple(in_order))
    return found
