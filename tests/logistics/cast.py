"""Two delegations with families, their officers, an organiser, and meals named over two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.logistics import meals
from festival.logistics.models import Meal, MealKind, MealPortions
from festival.logistics.recording import record_meal
from festival.roster.models import Delegation
from tests.registration.conftest import World

DAY = date(2024, 6, 14)


@dataclass(frozen=True)
class Stay:
    """The small festival of the registration's tests, with meals; `ahead` and `past` are ids of lunch and breakfast."""

    world: World
    ahead: int
    past: int

    @property
    def officer(self) -> FlaskClient:
        return self.world.as_user(self.world.officer)

    @property
    def organiser(self) -> FlaskClient:
        return self.world.as_user(self.world.organiser)

    def numbers(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        """By delegation's code and meal's kind."""
        with self.world.app.app_context(), reading():
            rows = db.session.execute(
                select(Delegation.code, Meal.kind, MealPortions)
                .join(MealPortions, MealPortions.delegation_id == Delegation.id)
                .join(Meal, Meal.id == MealPortions.meal_id)
            )
            return {(code, kind.value): (row.portions, row.vegetarian, row.no_pork) for code, kind, row in rows}


def stay_in(world: World) -> Stay:
    """Lunch may still be changed, breakfast has passed its hour; the festival has a phone to call."""
    with world.app.app_context(), transaction():
        festival = db.session.scalars(select(Festival)).one()
        festival.help_line = "0297 3860 111"
        at = now().replace(microsecond=0)
        lunch = meals.name_meal(festival, DAY, MealKind.LUNCH, at.replace(year=2024, month=6, day=13), None)
        breakfast = meals.name_meal(festival, DAY, MealKind.BREAKFAST, at.replace(year=2024, month=6, day=12), None)
        lunch.closes_at = at + timedelta(days=1)
        db.session.flush()
        record_meal(festival, lunch, None)
        return Stay(world, lunch.id, breakfast.id)
