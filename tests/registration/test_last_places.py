"""The last places of a delegation, round after round: as many families get one as there are, never one more, never one less.

Long form: `make faults`, 1,000 rounds of 64 (`ROUNDS`, `RACERS`). The negative control looks at the count and then writes; the same
rounds find it overbooking.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import func, select, update

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.registration import decisions
from festival.roster import families, views
from festival.roster.models import ContestPlace, Delegation, Family, FamilyState
from festival.roster.outcomes import Done
from tests.registration.conftest import World
from tests.registration.registered import waiting

ROUNDS = int(os.environ.get("ROUNDS", "1000"))
RACERS = int(os.environ.get("RACERS", "64"))
SEED = 20240614

Approve = Callable[[World, int], None]


def by_the_rule(world: World, family_id: int) -> None:
    with transaction():
        rules = world.rules()
        family = families.family_by_id(family_id)
        decisions.approve(rules, views.view(family, rules), family.version, world.organiser)


def looking_first(racers: int) -> Approve:
    """Counts, and then writes what follows: what the conditional statement of `places` is there to prevent."""
    looked = threading.Barrier(racers)

    def approve(world: World, family_id: int) -> None:
        with reading():
            free = world.delegation().families_max - taken()
        looked.wait()
        if free > 0:
            with transaction():
                db.session.execute(update(Family).where(Family.id == family_id).values(state=FamilyState.APPROVED))

    return approve


def taken() -> int:
    approved = select(func.count()).select_from(Family).where(Family.state == FamilyState.APPROVED)
    return db.session.scalar(approved) or 0


def one_round(world: World, ids: list[int], places: int, approve: Approve) -> int:
    """How many of these families have a place after all of them asked at the same moment."""
    with world.app.app_context(), transaction():
        db.session.execute(update(Delegation).values(families_max=places))
    start = threading.Barrier(len(ids))

    def ask(family_id: int) -> None:
        with world.app.app_context():
            start.wait()
            try:
                approve(world, family_id)
            finally:
                db.session.remove()

    asking = [threading.Thread(target=ask, args=(family_id,)) for family_id in ids]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    with world.app.app_context(), reading():
        return taken()


def give_back(world: World) -> None:
    """Those who got a place wait again."""
    with world.app.app_context(), transaction():
        rules = world.rules()
        for family_id in db.session.scalars(select(Family.id).where(Family.state == FamilyState.APPROVED)).all():
            family = families.family_by_id(family_id)
            undone = decisions.undo_approval(rules, family, family.version, "Duyệt thử", world.organiser)
            assert isinstance(undone, Done)


def many_rounds(world: World, rounds: int, racers: int) -> tuple[int, int]:
    """How often there were too many, and too few."""
    ids, chance = waiting(world, racers), Random(SEED)
    over = under = 0
    for _round in range(rounds):
        places = chance.randint(1, 10)
        chance.shuffle(ids)
        got = one_round(world, ids, places, by_the_rule)
        over, under = over + (got > places), under + (got < places)
        with world.app.app_context(), reading():
            assert world.delegation().approved_count == got
        give_back(world)
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 0
        assert set(db.session.scalars(select(ContestPlace.taken))) == {0}
    return over, under


def test_the_last_places_go_to_as_many_as_there_are(make_world: Callable[..., World]) -> None:
    assert many_rounds(make_world(families=12, entries=12), 2, 12) == (0, 0)


def test_looking_first_overbooks(make_world: Callable[..., World]) -> None:
    world = make_world(families=12, entries=12)
    assert one_round(world, waiting(world, 12), 3, looking_first(12)) > 3


@pytest.mark.faults
def test_the_last_places_in_many_rounds(make_world: Callable[..., World]) -> None:
    world = make_world(families=RACERS, entries=RACERS)
    over, under = many_rounds(world, ROUNDS, RACERS)
    with world.app.app_context():
        name = db.engine.dialect.name
    print(f"\n{name}: {ROUNDS} rounds of {RACERS} for the last places, {over} overbooked, {under} underbooked")
    assert (over, under) == (0, 0)
