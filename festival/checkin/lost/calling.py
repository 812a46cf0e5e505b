"""Whom does one call about a child? Pure: the right grown-up, in the order in which they are tried.

Who has arrived comes before who has not, then whoever agreed for a child as mother, father or guardian (grandparents bring
children whose parents work away), then the family's representative and near relatives. The number the family gave for itself belongs to the representative. Somebody who could be under 16 is not called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from festival.consent.rules import ages
from festival.core.births import Birth
from festival.roster.people import Relation

NEAREST = (Relation.REPRESENTATIVE, Relation.SPOUSE, Relation.PARENT, Relation.GRANDPARENT, Relation.SIBLING)
OF_CHILDREN = (Relation.CHILD, Relation.GRANDCHILD)


@dataclass(frozen=True, slots=True)
class KinPerson:
    """Somebody of the family, as far as a call needs it."""

    code: str
    name: str
    relation: str
    representative: bool
    phone: str
    birth: Birth | None
    here: bool
    guardian: bool = False  # agreed for a child of the family as mother, father or guardian


@dataclass(frozen=True, slots=True)
class Called:
    """A grown-up with the number to call; '' when none is known."""

    code: str
    name: str
    relation: str
    phone: str
    here: bool


def is_child(person: KinPerson, on: date) -> bool:
    """Could be under 16; without a birth whoever is a child or grandchild of the representative."""
    if person.birth is not None:
        return ages(person.birth, on).child
    return not person.representative and person.relation in OF_CHILDREN


def _rank(person: KinPerson) -> tuple[bool, bool, bool, int]:
    near = (
        0
        if person.representative
        else next((n for n, each in enumerate(NEAREST) if each == person.relation), len(NEAREST))
    )
    return not person.here, not person.guardian, not person.representative, near


def whom_to_call(family: Iterable[KinPerson], family_phone: str, on: date) -> list[Called]:
    """The grown-ups in the order in which they are tried; those without any number last."""
    grown = sorted((each for each in family if not is_child(each, on)), key=_rank)
    found = [
        Called(
            each.code, each.name, each.relation, each.phone or (family_phone if each.representative else ""), each.here
        )
        for each in grown
    ]
    return sorted(found, key=lambda each: not each.phone)
