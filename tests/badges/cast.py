"""Who keeps lists of people outside families, and what do the tables hold of them?"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from festival.badges import actions, lists, queries
from festival.badges.lists import BadgeDesk
from festival.badges.people import Outsider
from festival.badges.queries import BadgeLine
from festival.core.births import Birth
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.access import Actor, Permission
from festival.passes.models import Pass
from festival.roster.models import Person
from tests.registration.conftest import World

GUEST = Outsider(
    "Nguyễn Văn An", "guest", honorific="đồng chí", title="Phó Chủ tịch Ủy ban nhân dân tỉnh", rank=1, seat="A1"
)
DRIVER = Outsider("Châu Văn Tài", "crew", title="Lái xe", phone="0912345678", birth=Birth(1980))


def organiser(world: World) -> Actor:
    return Actor("user", world.organiser, permissions=frozenset({Permission.OFFICE}))


def officer(world: World, *, other: bool = False) -> Actor:
    return Actor(
        "user", world.other_officer if other else world.officer, permissions=frozenset({Permission.DELEGATION})
    )


def make_list(world: World, name: str = "Khách mời") -> str:
    with world.app.app_context(), transaction():
        return lists.make_list(world.rules().festival, name, world.organiser).code


def add(world: World, code: str, *people: Outsider) -> list[str]:
    with world.app.app_context(), transaction():
        desk = lists.desk_of(organiser(world), code)
        return [actions.add(desk, who, world.organiser) for who in people]


def desk(world: World, code: str) -> BadgeDesk:
    return lists.desk_of(organiser(world), code)


def line(world: World, code: str, person: str) -> BadgeLine:
    """As it stands now; inside a transaction of the caller or by itself."""
    found = queries.one_of(desk(world, code).list_id, person)
    assert found is not None
    return found


def seen(world: World, code: str, person: str) -> BadgeLine:
    with world.app.app_context(), reading():
        return line(world, code, person)


def change(world: World, code: str, person: str, version: int | None = None, **changes: object) -> None:
    with world.app.app_context(), transaction():
        held = line(world, code, person)
        into = desk(world, str(changes.pop("list", code)))
        who = replace(held.who, **changes)  # type: ignore[arg-type]
        actions.change(desk(world, code), held, version or held.version, who, into, world.organiser)


def remove(world: World, code: str, person: str, reason: str = "không đến được") -> None:
    with world.app.app_context(), transaction():
        held = line(world, code, person)
        actions.remove(world.rules().festival, held, held.version, reason, world.organiser)


def restore(world: World, code: str, person: str) -> None:
    with world.app.app_context(), transaction():
        held = line(world, code, person)
        actions.restore(desk(world, code), held, held.version, world.organiser)


def passes(world: World, person: str) -> list[tuple[int, bool]]:
    """Issue and whether it still opens a gate, of somebody's passes."""
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Pass.issue, Pass.replaced_at)
            .join(Person, Person.id == Pass.person_id)
            .where(Person.code == person)
            .order_by(Pass.issue)
        )
        return [(row.issue, row.replaced_at is None) for row in rows]


def sealed_differences(world: World) -> list[object]:
    """What the check of the ledger finds; and that it looked at our rows."""
    with world.app.app_context(), seals.snapshot():
        report = seals.inspect()
        assert report.counts.rows
        return [each for stream in report.streams for each in [*stream.faults, *stream.differences]]
