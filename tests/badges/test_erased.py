"""Does what is known of somebody outside families go: earlier when asked, and with everybody's on the day of the data?"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from festival.badges import queries
from festival.badges.models import BadgeHolder, BadgeImport
from festival.core.database import db
from festival.core.ledger import LedgerPayload
from festival.core.transaction import reading, transaction
from festival.privacy import erasing
from festival.privacy.people import erasing_one
from festival.roster.models import Person
from tests.badges.cast import DRIVER, GUEST, add, desk, make_list, passes, remove, sealed_differences
from tests.badges.test_files import send, workbook
from tests.registration.conftest import World
from tests.registration.pages_kit import post


def known(world: World, *texts: str) -> list[str]:
    """Which of these texts stand anywhere in rows, waiting files or the ledger."""
    with world.app.app_context(), reading():
        said = [
            *map(str, db.session.execute(select(Person.name, Person.folded, Person.phone, Person.birth_year)).all()),
            *map(str, db.session.execute(select(BadgeHolder.title, BadgeHolder.seat, BadgeHolder.identity)).all()),
            *map(str, db.session.scalars(select(BadgeImport.rows))),
            *map(str, db.session.scalars(select(LedgerPayload.content))),
        ]
    return [text for text in texts if any(text in each for each in said)]


def test_who_asks_is_erased_alone_and_stays_erased_in_an_old_copy(world: World) -> None:
    guests = make_list(world)
    client = world.as_user(world.organiser)
    (an, mai) = add(world, guests, replace(GUEST, phone="0987654321"), replace(GUEST, name="Lâm Thị Mai", rank=2))
    page = f"/badges/{guests}/people/{an}"
    address = f"/office/privacy/outsiders/{an}/erase"
    assert post(client, address, {}, page=page).status_code == 404  # still on the list
    remove(world, guests, an)
    assert post(client, address, {}, page=page).status_code == 303
    assert known(world, "Nguyễn Văn An", "0987654321", "Lâm Thị Mai") == ["Lâm Thị Mai"]
    assert passes(world, an) == [(1, False)] and passes(world, mai) == [(1, True)]
    assert client.get(page).status_code == 404
    assert sealed_differences(world) == []
    # An old copy knows the name again, on a list.
    with world.app.app_context(), transaction():
        row = db.session.scalars(select(Person).where(Person.code == an)).one()
        row.name, row.folded, row.phone = "Nguyễn Văn An", "nguyen van an", "0987654321"
    with world.app.app_context():
        assert erasing_one.replay() == 1
    assert known(world, "Nguyễn Văn An", "0987654321") == []


def test_on_the_day_of_the_data_nothing_of_them_is_left(world: World) -> None:
    guests = make_list(world)
    (an,) = add(world, guests, GUEST)
    (tai,) = add(world, world.hon_dat, DRIVER)
    send(world.as_user(world.organiser), guests, workbook({"name": "Kim Sơn Hà"}))
    texts = ("Nguyễn Văn An", "Phó Chủ tịch", "Châu Văn Tài", "0912345678", "Lái xe", "Kim Sơn Hà")
    assert known(world, *texts) == list(texts)
    with world.app.app_context():
        erasing.erase(world.festival, "data")
    assert known(world, *texts) == []
    assert passes(world, an) == passes(world, tai) == [(1, False)]
    with world.app.app_context(), reading():
        assert db.session.scalar(select(BadgeImport.id)) is None
        assert queries.guests_of(world.rules().festival.id) == []
        assert desk(world, guests).name == "Khách mời"
    assert sealed_differences(world) == []
