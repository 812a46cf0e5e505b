"""What becomes of a family when a change that was asked some time ago is carried out now? Pure.

Only what the change changes is carried over; what was corrected meanwhile stays. Where both changed the same field in
different ways nothing is guessed: it is named, and somebody decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from festival.registration.editing.differences import FamilyDifference, Field, Kind, differences, paired
from festival.roster.household import Household, Member

_OF_FAMILY = (Field.PHONE, Field.EMAIL, Field.ADDRESS, Field.INTRODUCTION)
_OF_PERSON = (Field.NAME, Field.RELATION, Field.SEX, Field.BIRTH, Field.PHONE, Field.NEEDS)


def merged(now: Household, stood: Household, wanted: Household) -> tuple[Household, tuple[FamilyDifference, ...]]:
    """The household with the change from `stood` to `wanted` in it, and where somebody else changed the same meanwhile."""
    clashes: list[FamilyDifference] = []
    pairs, gone = paired(stood.members, wanted.members)
    here, left = {one.code: one for one in now.members}, {one.code for one in gone}
    changed: dict[str, Member] = {}
    joined: list[Member] = []
    for old, new in pairs:
        if old is None:
            if new.code not in here or not new.code:
                joined.append(new)
        elif old.code in here:
            changed[old.code] = _person(here[old.code], old, new, clashes)
        elif old != new:
            clashes.append(FamilyDifference(old.code, old.name, Field.LEFT, old.name, "", Kind.FACT))
    members = [changed.get(one.code, one) for one in now.members if one.code not in left]
    if any(each.field is Field.ORDER for each in differences(stood, wanted)):
        places = {(old or new).code: place for place, (old, new) in enumerate(pairs)}
        members.sort(key=lambda one: places.get(one.code, len(places)))
    values = _moved(now, stood, wanted, _OF_FAMILY, clashes)
    return replace(now, **values, members=(*members, *joined)), tuple(clashes)


def only(kind: Kind, before: Household, after: Household) -> Household:
    """`before` with the differences of this kind alone."""
    wanted = {(each.code, each.field) for each in differences(before, after) if each.kind is kind}
    pairs, gone = paired(before.members, after.members)
    members = []
    for old, new in pairs:
        if old is not None:
            fields = [field for field in _OF_PERSON if (new.code or old.code, field) in wanted]
            members.append(replace(old, **{field.value: getattr(new, field.value) for field in fields}))
    values = {field.value: getattr(after, field.value) for field in _OF_FAMILY if ("", field) in wanted}
    return replace(before, **values, members=(*members, *gone))


def _person(here: Member, old: Member, new: Member, clashes: list[FamilyDifference]) -> Member:
    values = _moved(here, old, new, _OF_PERSON, clashes, here.code, here.name)
    added = tuple(each for each in new.contests if each not in old.contests and each not in here.contests)
    kept = tuple(each for each in here.contests if each not in old.contests or each in new.contests)
    person = replace(here, **values, contests=(*kept, *added))
    # another birth asks for other agreements, and those came with it
    return person.agreeing(new.agreements) if "birth" in values else person


def _moved(
    here: Any,
    old: Any,
    new: Any,
    fields: tuple[Field, ...],
    clashes: list[FamilyDifference],
    code: str = "",
    name: str = "",
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        was, wanted, stands = (getattr(each, field.value) for each in (old, new, here))
        if was == wanted:
            continue
        if stands not in (was, wanted):
            clashes.append(FamilyDifference(code, name, field, str(stands or ""), str(wanted or ""), Kind.FACT))
        values[field.value] = wanted
    return values
