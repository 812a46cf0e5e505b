"""What the tests of places and days of one delegation stand on."""

from __future__ import annotations

from datetime import timedelta

from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.registration import registering
from festival.registration.allotting import setting
from festival.registration.allotting.wanted import AllottedPlaces
from festival.registration.outcomes import NotSent
from festival.roster.household import Household
from festival.roster.models import Origin
from tests.registration.conftest import World

WHY = "công văn số 12"
CLOSE = timedelta(hours=1)


def allot(world: World, places: AllottedPlaces, seen: int = 1, why: str = WHY) -> bool:
    with world.app.app_context(), transaction():
        rules = world.rules()
        return setting.allot(rules.festival, world.delegation(), rules.contests, places, why, seen, world.organiser)


def version(world: World) -> int:
    with world.app.app_context(), reading():
        return world.delegation().places_version


def not_sent(world: World, home: Household) -> list[str]:
    """Why this family may not be sent now, by the codes of the sentences."""
    with world.app.app_context(), transaction():
        made = registering.register_family(world.rules(), world.delegation(), home, Origin.OFFICER, submit=True)
        assert isinstance(made, NotSent), made
        return [each.reason.code for each in made.why]


def sealed(world: World) -> bool:
    with world.app.app_context(), snapshot():
        return inspect().clean
