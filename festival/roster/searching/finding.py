"""Which families does somebody mean who types into a search: names, a phone, a family's code, a unit, in any order?

One answer for every list that is searched. Each word must be found somewhere of the family: in its name, among its people, as
its code, in the name, short name or code of its delegation. A phone may be written in any way, also its end alone. Two
statements, however many words and families.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from festival.core.database import db
from festival.core.names import fold
from festival.core.phones import searched_digits
from festival.roster.models import Delegation, Family, Person

MOST_WORDS = 8
FEWEST_DIGITS = 3
# Digits as phones are written, standing alone; what is in brackets or has a plus before it too.
_NUMBER = re.compile(r"(?<!\S)\(?\+?\(?\d[\d\s.()\-]*(?!\S)")


def terms(search: str) -> tuple[list[str], list[str]]:
    """The folded words of a search, and the numbers in it as digits (of a phone with its leading zero)."""
    numbers = [digits for found in _NUMBER.findall(search) if len(digits := searched_digits(found)) >= FEWEST_DIGITS]
    short = [found for found in _NUMBER.findall(search) if len(searched_digits(found)) < FEWEST_DIGITS]
    words = fold(" ".join([_NUMBER.sub(" ", search), *short])).split()
    return words[:MOST_WORDS], numbers[:MOST_WORDS]


def found_by(festival_id: int, search: str) -> list[ColumnElement[bool]]:
    """The conditions of a search, all of which hold for a family that is meant; none for an empty search."""
    words, numbers = terms(search)
    if not words and not numbers:
        return []
    query = select(Delegation).where(Delegation.festival_id == festival_id).options(joinedload(Delegation.unit))
    units = [(each.id, _names(each)) for each in db.session.scalars(query)]
    conditions = []
    for word in words:
        mine = [unit_id for unit_id, names in units if word in names or word.replace("-", " ") in names]
        conditions.append(
            or_(
                Family.folded.contains(word, autoescape=True),
                Family.code == word.upper(),
                Family.delegation_id.in_(mine),
                _somebody(Person.folded.contains(word, autoescape=True)),
            )
        )
    for digits in numbers:
        mine = [unit_id for unit_id, names in units if digits in names.split()]
        conditions.append(
            or_(
                Family.phone.contains(digits, autoescape=True),
                Family.code == digits,
                Family.delegation_id.in_(mine),
                _somebody(Person.phone.contains(digits, autoescape=True)),
            )
        )
    return conditions


def _somebody(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Family.id.in_(select(Person.family_id).where(condition, Person.family_id.is_not(None)))


def _names(delegation: Delegation) -> str:
    """Everything a delegation is called by: its name, its unit's, codes and short names."""
    unit = delegation.unit
    called = (
        delegation.name,
        unit.full_name,
        unit.key,
        unit.official_code,
        delegation.rule_code or "",
        delegation.code,
    )
    folded = fold(" ".join(called))
    return f"{folded} {folded.replace('-', ' ')}"
