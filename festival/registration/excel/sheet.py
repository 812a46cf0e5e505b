"""What was read of an Excel file: the people by family, what is wrong with their cells, and which names are offered otherwise?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from festival.core.births import Birth
from festival.core.sentence import Sentence
from festival.roster.people import Relation, Sex


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A fault of one cell: `E7`, the heading of its column, why and what to do; `key` of the column, `blank`: nothing is in it."""

    cell: str
    heading: str
    reason: Sentence
    key: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class NameOffer:
    """A name that may be written otherwise: its cell, as it stands and as offered. `why`: it cannot stay; None: it may."""

    cell: str
    written: str
    right: str
    why: Sentence | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as the file says it; `problems` is empty when every cell could be read.

    `titles`: contest → title of the family's act; `code`: of the registration it was exported from; `cells`: what stands
    in the file, by the key of the column, as a file to mend says it again.
    """

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
    introduction: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    def repaired(self, every: bool) -> PersonRow:
        """With the offered names; `every`: also where the written one may stay."""
        right = {offer.written: offer.right for offer in self.offers if every or offer.why is not None}
        return replace(self, name=right.get(self.name, self.name), guardian=right.get(self.guardian, self.guardian))


@dataclass(frozen=True, slots=True)
class FamilySheet:
    """What was read: the people in the order of the file, and remarks that stop nothing (columns not used).

    `heads` are the texts above the row of headings, where the template names its delegation; `columns` the keys of those
    that are there: what has no column is not said to be empty.
    """

    people: tuple[PersonRow, ...]
    remarks: tuple[Sentence, ...] = ()
    heads: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset()

    def families(self) -> dict[str, tuple[PersonRow, ...]]:
        """People by family label, in the order of first appearance; rows of one family may stand apart."""
        grouped: dict[str, list[PersonRow]] = {}
        for person in self.people:
            grouped.setdefault(person.family, []).append(person)
        return {label: tuple(people) for label, people in grouped.items()}
