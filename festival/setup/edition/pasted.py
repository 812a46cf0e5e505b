"""What becomes of each line of a pasted list of delegations? Pure.

People paste from letters and sheets: numbered lines, blank ones, the same delegation twice, «TP. Rạch Giá» for Thành phố Rạch
Giá. A name that is one unit of the list valid on the first day is that unit; where it is several (Xã Bình An is in two
districts) the person is asked, never guessed for; where it is none it is a body of its own, a school or an agency.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from festival.core.names import fold, nfc
from festival.core.text import clean
from festival.setup.edition.naming import free, slug

LONGEST_NAME = 200
MOST_LINES = 500
OWN = "-"  # the answer "none of them" to the question which unit is meant

_NUMBERED = re.compile(r"^\s*(?:\d{1,3}\s*[.)\t:-]\s*|\d{1,3}\s{2,}|[-–—•*+]\s*)")
_SHORT = {
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "h": "huyen", "q": "quan", "x": "xa", "p": "phuong",
}  # fmt: skip
_SHORTENED = re.compile(r"^(tp|tx|tt|h|q|x|p)(?:\.\s*|\s+)(?=\S)")
_DELEGATION = re.compile(r"^doan(?: dai bieu)?\s+")
_ABOVE = re.compile(r"^(.*?)\s*[,(]\s*([^()]+?)\)?$")


class DelegationFate(StrEnum):
    """What is done with a line."""

    UNIT = "unit"
    OWN = "own"
    ASK = "ask"
    DOUBLE = "double"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the list as valid on the first day."""

    code: str
    kind: str
    name: str
    above: str  # kind and name of the unit it belongs to

    @property
    def title(self) -> str:
        return f"{self.kind} {self.name}".strip()

    @property
    def whole(self) -> str:
        """What tells it from its namesakes: Xã Bình An, Huyện Châu Thành."""
        return f"{self.title}, {self.above}" if self.above else self.title


@dataclass(frozen=True, slots=True)
class PastedDelegation:
    """A line and its fate; `again` names what a double repeats, `among` the units to choose from."""

    number: int
    name: str
    fate: DelegationFate
    unit: KnownUnit | None = None
    among: tuple[KnownUnit, ...] = ()
    again: str = ""

    @property
    def key(self) -> str:
        """Under which name the answer to «which unit» is sent; the same when lines are added above."""
        return slug(self.name)


def read_lines(text: str) -> list[tuple[int, str]]:
    """The lines that say something, by their number in the text, without numbering and spaces around."""
    found = []
    for number, line in enumerate(clean(text).split("\n"), start=1):
        name = nfc(_NUMBERED.sub("", line)).strip(" ;,.")
        if any(letter.isalnum() for letter in name):
            found.append((number, name))
    return found


def fates(
    lines: Iterable[tuple[int, str]],
    units: Sequence[KnownUnit],
    held: Sequence[Mapping[str, object]],
    answers: Mapping[str, str],
) -> tuple[PastedDelegation, ...]:
    """Each line's fate beside the delegations there are already (`held`, of the rule document)."""
    by_name: dict[str, list[KnownUnit]] = {}
    for unit in units:
        for written in {fold(unit.title), fold(unit.name)}:
            by_name.setdefault(written, []).append(unit)
    names = {_plain(str(each["name"])): str(each["name"]) for each in held}
    taken = {str(each["unit_code"]): str(each["name"]) for each in held if each.get("unit_code")}
    found = []
    for number, name in lines:
        line = _fate(number, name, _meant(name, by_name), answers)
        again = names.get(_plain(name)) or (taken.get(line.unit.code) if line.unit else None)
        if again is not None:
            line = PastedDelegation(number, name, DelegationFate.DOUBLE, again=again)
        elif line.fate is not DelegationFate.TOO_LONG:
            names[_plain(name)] = name
            if line.unit is not None:
                taken[line.unit.code] = name
        found.append(line)
    return tuple(found)


def delegations_of(lines: Iterable[PastedDelegation], codes: Collection[str]) -> list[dict[str, str]]:
    """The delegations to add, as the rule document says them, each with a code that no other has."""
    taken, added = set(codes), []
    for line in lines:
        if line.fate not in (DelegationFate.UNIT, DelegationFate.OWN):
            continue
        plain = line.unit.name if line.unit else _DELEGATION.sub("", fold(line.name))
        code = free(slug(plain), taken)
        taken.add(code)
        added.append({"code": code, "name": line.name} | ({"unit_code": line.unit.code} if line.unit else {}))
    return added


def delegation_name(unit: KnownUnit) -> str:
    """What the delegation of a ticked unit is called: Đoàn huyện Hòn Đất."""
    return f"Đoàn {unit.kind[:1].lower()}{unit.kind[1:]} {unit.name}"


def _fate(number: int, name: str, meant: list[KnownUnit], answers: Mapping[str, str]) -> PastedDelegation:
    if len(name) > LONGEST_NAME:
        return PastedDelegation(number, name[:LONGEST_NAME], DelegationFate.TOO_LONG)
    if len(meant) == 1:
        return PastedDelegation(number, name, DelegationFate.UNIT, meant[0])
    if not meant:
        return PastedDelegation(number, name, DelegationFate.OWN)
    answer = answers.get(slug(name), "")
    chosen = next((each for each in meant if each.code == answer), None)
    fate = DelegationFate.UNIT if chosen else DelegationFate.OWN if answer == OWN else DelegationFate.ASK
    return PastedDelegation(number, name, fate, chosen, tuple(meant))


def _meant(name: str, by_name: Mapping[str, list[KnownUnit]]) -> list[KnownUnit]:
    """The units of that name; «Xã Bình An, huyện Châu Thành» is the one of that district."""
    plain = _plain(name)
    if found := by_name.get(plain):
        return found
    parted = _ABOVE.fullmatch(plain)
    if parted is None:
        return []
    above = _long(parted[2])
    inside = by_name.get(_long(parted[1]), [])
    return [each for each in inside if fold(each.above) == above or fold(each.above).endswith(f" {above}")]


def _plain(name: str) -> str:
    return _long(_DELEGATION.sub("", fold(name)))


def _long(folded: str) -> str:
    """With the kind written out."""
    return _SHORTENED.sub(lambda found: f"{_SHORT[found[1]]} ", folded)
