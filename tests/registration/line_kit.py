"""What several tests of lines stand on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.registration.offering import distributing, ordering
from festival.registration.offering.ordering import ListWanted
from festival.registration.queueing.models import PlaceOffer, WaitingList
from festival.roster import families
from festival.roster.models import Delegation, Family
from tests.registration.conftest import World, household
from tests.registration.registered import register


def opened(world: World, *, hours: int = 48, people: int | None = None, seen: int = 0, open_: bool = True) -> None:
    """The line of the first delegation is open."""
    with world.app.app_context(), transaction():
        wanted = ListWanted(open_, hours, people, True)
        ordering.set_list(world.rules(), world.delegation().id, seen, wanted, world.organiser)


def families_sent(world: World, number: int, first: int = 1) -> list[int]:
    """They register themselves, one after another."""
    return [register(world, household(each)).family_id for each in range(first, first + number)]


def given(world: World) -> tuple[list[int], list[int]]:
    """One turn of the distributor: who was offered a place, whose time was over."""
    with world.app.app_context(), transaction():
        offered, late = distributing.distribute(world.rules(), world.delegation().id)
        return [each.id for each in offered], [each.id for each in late]


def late(world: World) -> None:
    """The time of every offer is over."""
    with world.app.app_context(), transaction():
        db.session.execute(update(PlaceOffer).values(until=now() - timedelta(seconds=1)))


def offers(world: World) -> list[tuple[int, str]]:
    with world.app.app_context(), reading():
        rows = db.session.execute(select(PlaceOffer.family_id, PlaceOffer.state).order_by(PlaceOffer.id))
        return [(family, state.value) for family, state in rows]


def places(world: World) -> tuple[int, int]:
    """Approved, and held."""
    with world.app.app_context(), reading():
        row = db.session.execute(
            select(Delegation.approved_count, Delegation.held_count).where(Delegation.code == world.hon_dat)
        ).one()
        return row.approved_count, row.held_count


def version(world: World) -> int:
    with world.app.app_context(), reading():
        return db.session.scalars(select(WaitingList.version)).one()


def code_of(world: World, family_id: int) -> str:
    with world.app.app_context(), reading():
        return families.family_by_id(family_id).code


def state_of(world: World, family_id: int) -> str:
    with world.app.app_context(), reading():
        return db.session.scalars(select(Family.state).where(Family.id == family_id)).one().value


def sealed(world: World) -> bool:
    with world.app.app_context(), snapshot():
        return inspect().clean
