"""Does somebody who stands in every table go from all of them, and does every constraint hold what is left?

One family and two people of a list sleep, eat, agree, are announced and confirmed by name; then a person, the family and the two go.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from festival.badges.models import BadgeHolder
from festival.badges.people import Outsider
from festival.consent.rules import Ticks
from festival.core.clock import now
from festival.core.database import Base, db
from festival.core.transaction import reading, transaction
from festival.logistics import queries, supporting
from festival.logistics.models import Allergy, LodgingBed, LodgingRoom
from festival.logistics.sleeping import lodging
from festival.logistics.supporting import AgreedBy
from festival.messages import announcing
from festival.messages.announcing import ToWhom
from festival.messages.models import Audience
from festival.passes import blank
from festival.passes.models import Pass
from festival.privacy.ethnic import agreeing as ethnic
from festival.privacy.people import erasing_one, telling
from festival.privacy.people.erasing_outsider import erase_outsider
from festival.privacy.people.words import OTHER
from festival.proofing import confirming
from festival.proofing import queries as proofing
from festival.registration.receiving import choose_receiver
from festival.roster import families
from festival.roster.models import Person
from tests.badges.cast import add, make_list, passes, remove
from tests.privacy.test_erasing_one import CHILD, FATHER, MOTHER, PHONE, planted
from tests.privacy.test_requests import clean
from tests.registration.conftest import World, make_world, world

__all__ = ["make_world", "world"]
DRIVER = Outsider("Lưu Văn Gieo Lái", "crew", title="Lái xe Gieo Lạ", phone="0911222333", seat="Ghế Gieo Lạ")
GUEST = Outsider("Lưu Thị Gieo Khách", "crew", honorific="bà", title="Khách Gieo Lạ", phone="0911222444")
EATEN, NEED = "Mật ong gieo lạ", "Ghế gieo lạ"


def standing(world: World, *texts: str) -> dict[str, set[str]]:
    """Which tables say which of these texts, in any column of any row."""
    found: dict[str, set[str]] = {}
    with world.app.app_context(), reading():
        for table in Base.metadata.sorted_tables:
            rows = " ".join(map(str, db.session.execute(select(table)).all()))
            for text in texts:
                if text in rows:
                    found.setdefault(text, set()).add(table.name)
    return found


def arranged(world: World, family_id: int) -> None:
    """Everything the new rooms hold of a family, in the words nobody else uses."""
    with world.app.app_context(), transaction():
        family, festival = families.family_by_id(family_id), world.rules().festival
        lodging.add_rooms(festival, "Nhà khách", ["101", "102"], 4, None)
        rooms = db.session.scalars(select(LodgingRoom).order_by(LodgingRoom.id)).all()
        lodging.place(festival, family.members, rooms[0].id, None)
        for person in family.members:
            grown = person.name != CHILD
            by = AgreedBy(person.name if grown else MOTHER, "self" if grown else "mother", "paper")
            supporting.agree_allergy(festival, person, EATEN, by)
            supporting.agree_support(festival, person, NEED, person.needs, by)
        ethnic.write_down(family, family.members[1], "05", Ticks(agreed=True), "link")
        choose_receiver(festival, family, family.members[1].code, "link")
        until = now() + timedelta(hours=3)
        number = announcing.announce(festival, "gieo", ToWhom(Audience.ALL), FATHER, until, None)
        row = announcing.announcement(festival, number)
        announcing.correct(row, row.version, f"{FATHER} và {MOTHER} ra cổng", until, None)
        names = proofing.unproofed(festival.id)
        assert names
        confirming.confirm_names(festival, None, names, f"{FATHER} vắng, {MOTHER} đã xem", None)
        blank.make_blanks(festival, 1, None)
        blank.claim(festival, 1, "family", family.id, None)


def outsiders(world: World) -> list[str]:
    """Two of one list, each with a bed, an allergy and a need; they are off the list, as somebody is who asks to go."""
    code = make_list(world)
    people = add(world, code, DRIVER, GUEST)
    with world.app.app_context(), transaction():
        festival = world.rules().festival
        room = db.session.scalars(select(LodgingRoom).where(LodgingRoom.name == "102")).one()
        rows = db.session.scalars(select(Person).where(Person.code.in_(people))).all()
        lodging.place(festival, rows, room.id, None, sure=True)
        for person in rows:
            by = AgreedBy(person.name, "self", "paper")
            supporting.agree_allergy(festival, person, EATEN, by)
            supporting.agree_support(festival, person, NEED, "", by)
        assert {EATEN} == {line.words for line in queries.allergies(festival.id)}
    for person_code in people:
        remove(world, code, person_code)
    return people


def beds(world: World) -> list[int]:
    with world.app.app_context(), reading():
        return [each for each in db.session.scalars(select(LodgingBed.person_id)) if each is not None]


def test_who_stands_in_every_table_goes_from_all_of_them(world: World) -> None:
    family_id, _link = planted(world)
    arranged(world, family_id)
    beside = outsiders(world)
    every = standing(world, FATHER, EATEN, NEED, DRIVER.name)
    assert {"announcement", "name_confirmation", "consent", "person", "ledger_payload"} <= every[FATHER]
    assert every[EATEN] == {"allergy"} and every[NEED] == {"person"}
    with world.app.app_context(), reading():
        # Off its list, nobody is cooked for or looked after any more; the cook reads of the family alone.
        festival_id = world.rules().festival.id
        assert {line.name for line in queries.allergies(festival_id)} == {MOTHER, FATHER, CHILD}
        family = families.family_by_id(family_id)
        whole, handed = telling.told(family), telling.told(family, to_staff=True)
        titles = [part.title for part in whole]
        assert {"Dị ứng", "Giường nghỉ", "Người nhận tiền thưởng", "Dân tộc"} <= set(titles)
        assert str(OTHER) not in titles
        assert {part.title for part in whole} - {part.title for part in handed} == {"Dị ứng", "Dân tộc"}
        room = next(part for part in whole if part.title == "Giường nghỉ").rows[1]
        assert room == (("Ai", FATHER), ("Phòng", "Nhà khách, 101"), ("Giường số", "2"))
    assert clean(world) == []

    with world.app.app_context():
        with transaction():
            family = families.family_by_id(family_id)
            father = family.members[1]
            code = father.code
            assert erasing_one.leave(family, father, "paper")
        erasing_one.erase_now(family_id, code)
    assert standing(world, FATHER) == {}
    assert len(beds(world)) == 4
    assert clean(world) == []

    for person_code in beside:
        with world.app.app_context():
            erase_outsider(person_code)
    gone = [text for who in (DRIVER, GUEST) for text in (who.name, who.title, who.phone)]
    assert standing(world, *gone, DRIVER.seat) == {}
    assert len(beds(world)) == 2
    with world.app.app_context(), reading():
        empty = db.session.execute(select(BadgeHolder.honorific, BadgeHolder.title, BadgeHolder.identity)).all()
        assert [tuple(each) for each in empty] == [("", "", "")] * 2
    assert [passes(world, each) for each in beside] == [[(1, False)]] * 2
    assert clean(world) == []

    with world.app.app_context():
        with transaction():
            assert erasing_one.leave(families.family_by_id(family_id), None, "paper")
        erasing_one.erase_now(family_id, "")
    assert standing(world, MOTHER, FATHER, CHILD, PHONE, EATEN, NEED) == {}
    assert beds(world) == []
    with world.app.app_context(), reading():
        assert db.session.scalars(select(Allergy)).all() == []
        theirs = Pass.delegation_id.is_(None) & Pass.replaced_at.is_(None)
        assert db.session.scalars(select(Pass.id).where(theirs)).all() == []
    assert clean(world) == []
