"""Under which name does a family stand where others read it, now that somebody in it did not agree to being published?

A family is called after its representative. Who took the agreement to publication back, or was asked for it on the own
form and did not give it, is on no public page: the family shows as number and unit, and a text that says the name is
left out. What devices show (the gate, the judge's tablet) needs names, so only taking back counts there. Everything is
asked anew each time, so a page obeys with its next reading, and an agreement given again brings the name back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Select, Text, and_, cast, func, literal, select

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.published import child_refused, may_be_published
from festival.consent.rules import ASKED_APART, says_name, withheld
from festival.core.database import db
from festival.core.transaction import once
from festival.roster.models import Delegation, Entry, Family, Person

TEAM = "Đội ghép"  # a team that is called after somebody whose name is held back


class NameReader(StrEnum):
    """Where a name would stand."""

    PUBLIC = "public"
    DEVICES = "devices"


@dataclass(frozen=True, slots=True)
class NamesHeld:
    """Whose names are held back. Families by id, the people's names by family; entries lead to their family."""

    families: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)  # by person
    said: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # names by family
    festival_id: int = 0
    numbers: Mapping[int, str] = field(default_factory=dict)  # what a family of these is called by number

    def family_of(self, entry_id: int) -> int | None:
        """Whose entry it is; asked of the database only when somebody's name is held back."""
        if not self.said:
            return None
        return once(("entries of families", self.festival_id), lambda: _entries(self.festival_id)).get(entry_id)

    def family(self, family_id: int | None, name: str) -> str:
        """How the family is called."""
        return name if family_id is None else self.families.get(family_id, name)

    def text(self, family_id: int | None, text: str) -> str:
        """A title or an introduction, '' when it says a name that is held back; a team's when it says anybody's."""
        if family_id is not None:
            names = self.said.get(family_id, ())
        else:
            names = tuple(name for listed in self.said.values() for name in listed)
        return "" if text and any(says_name(text, name) for name in names) else text

    def introduction(self, family_id: int | None, text: str) -> str:
        """Two lines about a family: left out with its name."""
        return "" if family_id in self.families else self.text(family_id, text)

    def entry(self, entry_id: int, name: str) -> str:
        """How an entry is called."""
        family_id = self.family_of(entry_id)
        shown = self.family(family_id, name)
        # An entry may still be called after somebody who leads the family no more.
        if not shown or self.text(family_id, shown):
            return shown
        return TEAM if family_id is None else self.numbers.get(family_id, shown)

    def title(self, entry_id: int, title: str) -> str:
        """The title of an entry's act."""
        return self.text(self.family_of(entry_id), title)


def names_held(festival_id: int, shown: NameReader = NameReader.PUBLIC, of: Collection[int] | None = None) -> NamesHeld:
    """One statement, however many families, and not repeated in one transaction; `of`: only in these delegations."""
    some = None if of is None else tuple(sorted(of))
    return once(("names_held", festival_id, shown, some), lambda: _names_held(festival_id, shown, some))


_AGREED = Consent.purpose.in_((ConsentPurpose.PUBLISH, ConsentPurpose.CHILD_PUBLISH))
_TAKES_PART = Consent.purpose == ConsentPurpose.TAKING_PART
_STANDING = Consent.withdrawn_at.is_(None)


def _names_held(festival_id: int, reader: NameReader, of: Sequence[int] | None) -> NamesHeld:
    places = _places(festival_id)
    place = (places if of is None else places.where(Family.delegation_id.in_(of))).subquery()
    asked = and_(Consent.purpose == ConsentPurpose.TAKING_PART, _STANDING, Consent.method.in_(ASKED_APART))
    person = (Person.id, Person.family_id, Person.name, Person.position, Person.representative)
    agreed = may_be_published(Person.id, Person.festival_id, Person.birth_year)
    rows = db.session.execute(
        select(
            *person,
            place.c.label,
            child_refused(Person.id).label("refused"),
            func.count().filter(and_(_AGREED, ~_STANDING)).label("ended"),
            func.count().filter(and_(_TAKES_PART, ~_STANDING)).label("left"),
            func.count().filter(and_(_TAKES_PART, _STANDING)).label("takes_part"),
            func.count().filter(asked).label("asked"),
        )
        .join(Consent, Consent.person_id == Person.id)
        .join(place, place.c.id == Person.family_id)
        .where(Person.festival_id == festival_id, ~agreed)
        .group_by(*person, place.c.label)
    )
    families: dict[int, str] = {}
    people: dict[int, str] = {}
    said: dict[int, list[str]] = {}
    numbers: dict[int, str] = {}
    for row in rows:
        apart = bool(row.asked or row.refused) and reader is NameReader.PUBLIC
        # Who agreed on paper was not asked for publication by itself; taking everything back takes that back too.
        gone = bool(row.left) and not row.takes_part
        if withheld(stands=False, taken_back=bool(row.ended) or gone, asked_apart=apart):
            said.setdefault(row.family_id, []).append(row.name)
            numbers[row.family_id] = row.label
            people[row.id] = f"Thành viên số {row.position}"
            if row.representative:
                families[row.family_id] = row.label
    told = {family_id: tuple(names) for family_id, names in said.items()}
    return NamesHeld(families, people, told, festival_id, numbers)


def _places(festival_id: int) -> Select[int, str]:
    """The third that its delegation has registered is "Gia đình số 3 – Đoàn huyện Hòn Đất", the same everywhere."""
    place = func.row_number().over(partition_by=Family.delegation_id, order_by=Family.id)
    label = literal("Gia đình số ") + cast(place, Text) + literal(" – ") + Delegation.name
    named = select(Family.id, label.label("label")).join(Delegation, Delegation.id == Family.delegation_id)
    return named.where(Family.festival_id == festival_id)


def numbered(festival_id: int) -> dict[int, str]:
    """Every family by delegation and number."""
    return {row.id: row.label for row in db.session.execute(_places(festival_id))}


def _entries(festival_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(Entry.id, Entry.family_id)
        .join(Family, Family.id == Entry.family_id)
        .where(Family.festival_id == festival_id)
    )
    return {entry_id: family_id for entry_id, family_id in rows if family_id is not None}
