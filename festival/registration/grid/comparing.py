"""Where does what one officer typed differ from what another one saved meanwhile? Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from festival.core.names import nfc
from festival.registration.grid.typed import TypedFamily, TypedPerson

_OF_FAMILY = ("phone", "address", "email", "introduction")
_OF_PERSON = ("name", "relation", "sex", "birth", "needs", "guardian", "contests", "signed", "own")


@dataclass(frozen=True, slots=True)
class GridDifference:
    """One field of the family (`who` is "") or of a person: as it is typed here, as it is saved. `key` "": the whole person."""

    who: str
    key: str
    here: str
    saved: str


def differing(here: TypedFamily, saved: TypedFamily) -> tuple[GridDifference, ...]:
    """Field by field, in the order of the grid; people are the same by their code."""
    return (*_fields("", _OF_FAMILY, here, saved), *_people(here, saved))


def _people(here: TypedFamily, saved: TypedFamily) -> Iterator[GridDifference]:
    mine = {each.code: each for each in here.people if each.code}
    theirs = {each.code: each for each in saved.people}
    for each in here.people:
        if each.code in theirs:
            yield from _fields(theirs[each.code].name, _OF_PERSON, each, theirs[each.code])
        elif not each.blank:
            yield GridDifference(nfc(each.name) or "—", "", nfc(each.name) or "—", "")
    yield from (GridDifference(each.name, "", "", each.name) for code, each in theirs.items() if code not in mine)


def _fields(
    who: str, keys: tuple[str, ...], here: TypedFamily | TypedPerson, saved: TypedFamily | TypedPerson
) -> Iterator[GridDifference]:
    for key in keys:
        one, other = _text(getattr(here, key)), _text(getattr(saved, key))
        if one != other:
            yield GridDifference(who, key, one, other)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    return ", ".join(sorted(value)) if isinstance(value, tuple) else nfc(str(value))
