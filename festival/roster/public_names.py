"""Under which name does a family stand where others read it, now that somebody in it did not agree to being published?

A family is called after its representative. Who took the agreement to publication back, or was asked for it on the own
form and did not give it, is on no public page: the family shows as number and unit, and a text that says the name is
left out. What devices show (the gate, the judge's tablet) needs names, so only taking back counts there. Everything is
asked anew each time, so a page obeys with its next reading, and an agreement given again brings the name back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import and_, func, select

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import ASKED_APART, says_name, withheld
from festival.core.database import db
from festival.core.transaction import once
from festival.roster.models import Delegation, Entry, Family, Person


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
    entries: Mapping[int, int] = field(default_factory=dict)

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
        return self.family(self.entries.get(entry_id), name)

    def title(self, entry_id: int, title: str) -> str:
        """The title of an entry's act."""
        return self.text(self.entries.get(entry_id), title)


def names_held(festival_id: int, shown: NameReader = NameReader.PUBLIC) -> NamesHeld:
    """Three statements, however many families; none of them is repeated in one transaction."""
    return once(("names_held", festival_id, shown), lambda: _names_held(festival_id, shown))


_AGREED = Consent.purpose == ConsentPurpose.PUBLISH
_STANDING = Consent.withdrawn_at.is_(None)


def _names_held(festival_id: int, shown: NameReader) -> NamesHeld:
    rows = db.session.execute(
        select(
            Person.id,
            Person.family_id,
            Person.name,
            Person.position,
            Person.representative,
            func.count().filter(and_(_AGREED, _STANDING)).label("stands"),
            func.count().filter(and_(_AGREED, ~_STANDING)).label("ended"),
            func.count()
            .filter(and_(Consent.purpose == ConsentPurpose.TAKING_PART, _STANDING, Consent.method.in_(ASKED_APART)))
            .label("asked"),
        )
        .join(Consent, Consent.person_id == Person.id)
        .where(Person.festival_id == festival_id, Person.family_id.is_not(None))
        .group_by(Person.id, Person.family_id, Person.name, Person.position, Person.representative)
        .having(func.count().filter(and_(_AGREED, _STANDING)) == 0)
    )
    heads: set[int] = set()
    people: dict[int, str] = {}
    said: dict[int, list[str]] = {}
    for row in rows:
        asked = bool(row.asked) and shown is NameReader.PUBLIC
        if withheld(stands=bool(row.stands), taken_back=bool(row.ended), asked_apart=asked):
            said.setdefault(row.family_id, []).append(row.name)
            people[row.id] = f"Thành viên số {row.position}"
            if row.representative:
                heads.add(row.family_id)
    return NamesHeld(
        {family_id: label for family_id, label in numbered(festival_id).items() if family_id in heads} if heads else {},
        people,
        {family_id: tuple(names) for family_id, names in said.items()},
        _entries(festival_id) if said else {},
    )


def numbered(festival_id: int) -> dict[int, str]:
    """The third that its delegation has registered is "Gia đình số 3 – Đoàn huyện Hòn Đất", the same everywhere."""
    place = func.row_number().over(partition_by=Family.delegation_id, order_by=Family.id)
    rows = db.session.execute(
        select(Family.id, place.label("place"), Delegation.name)
        .join(Delegation, Delegation.id == Family.delegation_id)
        .where(Family.festival_id == festival_id)
    )
    return {row.id: f"Gia đình số {row.place} – {row.name}" for row in rows}


def _entries(festival_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(Entry.id, Entry.family_id)
        .join(Family, Family.id == Entry.family_id)
        .where(Family.festival_id == festival_id)
    )
    return {entry_id: family_id for entry_id, family_id in rows if family_id is not None}
