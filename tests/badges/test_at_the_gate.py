"""Is somebody outside families known at the gate: by class and title, by the bus, offline, and gone when taken off the list?"""

from __future__ import annotations

from sqlalchemy import select

from festival.checkin import desk as checkin_desk
from festival.checkin import merge
from festival.checkin.lookup import look_up
from festival.checkin.offline_list import list_stamp
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.passes import tokens
from festival.passes.models import Pass
from festival.passes.queries import passes as valid_passes
from festival.roster.models import Person
from tests.badges.cast import DRIVER, GUEST, add, change, make_list, remove, restore
from tests.devices.kit import Phone, opened, verdicts
from tests.registration.conftest import World, household
from tests.registration.registered import approve, register


def pass_of(world: World, person: str) -> tuple[str, str]:
    """List id and QR of somebody's valid pass."""
    with world.app.app_context(), reading():
        row = db.session.scalars(
            select(Pass)
            .join(Person, Person.id == Pass.person_id)
            .where(Person.code == person, Pass.replaced_at.is_(None))
        ).one()
        return row.list_id, tokens.qr_text(row)


def test_they_come_in_by_their_own_pass_or_with_the_bus(world: World) -> None:
    approve(world, register(world, household(1)).family_id)
    guests = make_list(world)
    (an,) = add(world, guests, GUEST)
    (tai,) = add(world, world.hon_dat, DRIVER)
    with world.app.app_context(), transaction():
        festival_id = world.rules().festival.id
        code = make_enrolment_code(festival_id, DeviceRole.LEAD, None, "Cổng chính").code
    lead = Phone(world.app.test_client(), code)
    list_id, qr = pass_of(world, an)

    state = lead.state()["state"]
    assert opened(dict(state["passes"])[list_id], qr) == {
        "t": "person",
        "name": "Nguyễn Văn An",
        "unit": "Khách mời · Phó Chủ tịch Ủy ban nhân dân tỉnh",
        "badge": "guest",
        "members": [{"c": an, "n": "Nguyễn Văn An", "r": ""}],
    }
    (bus,) = [each for each in state["roster"] if each["t"] == "delegation"]
    assert bus["members"] == [{"c": tai, "n": "Châu Văn Tài", "r": "", "k": "Hỗ trợ đoàn · Lái xe"}]

    def admitted() -> dict[str, int]:
        with world.app.app_context(), reading():
            (line, _other) = checkin_desk.arrivals(festival_id, "2024-06-14")
            return {"people": line.people, "here": line.people_here}

    assert admitted() == {"people": 4, "here": 0}
    # By the own pass, and with the bus.
    assert verdicts(lead.send(lead.scan(list_id), lead.scan(bus["pass"], [tai]))) == ["applied", "applied"]
    with world.app.app_context(), reading():
        inside = checkin_desk.inside_by_class(festival_id, merge.day_window(now()))
        assert [(each.look.word, each.people_here, each.people) for each in inside] == [
            ("Gia đình", 0, 3),
            ("Khách mời", 1, 1),
            ("Hỗ trợ đoàn", 1, 1),
        ]
    stamps = []
    for step in (
        lambda: None,
        lambda: change(world, guests, an, name="Nguyễn Văn Ân"),
        lambda: remove(world, world.hon_dat, tai),
        lambda: restore(world, world.hon_dat, tai),
        lambda: change(world, guests, an, title="Chủ tịch"),
    ):
        step()
        with world.app.app_context(), reading():
            stamps.append(list_stamp(festival_id))
        if len(stamps) == 3:
            assert admitted() == {"people": 3, "here": 0}
            with world.app.app_context(), reading():
                assert look_up(festival_id, "Châu Văn Tài").found == ()
    assert len(set(stamps)) == 5
    with world.app.app_context(), reading():
        (found,) = look_up(festival_id, "nguyen van an").found
        assert (found.record["name"], found.record["unit"]) == ("Nguyễn Văn Ân", "Khách mời · Chủ tịch")
        assert {row.person_id is not None for row in valid_passes(festival_id)} == {True, False}
