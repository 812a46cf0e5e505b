"""What does a list to sign say of a family, and which families are not on it as they are now? Pure.

What is compared are codes and days, not words: a relation called otherwise on the paper changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from festival.core.canonical import canonical_json
from festival.core.names import fold

DIGEST = 32


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A line of the list, in codes."""

    name: str
    relation: str
    sex: str
    birth: str
    contests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedFamily:
    """A family as a list would say it now."""

    id: int
    code: str
    name: str
    phone: str
    address: str
    people: tuple[ListedPerson, ...]
    reserve: bool = False

    @property
    def digest(self) -> str:
        """Of what the list says of it; called up from the reserve it is the same family."""
        people = [[one.name, one.relation, one.sex, one.birth, list(one.contests)] for one in self.people]
        whole = canonical_json([self.name, self.phone, self.address, people])
        return sha256(whole).hexdigest()[:DIGEST]


@dataclass(frozen=True, slots=True)
class SinceSigned:
    """Which families a kept list does not say as they are now; each as code and name."""

    joined: tuple[tuple[str, str], ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()

    @property
    def to_print(self) -> int:
        """How many families need a new sheet; who left needs none."""
        return len(self.joined) + len(self.changed)


class SigningState(StrEnum):
    """How far a unit is with its list."""

    NOTHING = "nothing"
    PRINTED = "printed"
    SIGNED = "signed"
    CHANGED = "changed"  # signed, and families joined or changed since


def kept_families(families: Iterable[ListedFamily]) -> list[list[Any]]:
    """As a list keeps whom it says."""
    return [[each.code, each.name, each.digest] for each in families]


def drawn_of(unit: str, families: Sequence[ListedFamily]) -> str:
    """The digest of what the whole list says."""
    reserve = [each.code for each in families if each.reserve]
    return sha256(canonical_json([unit, kept_families(families), reserve])).hexdigest()


def since(said: Sequence[Sequence[Any]], families: Sequence[ListedFamily]) -> SinceSigned:
    """What is different from what a list says."""
    known = {code: digest for code, _name, digest in said}
    now = {each.code for each in families}
    return SinceSigned(
        joined=tuple((each.code, each.name) for each in families if each.code not in known),
        changed=tuple((each.code, each.name) for each in families if known.get(each.code, each.digest) != each.digest),
        left=tuple((code, name) for code, name, _digest in said if code not in now),
    )


def vouched(said: Sequence[Sequence[Any]], family: ListedFamily) -> bool:
    """Whether a list says this family exactly as it is now."""
    return any(code == family.code and digest == family.digest for code, _name, digest in said)


def state_of(*, signed: bool, printed: bool, different: SinceSigned) -> SigningState:
    """`different`: from the signed list."""
    if signed:
        return SigningState.CHANGED if different.to_print else SigningState.SIGNED
    return SigningState.PRINTED if printed else SigningState.NOTHING


def meant_by(address: str, units: Sequence[tuple[str, str]]) -> str:
    """The key of the one unit whose name stands in an address; '' when none or several do. `units`: key and name."""
    words = f" {' '.join(fold(address).replace(',', ' ').replace('.', ' ').split())} "
    found = [key for key, name in units if f" {fold(name)} " in words]
    return found[0] if len(found) == 1 else ""
