"""What was read of an Excel file: the people by family, what is wrong with their cells, and which names are offered otherwise?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from festival.core.births import Birth
from festival.core.sentence import Sentence
from festival.roster.people import Relation, Sex


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A fault of one cell: `E7`, the heading of its column, why and what to do."""

    cell: str
    heading: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class NameOffer:
    """A name that may be written otherwise: its cell, as it stands and as offered. `why`: it cannot stay; None: it may."""

    cell: str
    written: str
    right: str
    why: Sentence | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as the file says it; `problems` is empty when every cell could be read."""

    row: int
    family: str
    name: str
    relation: Relation | None
    sex: Sex | None
    birth: Birth | None
    phone: str
    address: str
    email: str
    guardian: str
    signed: bool
    own: bool
    needs: str
    contests: tuple[str, ...]
    problems: tuple[CellProblem, ...] = ()
    offers: tuple[NameOffer, ...] = ()

    def repaired(self, every: bool) -> PersonRow:
        """With the offered names; `every`: also where the written one may stay."""
        right = {offer.written: offer.right for offer in self.offers if every or offer.why is not None}
        return replace(self, name=right.get(self.name, self.name), guardian=right.get(self.guardian, self.guardian))


@dataclass(frozen=True, slots=True)
class FamilySheet:
    """What was read: the people in the order of the file, and remarks that stop nothing (columns not used).

    `heads` are the texts above the row of headings, where the template names its delegation.
    """

    people: tuple[PersonRow, ...]
    remarks: tuple[Sentence, ...] = ()
    heads: tuple[str, ...] = ()

    def families(self) -> dict[str, tuple[PersonRow, ...]]:
        """People by family label, in the order of first appearance; rows of one family may stand apart."""
        grouped: dict[str, list[PersonRow]] = {}
        for person in self.people:
            grouped.setdefault(person.family, []).append(person)
        return {label: tuple(people) for label, people in grouped.items()}
