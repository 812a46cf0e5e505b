"""Who stands on which list, how many of each class, and how are they called at the gate and by the MC?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from festival.badges.models import BadgeHolder, BadgeImport, BadgeKind, BadgeList
from festival.badges.people import ALSO_CALLED, Outsider, spoken
from festival.badges.words import BADGE_LOOKS, BADGE_WORDS
from festival.core.births import Birth
from festival.core.database import db
from festival.core.names import fold, sort_key
from festival.core.web.i18n import say
from festival.passes.printing import BadgeWords
from festival.roster.models import BadgeClass, Delegation, Family, Person

LAST = 10_000  # behind every rank
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ClassLook:
    """How a class is shown: its word in the reader's language, icon and colour."""

    key: str  # the class, or the code of an own one
    base: BadgeClass
    word: str
    symbol: str
    tone: str

    @property
    def order(self) -> tuple[int, bool, str]:
        """As classes are listed: an own one behind the class it counts as."""
        return list(BadgeClass).index(self.base), self.key != self.base.value, self.word


@dataclass(frozen=True, slots=True)
class BadgeLine:
    """Somebody outside families with all that a list shows."""

    person_id: int
    code: str
    who: Outsider
    look: ClassLook
    list_code: str
    list_name: str
    version: int
    out: bool
    import_id: int | None

    @property
    def name(self) -> str:
        return self.who.name

    @property
    def spoken(self) -> str:
        """As the MC reads it."""
        return spoken(self.who.honorific, self.who.name, self.who.title)

    @property
    def order(self) -> tuple[int, str]:
        """By rank, then by name as names are put in order."""
        return (self.who.rank or LAST, sort_key(self.who.name))


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many people of a class there are."""

    look: ClassLook
    people: int


def look_of(badge: BadgeClass, kind: Any = None) -> ClassLook:
    """The look of a class; `kind`: a row with code, word, symbol and colour of an own one."""
    if kind is not None and kind.code is not None:
        return ClassLook(kind.code, badge, kind.word, kind.symbol, kind.colour)
    return ClassLook(badge.value, badge, say(BADGE_WORDS[badge]), *BADGE_LOOKS[badge])


def people_of(delegation_id: int) -> list[BadgeLine]:
    """The people outside families a delegation brings, in order; nobody who was taken off the list."""
    return _in_order(_lines(_wanted().where(BadgeList.delegation_id == delegation_id, ~Person.out)))


def on_list(list_id: int, *, gone: bool = False) -> list[BadgeLine]:
    """Who stands on a list, or (`gone`) was taken off it, in order."""
    where = (Person.out, Person.folded != "") if gone else (~Person.out,)  # nobody comes back who was erased
    return _in_order(_lines(_wanted().where(BadgeHolder.list_id == list_id, *where)))


def one_of(list_id: int, code: str) -> BadgeLine | None:
    """Somebody of a list, also taken off it; nobody who was erased."""
    found = _lines(_wanted().where(BadgeHolder.list_id == list_id, Person.code == code, Person.folded != ""))
    return found[0] if found else None


def of_import(import_id: int) -> list[BadgeLine]:
    """Everybody an Excel file brought, wherever they stand now."""
    return _in_order(_lines(_wanted().where(BadgeHolder.import_id == import_id)))


def holding(kind_id: int) -> list[BadgeLine]:
    """Everybody of an own class, also taken off a list."""
    return _lines(_wanted().where(BadgeHolder.kind_id == kind_id))


def used_kinds(festival_id: int) -> Counter[str]:
    """How many have each own class, by its code."""
    rows = db.session.execute(
        select(BadgeKind.code, func.count())
        .join(BadgeHolder, BadgeHolder.kind_id == BadgeKind.id)
        .where(BadgeKind.festival_id == festival_id)
        .group_by(BadgeKind.code)
    )
    return Counter({row[0]: row[1] for row in rows})


def words_on_badges(people: Sequence[int]) -> dict[int, BadgeWords]:
    """How these people are addressed on their badges: the honorific above the name, the title below it."""
    wanted = (
        select(
            BadgeHolder.person_id,
            BadgeHolder.honorific,
            BadgeHolder.title,
            BadgeKind.word,
            BadgeList.name,
            Delegation.name,
        )
        .join(BadgeList, BadgeList.id == BadgeHolder.list_id)
        .outerjoin(BadgeKind, BadgeKind.id == BadgeHolder.kind_id)
        .outerjoin(Delegation, Delegation.id == BadgeList.delegation_id)
    )
    # A festival's worth of ids is more than one statement of SQLite takes.
    rows = [
        row
        for start in range(0, len(people), AT_ONCE)
        for row in db.session.execute(wanted.where(BadgeHolder.person_id.in_(people[start : start + AT_ONCE])))
    ]
    return {
        person_id: BadgeWords(honorific, " · ".join(filter(None, (kind, title or delegation or place))))
        for person_id, honorific, title, kind, place, delegation in rows
    }


def guests_of(festival_id: int) -> list[BadgeLine]:
    """Whom the MC greets: guests, and whoever else was given an order of rank, in that order."""
    greeted = (Person.badge == BadgeClass.GUEST) | BadgeHolder.rank.is_not(None)
    return _in_order(_lines(_wanted().where(BadgeList.festival_id == festival_id, greeted, BadgeHolder.identity != "")))


def present(festival_id: int) -> list[BadgeLine]:
    """Everybody outside families who takes part, as stored."""
    return _lines(_wanted().where(BadgeList.festival_id == festival_id, ~Person.out))


def everybody(festival_id: int) -> list[BadgeLine]:
    """Also who was taken off a list, as stored."""
    return _lines(_wanted().where(BadgeList.festival_id == festival_id))


def counts_by_class(festival_id: int, delegation_id: int | None = None) -> list[ClassCount]:
    """How many people of each class take part; own classes apart from the one they count as."""
    wanted = (
        select(
            Person.badge, BadgeKind.code, BadgeKind.word, BadgeKind.symbol, BadgeKind.colour, func.count().label("n")
        )
        .select_from(BadgeHolder)
        .join(Person, Person.id == BadgeHolder.person_id)
        .outerjoin(BadgeKind, BadgeKind.id == BadgeHolder.kind_id)
        .where(Person.festival_id == festival_id, ~Person.out)
        .group_by(Person.badge, BadgeKind.code, BadgeKind.word, BadgeKind.symbol, BadgeKind.colour)
    )
    if delegation_id is not None:
        wanted = wanted.where(Person.delegation_id == delegation_id)
    counts = [ClassCount(look_of(row.badge, row), row.n) for row in db.session.execute(wanted)]
    return sorted(counts, key=lambda each: each.look.order)


def lists_of(festival_id: int) -> list[BadgeList]:
    """The lists of sub-committees, also those taken away, by name."""
    rows = db.session.scalars(
        select(BadgeList).where(BadgeList.festival_id == festival_id, BadgeList.delegation_id.is_(None))
    )
    return sorted(rows, key=lambda row: (row.closed_at is not None, row.folded))


def usual_class(list_id: int, called: str) -> str:
    """The class most people of a list have, else the one its name speaks of; "" when neither says."""
    key = func.coalesce(BadgeKind.code, Person.badge)
    most = db.session.execute(
        select(key, func.count())
        .select_from(BadgeHolder)
        .join(Person, Person.id == BadgeHolder.person_id)
        .outerjoin(BadgeKind, BadgeKind.id == BadgeHolder.kind_id)
        .where(BadgeHolder.list_id == list_id, BadgeHolder.identity != "")
        .group_by(key)
        .order_by(func.count().desc(), key)
        .limit(1)
    ).first()
    if most is not None:
        return str(most[0])
    words = {fold(str(BADGE_WORDS[badge])): badge.value for badge in BadgeClass} | ALSO_CALLED
    spoken_of = (key for word, key in words.items() if f" {word} " in f" {fold(called)} ")
    return next(spoken_of, "")


def sizes(festival_id: int) -> Counter[str]:
    """How many stand on each list, by its code."""
    rows = db.session.execute(
        select(BadgeList.code, func.count())
        .join(BadgeHolder, BadgeHolder.list_id == BadgeList.id)
        .where(BadgeList.festival_id == festival_id, BadgeHolder.identity != "")
        .group_by(BadgeList.code)
    )
    return Counter({row[0]: row[1] for row in rows})


def imports_of(list_id: int) -> list[BadgeImport]:
    """The files that were written into a list, the latest first."""
    query = select(BadgeImport).where(BadgeImport.list_id == list_id, BadgeImport.applied_at.is_not(None))
    return list(db.session.scalars(query.order_by(BadgeImport.id.desc()).limit(10)))


def namesakes(festival_id: int, names: Iterable[str] | None, but: int = 0) -> dict[str, str]:
    """Folded name → where somebody of that name is already, of all lists and families. `names` None: of everybody."""
    where = func.coalesce(Family.name, BadgeList.name)
    query = (
        select(Person.folded, where.label("place"), Delegation.name.label("delegation"))
        .outerjoin(Family, Family.id == Person.family_id)
        .outerjoin(BadgeHolder, BadgeHolder.person_id == Person.id)
        .outerjoin(BadgeList, BadgeList.id == BadgeHolder.list_id)
        .outerjoin(Delegation, Delegation.id == Person.delegation_id)
        .where(Person.festival_id == festival_id, Person.id != but, ~Person.out)
    )
    if names is not None:
        query = query.where(Person.folded.in_(list(names)))
    return {row.folded: row.place or row.delegation or "" for row in db.session.execute(query)}


def _wanted() -> Any:
    return (
        select(
            Person.id, Person.code, Person.name, Person.badge, Person.phone, Person.birth_year, Person.born_on, Person.out,
            BadgeHolder.honorific, BadgeHolder.title, BadgeHolder.rank, BadgeHolder.seat, BadgeHolder.version,
            BadgeHolder.import_id, BadgeKind.code.label("kind"), BadgeKind.word, BadgeKind.symbol, BadgeKind.colour,
            BadgeList.code.label("list_code"), BadgeList.name.label("list_name"), Delegation.name.label("delegation"),
        )
        .select_from(BadgeHolder)
        .join(Person, Person.id == BadgeHolder.person_id)
        .join(BadgeList, BadgeList.id == BadgeHolder.list_id)
        .outerjoin(BadgeKind, BadgeKind.id == BadgeHolder.kind_id)
        .outerjoin(Delegation, Delegation.id == BadgeList.delegation_id)
        .order_by(Person.id)
    )  # fmt: skip


def _lines(query: Any) -> list[BadgeLine]:
    looks: dict[tuple[BadgeClass, str | None], ClassLook] = {}
    found = []
    for row in db.session.execute(query):
        key = (row.badge, row.kind)
        if key not in looks:
            own = ClassLook(row.kind, row.badge, row.word, row.symbol, row.colour) if row.kind else None
            looks[key] = own or look_of(row.badge)
        born = row.born_on
        birth = Birth(born.year, born.month, born.day) if born else Birth(row.birth_year) if row.birth_year else None
        who = Outsider(
            row.name, row.badge.value, row.kind or "", row.honorific, row.title, row.rank, row.seat, row.phone, birth
        )
        place = row.delegation or row.list_name
        found.append(
            BadgeLine(row.id, row.code, who, looks[key], row.list_code, place, row.version, row.out, row.import_id)
        )
    return found


def _in_order(lines: Sequence[BadgeLine]) -> list[BadgeLine]:
    return sorted(lines, key=lambda line: line.order)
