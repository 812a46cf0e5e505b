"""What differs between two states of one family, and is it a spelling or a fact?

Pure. Somebody is known again by the code, else by the spelling of the name, as `changing` knows people again. A *spelling*
is how something is written, called or reached: names, order, relations, address, introduction, phone, needs. A *fact* is
what the organiser approved: who takes part, how many, birth, sex, who represents the family, which contests. Agreements
are rows of their own with their own history and are not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from festival.core.names import fold, spelling
from festival.roster.household import Household, Member, somebody_else
from festival.roster.people import Relation


class Kind(StrEnum):
    """Whether a difference is corrected at once, or needs the organiser's yes after the approval."""

    SPELLING = "spelling"
    FACT = "fact"


class Field(StrEnum):
    """What is different."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    INTRODUCTION = "introduction"
    ORDER = "order"
    JOINED = "joined"
    LEFT = "left"
    NAME = "name"
    RELATION = "relation"
    SEX = "sex"
    BIRTH = "birth"
    NEEDS = "needs"
    CONTEST = "contest"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class FamilyDifference:
    """One field that is different. `code` and `name`: of the person now; both '' where it is about the family.

    `before` and `after` are as they are kept: a relation's, sex's or contest's code, a birth in digits, '' for nothing. A
    contest somebody enters has no `before`, one somebody gives up no `after`.
    """

    code: str
    name: str
    field: Field
    before: str
    after: str
    kind: Kind


def differences(before: Household, after: Household) -> tuple[FamilyDifference, ...]:
    """Everything that differs, in the order of a page: the family, who left, then person by person as they stand now."""
    pairs, gone = paired(before.members, after.members)
    return (
        *_family(before, after),
        *(_moved(one, Field.LEFT) for one in gone),
        *_order([(old, new) for old, new in pairs if old is not None], before.members),
        *(each for old, new in pairs for each in (_person(old, new) if old else (_moved(new, Field.JOINED),))),
    )


def facts(found: Iterable[FamilyDifference]) -> tuple[FamilyDifference, ...]:
    """Those that need the organiser's yes once the family is approved."""
    return tuple(each for each in found if each.kind is Kind.FACT)


def paired(
    before: Iterable[Member], after: Iterable[Member]
) -> tuple[list[tuple[Member | None, Member]], list[Member]]:
    """Each member of now with the one it was, None for somebody new; and who is not there any more."""
    left = list(before)
    known = {new.code for new in after if new.code}
    pairs: list[tuple[Member | None, Member]] = []
    for new in after:
        old = next((one for one in left if one.code == new.code != ""), None) or next(
            (one for one in left if one.code not in known and spelling(one.name) == spelling(new.name)), None
        )
        if old is not None:
            left.remove(old)
        pairs.append((old, new))
    return pairs, left


def same_name_respelt(before: str, after: str) -> bool:
    """Whether one name is the other one spelt otherwise: marks, capitals, order of words, a word more, a slip in a word."""
    old, new = Counter(fold(before).split()), Counter(fold(after).split())
    was, now = sorted((old - new).elements()), sorted((new - old).elements())
    if not was or not now:
        return bool(old & new)
    return len(was) == len(now) and all(_one_slip(*pair) for pair in zip(was, now, strict=True))


def _one_slip(one: str, other: str) -> bool:
    """One letter more, less, other, or two changed about."""
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    rest, instead = one[start:], other[start:]
    return rest[1:] == instead[1:] or (rest[:2] == instead[1::-1] and rest[2:] == instead[2:])


def _family(before: Household, after: Household) -> Iterator[FamilyDifference]:
    for field in (Field.PHONE, Field.EMAIL, Field.ADDRESS, Field.INTRODUCTION):
        old, new = getattr(before, field.value), getattr(after, field.value)
        if old != new:
            yield FamilyDifference("", "", field, old, new, Kind.SPELLING)


def _order(stayed: list[tuple[Member, Member]], before: tuple[Member, ...]) -> Iterator[FamilyDifference]:
    places = {id(one): place for place, one in enumerate(before)}
    was = sorted(stayed, key=lambda pair: places[id(pair[0])])
    if was != stayed:
        yield FamilyDifference("", "", Field.ORDER, _names(was), _names(stayed), Kind.SPELLING)


def _names(pairs: list[tuple[Member, Member]]) -> str:
    return ", ".join(new.name for _old, new in pairs)


def _moved(member: Member, field: Field) -> FamilyDifference:
    joined = field is Field.JOINED
    return FamilyDifference(
        member.code, member.name, field, "" if joined else member.name, member.name if joined else "", Kind.FACT
    )


def _person(old: Member, new: Member) -> Iterator[FamilyDifference]:
    def said(field: Field, was: object, now: object, kind: Kind) -> FamilyDifference:
        return FamilyDifference(new.code or old.code, new.name, field, str(was or ""), str(now or ""), kind)

    if old.name != new.name:
        respelt = same_name_respelt(old.name, new.name) and not somebody_else(old, new.name, new.birth)
        yield said(Field.NAME, old.name, new.name, Kind.SPELLING if respelt else Kind.FACT)
    if old.relation != new.relation:
        leads = Relation.REPRESENTATIVE in {old.relation, new.relation}
        yield said(Field.RELATION, old.relation, new.relation, Kind.FACT if leads else Kind.SPELLING)
    for field, kind in (
        (Field.SEX, Kind.FACT),
        (Field.BIRTH, Kind.FACT),
        (Field.PHONE, Kind.SPELLING),
        (Field.NEEDS, Kind.SPELLING),
    ):
        if getattr(old, field.value) != getattr(new, field.value):
            yield said(field, getattr(old, field.value), getattr(new, field.value), kind)
    for contest in old.contests:
        if contest not in new.contests:
            yield said(Field.CONTEST, contest, "", Kind.FACT)
    for contest in new.contests:
        if contest not in old.contests:
            yield said(Field.CONTEST, "", contest, Kind.FACT)
    if old.out != new.out:
        yield said(Field.OUT, "out" if old.out else "", "out" if new.out else "", Kind.FACT)
