"""What stands in an officer's grid exactly as it was typed, readable or not? Pure.

The first family's fields are called `phone`, `members-0-name`; those of the next ones carry `f1-`, `f2-` before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from festival.core.names import nfc
from festival.core.text import clean, cut
from festival.roster.household import MOST_MEMBERS, Household, Member

MOST_FAMILIES = 12  # what one page holds; a larger list goes in as a file
LONGEST = 2_000  # characters of one field; more than any of them may hold
LONGEST_REST = 4_000

_OF_FAMILY = ("phone", "address", "email", "introduction", "rest")
_OF_PERSON = ("code", "name", "relation", "sex", "birth", "needs", "guardian")
_TICKS = ("signed", "own")
_FIELD = re.compile(r"(?:f(\d{1,2})-)?(?:members-(\d{1,2})-)?([a-z]+)")


@dataclass(frozen=True, slots=True)
class TypedPerson:
    """One row. `code` is of the person it already is; `sex` is a key or a word, like `relation`."""

    code: str = ""
    name: str = ""
    relation: str = ""
    sex: str = ""
    birth: str = ""
    needs: str = ""
    guardian: str = ""
    contests: tuple[str, ...] = ()
    signed: bool = False
    own: bool = False

    @property
    def blank(self) -> bool:
        """Nobody began this row. A tick or a contest without a name is a row begun."""
        written = any(nfc(getattr(self, key)) for key in _OF_PERSON)
        return not (written or self.contests or self.signed or self.own)

    @property
    def rare(self) -> bool:
        """Whether one of the fields that are folded away holds something."""
        return bool(self.needs or self.guardian or self.signed or self.own)


@dataclass(frozen=True, slots=True)
class TypedFamily:
    """A family of the grid; `rest` is what was pasted and belongs to no field yet."""

    phone: str = ""
    address: str = ""
    email: str = ""
    introduction: str = ""
    rest: str = ""
    people: tuple[TypedPerson, ...] = ()

    @property
    def blank(self) -> bool:
        """Nobody began this family."""
        return not any(nfc(getattr(self, key)) for key in _OF_FAMILY) and all(each.blank for each in self.people)


def prefix(family: int) -> str:
    """What stands before the names of a family's fields."""
    return f"f{family}-" if family else ""


def cell(family: int, row: int, key: str) -> str:
    """The name of a person's field, which is its id too."""
    return f"{prefix(family)}members-{row}-{key}"


def from_form(form: Mapping[str, Sequence[str]]) -> tuple[TypedFamily, ...]:
    """Every family of a form that was sent, in its places; nothing else a form may carry is read."""
    families: dict[int, dict[str, Any]] = {}
    people: dict[int, dict[int, dict[str, Any]]] = {}
    for name, values in form.items():
        found = _FIELD.fullmatch(name)
        if found is None or not values:
            continue
        family, key = int(found[1] or 0), found[3]
        if family >= MOST_FAMILIES:
            continue
        if found[2] is None:
            if key in _OF_FAMILY:
                most = LONGEST_REST if key == "rest" else LONGEST
                families.setdefault(family, {})[key] = cut(clean(values[0]), most)
        elif (row := int(found[2])) < MOST_MEMBERS:
            _put(people.setdefault(family, {}).setdefault(row, {}), key, values)
    last = max([*families, *people], default=-1)
    return tuple(
        TypedFamily(**families.get(place, {}), people=_rows(people.get(place, {}))) for place in range(last + 1)
    )


def _put(row: dict[str, Any], key: str, values: Sequence[str]) -> None:
    if key in _OF_PERSON:
        # In a name the soft hyphen is a letter of an old font, and is looked at before it goes.
        row[key] = cut(values[0] if key in ("name", "guardian") else clean(values[0]), LONGEST)
    elif key in _TICKS:
        row[key] = values[0] == "y"
    elif key == "contests":
        row[key] = tuple(cut(clean(value), 80) for value in values[:40])


def _rows(rows: Mapping[int, Mapping[str, Any]]) -> tuple[TypedPerson, ...]:
    return tuple(TypedPerson(**rows.get(place, {})) for place in range(max(rows, default=-1) + 1))


def compact(families: Iterable[TypedFamily]) -> tuple[TypedFamily, ...]:
    """Without the rows and families nobody began."""
    kept = (replace(each, people=tuple(one for one in each.people if not one.blank)) for each in families)
    return tuple(each for each in kept if not each.blank)


def with_cell(person: TypedPerson, key: str, value: str) -> TypedPerson:
    """The row with another text in one of its cells."""
    changed: dict[str, Any] = {key: value}
    return replace(person, **changed)


def joined(here: TypedFamily, found: TypedFamily) -> TypedFamily:
    """People that were pasted without a family, and what came with them, in the family at hand."""
    people = (*(each for each in here.people if not each.blank), *found.people)
    rest = "\n".join(each for each in (here.rest, found.rest) if each)
    given = {key: getattr(here, key) or getattr(found, key) for key in ("phone", "address", "email", "introduction")}
    return replace(here, **given, rest=rest, people=people)


def of_household(household: Household, words: Mapping[str, str]) -> TypedFamily:
    """A registered family as the grid shows it; `words` are of the relations."""
    people = tuple(of_member(member, words) for member in household.members)
    return TypedFamily(household.phone, household.address, household.email, household.introduction, "", people)


def of_member(member: Member, words: Mapping[str, str]) -> TypedPerson:
    """A person as a row shows it."""
    return TypedPerson(
        code=member.code,
        name=member.name,
        relation=words.get(member.relation, "") if member.relation else "",
        sex=member.sex or "",
        birth=str(member.birth or ""),
        needs=member.needs,
        guardian=member.agreement.by if member.agreement.as_who != "self" else "",
        contests=member.contests,
        signed=bool(member.agreement.by),
        own=member.own_agreement,
    )


def to_json(families: Iterable[TypedFamily]) -> list[dict[str, Any]]:
    """Plain JSON; fields in which nothing stands are left out."""
    return [
        {
            **{key: value for key in _OF_FAMILY if (value := getattr(each, key))},
            "people": [
                {key: value for key in (*_OF_PERSON, "contests", *_TICKS) if (value := getattr(one, key))}
                for one in each.people
            ],
        }
        for each in families
    ]


def from_json(content: Iterable[Mapping[str, Any]]) -> tuple[TypedFamily, ...]:
    """What `to_json` wrote (our own JSON, not somebody's input)."""
    return tuple(
        TypedFamily(
            **{key: each[key] for key in _OF_FAMILY if key in each},
            people=tuple(
                TypedPerson(**{**one, "contests": tuple(one.get("contests", ()))}) for one in each.get("people", ())
            ),
        )
        for each in content
    )
