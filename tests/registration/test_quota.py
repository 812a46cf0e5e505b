"""Who gets the places of a delegation when several are approved at once?"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.registration import decisions
from festival.roster import families, views
from festival.roster.models import (
    Delegation,
    Family,
    FamilyState,
)
from festival.roster.outcomes import Done, QuotaFull
from tests.registration.conftest import World, household
from tests.registration.registered import approve, incomplete, kinds, race, register, waiting


@pytest.mark.parametrize("what", ["families", "entries"])
def test_quota_is_full_at_the_last_place(make_world: Callable[..., World], what: str) -> None:
    world = make_world(**{what: 1})
    first, second = register(world, household(1)), register(world, household(2))
    assert approve(world, first.family_id) == Done(2)
    outcome = approve(world, second.family_id)
    assert outcome == QuotaFull("" if what == "families" else "Gia đình tài năng", 1)
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 1
        assert Counter(db.session.scalars(select(Family.state))) == {FamilyState.APPROVED: 1, FamilyState.SUBMITTED: 1}
    assert kinds(world).count("registration.approved") == 1


# The long fault runs ask for 64.
RACERS = int(os.environ.get("RACERS", "16"))


def test_many_approvals_at_once_for_five_places_take_five(make_world: Callable[..., World]) -> None:
    world = make_world(families=5, entries=50)
    ids = iter(waiting(world, RACERS))

    def act() -> object:
        rules = world.rules()
        return decisions.approve(rules, views.view(families.family_by_id(next(ids)), rules), 1, world.organiser)

    outcomes = race(world.app, RACERS, act)
    assert Counter(type(outcome) for outcome in outcomes) == {Done: 5, QuotaFull: RACERS - 5}
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 5
        assert (
            db.session.scalar(select(func.count()).select_from(Family).where(Family.state == FamilyState.APPROVED)) == 5
        )
    assert kinds(world).count("registration.approved") == 5


def test_counting_first_and_approving_then_oversells(make_world: Callable[..., World]) -> None:
    """The negative control: look at the count, then write. The harness must be able to see the error."""
    world = make_world(families=5, entries=50)
    ids = iter(waiting(world, RACERS))
    start, looked = threading.Barrier(RACERS), threading.Barrier(RACERS)

    def naive() -> None:
        with world.app.app_context():
            start.wait()
            mine = next(ids)
            with reading():
                used = db.session.scalar(
                    select(func.count()).select_from(Family).where(Family.state == FamilyState.APPROVED)
                )
                most = db.session.scalar(select(Delegation.families_max).where(Delegation.code == world.hon_dat))
            looked.wait()
            if (used or 0) < (most or 0):
                with transaction():
                    db.session.execute(update(Family).where(Family.id == mine).values(state=FamilyState.APPROVED))
            db.session.remove()

    threads = [threading.Thread(target=naive) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.app.app_context(), reading():
        assert (
            db.session.scalar(select(func.count()).select_from(Family).where(Family.state == FamilyState.APPROVED)) or 0
        ) > 5


def test_bulk_approval_takes_the_complete_ones(make_world: Callable[..., World]) -> None:
    world = make_world(families=2)
    incomplete(world, household(9))
    waiting(world, 3)
    with world.app.app_context(), transaction():
        approved, refused = decisions.approve_complete(world.rules(), world.delegation(), world.organiser)
    assert len(approved) == 2
    assert [outcome for _family, outcome in refused] == [QuotaFull("", 2)]
