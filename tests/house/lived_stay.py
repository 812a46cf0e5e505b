"""What a day of a festival arranges for its delegations: arrival, meals, rooms, care, with every way back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from festival.consent.models import ConsentPurpose
from festival.core.clock import from_local, now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.logistics import arriving, meals, supporting
from festival.logistics.meals import PortionsTyped
from festival.logistics.models import LodgingBed, LodgingRoom, MealKind
from festival.logistics.portions import Portions
from festival.logistics.sleeping import lodging
from festival.logistics.typed import stay_typed
from festival.roster.models import Delegation, Person


def arranged(festival_id: int, staff: int) -> None:
    """A stay written twice, a meal moved, taken out and brought back, numbers given and corrected."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        delegation = db.session.scalars(
            select(Delegation).where(Delegation.festival_id == festival_id).order_by(Delegation.id).limit(1)
        ).one()
        form = {"day": "14/6/2024", "at": "6:30", "place": "Cổng B", "vehicle": "coach", "driver_phone": "0912345678"}
        days = (festival.starts_on, festival.ends_on)
        arriving.save_stay(delegation, stay_typed(form, *days), 0, staff)
        arriving.save_stay(
            delegation, stay_typed(form | {"nights_from": "14/6/2024", "nights_until": "15/6/2024"}, *days), 1, staff
        )
        arriving.save_edition(festival, "Nón, nước uống", "Xe về lúc 16 giờ", 0, staff)
        day = festival.starts_on
        soon = from_local(now().replace(year=day.year, month=day.month, day=day.day, tzinfo=None, microsecond=0))
        lunch = meals.name_meal(festival, day, MealKind.LUNCH, soon - timedelta(days=1), staff)
        dinner = meals.name_meal(festival, day, MealKind.DINNER, soon - timedelta(days=1), staff)
        meals.move_hour(festival, lunch.id, soon - timedelta(days=2), staff)
        first = [PortionsTyped(lunch.id, "", Portions(20, 2, 1)), PortionsTyped(dinner.id, "", Portions(18))]
        assert meals.save_portions(delegation, first, staff, reason="đoàn gọi điện") == 2
        again = [PortionsTyped(lunch.id, "20/2/1", Portions(22, 2, 1))]
        assert meals.save_portions(delegation, again, staff, reason="thêm hai suất") == 1
        meals.take_out(festival, lunch.id, staff)
        meals.take_out(festival, dinner.id, staff)
        meals.bring_back(festival, lunch.id, staff)
        _slept(festival, delegation, staff)
        _cared_for(festival, staff)


def _slept(festival: Festival, delegation: Delegation, staff: int) -> None:
    """Rooms are named, proposed, one is taken out; the proposal is undone, and made again with one moved by hand."""
    assert lodging.add_rooms(festival, "Nhà khách", ["101", "102", "103", "104"], 6, staff) == 4
    rooms = db.session.scalars(select(LodgingRoom).order_by(LodgingRoom.id)).all()
    lodging.set_beds(festival, rooms[0].id, 5, staff)
    lodging.set_beds(festival, rooms[3].id, 0, staff)
    first = lodging.propose_for(festival, [delegation.id], staff)
    assert first.placed > 0 and lodging.undo(festival, first.batch, staff) == first.placed
    assert lodging.propose_for(festival, [delegation.id], staff).placed == first.placed
    people = db.session.scalars(
        select(Person).join(LodgingBed, LodgingBed.person_id == Person.id).order_by(Person.id).limit(2)
    ).all()
    assert lodging.add_rooms(festival, "Nhà khách", ["101", "105"], 2, staff) == 1
    last = db.session.scalars(select(LodgingRoom.id).where(LodgingRoom.name == "105")).one()
    lodging.place(festival, people[:1], last, staff, sure=True)
    assert lodging.take_away(festival, people[1:], staff) == 1


def _cared_for(festival: Festival, staff: int) -> None:
    """Somebody agrees that a need and an allergy are told, and takes the second back."""
    person = db.session.scalars(
        select(Person)
        .where(Person.festival_id == festival.id, Person.representative, Person.needs == "")
        .order_by(Person.id.desc())
        .limit(1)
    ).one()
    by = supporting.AgreedBy(person.name, "self", "in_person")
    supporting.agree_support(festival, person, "Xe lăn", "", by)
    supporting.agree_allergy(festival, person, "tôm", by)
    assert supporting.take_back(festival, person, ConsentPurpose.ALLERGY, "phone")
