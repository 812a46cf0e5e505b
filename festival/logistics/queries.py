"""What is arranged for a delegation, and what do kitchen and lodging add up to? A fixed number of statements at any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from festival.consent.models import Consent, ConsentPurpose
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.i18n import say
from festival.logistics.models import (
    Allergy,
    DelegationStay,
    EditionStay,
    LodgingBed,
    LodgingRoom,
    Meal,
    MealKind,
    MealPortions,
    Vehicle,
)
from festival.logistics.needs import NEED_WORDS, Need, read
from festival.logistics.portions import Portions
from festival.roster.models import Delegation, Entry, EntryPerson, Family, FamilyState, Person

KINDS = list(MealKind)
NOTHING = Portions()


@dataclass(frozen=True, slots=True)
class MealOf:
    """A meal and the numbers of one delegation; `said` False: none were given yet."""

    id: int
    day: date
    kind: MealKind
    closes_at: datetime
    portions: Portions = NOTHING
    said: bool = False


@dataclass(frozen=True, slots=True)
class RoomOf:
    """A room and who of the delegation sleeps in it: id and name of each."""

    house: str
    name: str
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Arrangements:
    """How a delegation comes, eats, sleeps and goes home. Empty where nothing was said."""

    arrives_at: datetime | None = None
    place: str = ""
    vehicle: Vehicle | None = None
    plate: str = ""
    driver_phone: str = ""
    nights_from: date | None = None
    nights_until: date | None = None
    bring: str = ""
    bus_home: str = ""
    meals: tuple[MealOf, ...] = ()
    rooms: tuple[RoomOf, ...] = ()

    @property
    def days(self) -> dict[date, list[MealOf]]:
        """The meals by day, in the order of the day."""
        found: dict[date, list[MealOf]] = {}
        for meal in self.meals:
            found.setdefault(meal.day, []).append(meal)
        return found


def of_delegation(delegation_id: int) -> Arrangements:
    """All of it in three statements; what the delegation does not say itself is said by the edition."""
    row = db.session.execute(
        select(DelegationStay, EditionStay)
        .select_from(Delegation)
        .outerjoin(DelegationStay, DelegationStay.delegation_id == Delegation.id)
        .outerjoin(EditionStay, EditionStay.festival_id == Delegation.festival_id)
        .where(Delegation.id == delegation_id)
    ).one_or_none()
    stay, edition = (None, None) if row is None else (row[0], row[1])
    meals, rooms = tuple(meals_of(delegation_id)), tuple(rooms_of(delegation_id))
    bring = (stay.bring if stay else "") or (edition.bring if edition else "")
    bus_home = (stay.bus_home if stay else "") or (edition.bus_home if edition else "")
    if stay is None:
        return Arrangements(bring=bring, bus_home=bus_home, meals=meals, rooms=rooms)
    return Arrangements(
        stay.arrives_at,
        stay.place,
        stay.vehicle,
        stay.plate,
        stay.driver_phone,
        stay.nights_from,
        stay.nights_until,
        bring,
        bus_home,
        meals,
        rooms,
    )


def meals_of(delegation_id: int) -> list[MealOf]:
    """The meals of the delegation's edition with its numbers, in the order of the days."""
    rows = db.session.execute(
        select(Meal, MealPortions)
        .join(Delegation, Delegation.festival_id == Meal.festival_id)
        .outerjoin(MealPortions, and_(MealPortions.meal_id == Meal.id, MealPortions.delegation_id == Delegation.id))
        .where(Delegation.id == delegation_id, Meal.removed_at.is_(None))
    )
    found = [MealOf(meal.id, meal.day, meal.kind, meal.closes_at, _numbers(row), row is not None) for meal, row in rows]
    return sorted(found, key=lambda meal: (meal.day, KINDS.index(meal.kind)))


def _numbers(row: MealPortions | None) -> Portions:
    return Portions() if row is None else Portions(row.portions, row.vegetarian, row.no_pork)


def rooms_of(delegation_id: int) -> list[RoomOf]:
    """Where the people of a delegation sleep."""
    rows = db.session.execute(
        select(
            LodgingRoom.id, LodgingRoom.house, LodgingRoom.name, Person.id.label("person"), Person.name.label("called")
        )
        .join(LodgingBed, LodgingBed.room_id == LodgingRoom.id)
        .join(Person, Person.id == LodgingBed.person_id)
        .where(Person.delegation_id == delegation_id)
        .order_by(LodgingRoom.house, LodgingRoom.name, LodgingBed.number)
    )
    rooms: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in rows:
        rooms.setdefault((row.house, row.name), []).append((row.person, row.called))
    return [RoomOf(house, name, tuple(people)) for (house, name), people in rooms.items()]


@dataclass(frozen=True, slots=True)
class MealTotal:
    """What the kitchen cooks for one meal: `said` of `asked` delegations gave numbers."""

    id: int
    day: date
    kind: MealKind
    closes_at: datetime
    portions: Portions
    said: int
    removed: bool

    @property
    def closes_at_day(self) -> date:
        """The Vietnamese day of its hour."""
        return local(self.closes_at).date()


@dataclass(frozen=True, slots=True)
class NightTotal:
    """How many people sleep away from home in one night."""

    night: date
    people: int
    delegations: int


@dataclass(frozen=True, slots=True)
class DelegationNumbers:
    """One delegation in the organiser's table."""

    id: int
    code: str
    name: str
    people: int
    stay: DelegationStay | None
    portions: dict[int, Portions] = field(default_factory=dict)  # by meal

    @property
    def nights(self) -> int:
        """How many nights it stays."""
        if self.stay is None or self.stay.nights_from is None or self.stay.nights_until is None:
            return 0
        return (self.stay.nights_until - self.stay.nights_from).days


def meal_totals(festival_id: int) -> list[MealTotal]:
    """Added up by the database, one statement; meals that were taken out are among them."""
    rows = db.session.execute(
        select(
            Meal,
            func.coalesce(func.sum(MealPortions.portions), 0).label("portions"),
            func.coalesce(func.sum(MealPortions.vegetarian), 0).label("vegetarian"),
            func.coalesce(func.sum(MealPortions.no_pork), 0).label("no_pork"),
            func.count(MealPortions.meal_id).label("said"),
        )
        .outerjoin(MealPortions, MealPortions.meal_id == Meal.id)
        .where(Meal.festival_id == festival_id)
        .group_by(Meal.id)
    )
    found = [
        MealTotal(
            meal.id,
            meal.day,
            meal.kind,
            meal.closes_at,
            Portions(int(portions), int(vegetarian), int(no_pork)),
            said,
            meal.removed_at is not None,
        )
        for meal, portions, vegetarian, no_pork, said in rows
    ]
    return sorted(found, key=lambda each: (each.day, KINDS.index(each.kind)))


def delegation_lines(festival_id: int) -> list[DelegationNumbers]:
    """Every delegation with its stay and its numbers: two statements."""
    numbers: dict[int, dict[int, Portions]] = defaultdict(dict)
    own = (
        select(MealPortions)
        .join(Meal, Meal.id == MealPortions.meal_id)
        .where(Meal.festival_id == festival_id, Meal.removed_at.is_(None))
    )
    for row in db.session.scalars(own):
        numbers[row.delegation_id][row.meal_id] = _numbers(row)
    rows = db.session.execute(
        select(Delegation.id, Delegation.code, Delegation.name, func.count(Person.id).label("people"), DelegationStay)
        .outerjoin(DelegationStay, DelegationStay.delegation_id == Delegation.id)
        .outerjoin(Person, and_(Person.delegation_id == Delegation.id, coming()))
        .where(Delegation.festival_id == festival_id)
        .group_by(Delegation.id, DelegationStay.delegation_id)
        .order_by(Delegation.position, Delegation.name)
    )
    return [
        DelegationNumbers(row.id, row.code, row.name, row.people, row.DelegationStay, numbers.get(row.id, {}))
        for row in rows
    ]


def coming() -> ColumnElement[bool]:
    """Who of a delegation comes: people of approved families, and those on its list beside families; nobody who left."""
    approved = select(Family.id).where(Family.state == FamilyState.APPROVED)
    return and_(or_(Person.family_id.in_(approved), Person.family_id.is_(None)), ~Person.out)


def night_totals(lines: Sequence[DelegationNumbers]) -> list[NightTotal]:
    """People and delegations by night, from the lines the page shows anyway."""
    nights: dict[date, list[DelegationNumbers]] = defaultdict(list)
    for line in lines:
        for at in range(line.nights):
            assert line.stay is not None and line.stay.nights_from is not None
            nights[line.stay.nights_from + timedelta(days=at)].append(line)
    return [
        NightTotal(night, sum(each.people for each in nights[night]), len(nights[night])) for night in sorted(nights)
    ]


_SUPPORT = and_(Consent.purpose == ConsentPurpose.SUPPORT, Consent.withdrawn_at.is_(None))


def needs_of(festival_id: int) -> dict[int, frozenset[Need]]:
    """Who needs which help and agreed that it is shown; one statement, and only those."""
    rows = db.session.execute(
        select(Person.id, Person.needs)
        .join(Consent, Consent.person_id == Person.id)
        .where(Person.festival_id == festival_id, Person.needs != "", _SUPPORT)
    )
    return {row.id: kinds for row in rows if (kinds := read(row.needs)[0])}


def needs_by_entry(festival_id: int) -> dict[int, frozenset[Need]]:
    """The same for those who come on a stage, by their entry; one that names nobody stands for its whole family."""
    asked = Person.festival_id == festival_id, Person.needs != "", ~Person.out, _SUPPORT
    named = (
        select(EntryPerson.entry_id, Person.id, Person.needs)
        .join(Person, Person.id == EntryPerson.person_id)
        .join(Consent, Consent.person_id == Person.id)
        .where(*asked)
    )
    whole = (
        select(Entry.id.label("entry_id"), Person.id, Person.needs)
        .join(Person, Person.family_id == Entry.family_id)
        .join(Consent, Consent.person_id == Person.id)
        .where(*asked, ~exists().where(EntryPerson.entry_id == Entry.id))
    )
    rows = db.session.execute(named.union_all(whole))
    found: dict[int, frozenset[Need]] = {}
    for row in rows:
        found[row.entry_id] = found.get(row.entry_id, frozenset()) | read(row.needs)[0]
    return {entry: kinds for entry, kinds in found.items() if kinds}


def needs_said(festival_id: int) -> dict[int, str]:
    """In words, for whoever leads a stage or reads its sheet; by entry."""
    by_entry = needs_by_entry(festival_id)
    return {
        entry: ", ".join(say(NEED_WORDS[need]).lower() for need in Need if need in kinds)
        for entry, kinds in by_entry.items()
    }


@dataclass(frozen=True, slots=True)
class CareLine:
    """Somebody of a delegation, with what is written and which agreement it stands on."""

    code: str
    name: str
    family: str
    needs: str
    support: bool
    allergy: bool


def care_lines(delegation_id: int) -> list[CareLine]:
    """Everybody of a delegation who comes; whether an allergy is written, never which."""
    standing = select(Consent.person_id).where(Consent.person_id == Person.id, _SUPPORT).exists()
    rows = db.session.execute(
        select(
            Person.code,
            Person.name,
            Person.needs,
            func.coalesce(Family.name, "").label("family"),
            standing.label("support"),
            Allergy.person_id.is_not(None).label("allergy"),
        )
        .outerjoin(Family, Family.id == Person.family_id)
        .outerjoin(Allergy, Allergy.person_id == Person.id)
        .where(Person.delegation_id == delegation_id, coming())
        .order_by(Family.folded, Person.position, Person.id)
    )
    return [CareLine(row.code, row.name, row.family, row.needs, bool(row.support), bool(row.allergy)) for row in rows]


@dataclass(frozen=True, slots=True)
class AllergyLine:
    """One allergy, for the kitchen and the nurse."""

    delegation: str
    family: str
    name: str
    words: str


def allergies(festival_id: int) -> list[AllergyLine]:
    """All that stand on an agreement, by delegation."""
    rows = db.session.execute(
        select(
            Delegation.name.label("delegation"),
            func.coalesce(Family.name, "").label("family"),
            Person.name,
            Allergy.words,
        )
        .join(Person, Person.id == Allergy.person_id)
        .join(Consent, Consent.person_id == Person.id)
        .outerjoin(Delegation, Delegation.id == Person.delegation_id)
        .outerjoin(Family, Family.id == Person.family_id)
        .where(
            Person.festival_id == festival_id,
            Consent.purpose == ConsentPurpose.ALLERGY,
            Consent.withdrawn_at.is_(None),
            coming(),
        )
        .order_by(Delegation.position, Delegation.name, Family.name, Person.position)
    )
    return [AllergyLine(row.delegation or "", row.family, row.name, row.words) for row in rows]
