"""Which administrative unit is meant by a code or a name on a given day, and what became of it?

Districts ended on 1 July 2025, official codes were given to other units (30742 was Vĩnh Bảo, then Rạch Giá), province
code 91 was Kiên Giang and is An Giang, and three commune names occur twice in one province. So a unit is identified
by its own key and a period of validity; code and name are attributes to look it up by, always together with a day.
The file read here is documented in docs/units.md; the facts and their sources are in `data/units/`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from festival.core.names import fold
from festival.core.sentence import N_
from festival.editions.rules.document import BrokenRuleset, FileFault

SCHEMA = "family-festival-units/1"
FILE_KEYS = frozenset({
    "schema", "title", "about", "confidence", "sources", "valid_from", "valid_to", "effective", "units", "successions",
})  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days a unit existed, both ends inclusive; None is "since before our records" or "until now"."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Is the day inside?"""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, other: Period) -> bool:
        """Do the two share a day?"""
        return (self.last is None or other.first is None or other.first <= self.last) and (
            other.last is None or self.first is None or self.first <= other.last
        )


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One unit in one period. `parent_code` is the unit above it in the same period."""

    code: str
    kind: str
    name: str
    parent_code: str | None
    period: Period

    @property
    def title(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Succession:
    """On `on` the unit with `from_code` (valid the day before) went into the one with `to_code`."""

    on: date
    from_code: str
    to_code: str


@dataclass(frozen=True, slots=True)
class UnitFile:
    """One list of units, as read."""

    title: str
    sources: tuple[Mapping[str, object], ...]
    units: tuple[UnitRecord, ...]
    successions: tuple[Succession, ...]


def read(document: object) -> UnitFile:
    """What a parsed unit file says.

    Raises BrokenRuleset (all problems with their paths); a file is taken whole or not at all.
    """
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise BrokenRuleset([FileFault("$.schema", N_("phải là «%(schema)s»", schema=SCHEMA))])
    problems = [FileFault(f"$.{key}", N_("khóa không có trong lược đồ")) for key in sorted(set(document) - FILE_KEYS)]
    period = Period(
        _day(document.get("valid_from"), "$.valid_from", problems),
        _day(document.get("valid_to"), "$.valid_to", problems),
    )
    placed: list[tuple[int, UnitRecord]] = []
    for at, item in enumerate(_list(document.get("units"), "$.units", problems)):
        unit = _unit(item, f"$.units[{at}]", period, problems)
        if unit:
            placed.append((at, unit))
    successions = _successions(document, problems)
    codes: dict[str, UnitRecord] = {}
    for at, unit in placed:
        if unit.code in codes:
            problems.append(
                FileFault(
                    f"$.units[{at}].code",
                    N_(
                        "mã %(code)s đã là «%(other)s» trong cùng thời kỳ", code=unit.code, other=codes[unit.code].title
                    ),
                )
            )
        codes[unit.code] = unit
    for at, unit in placed:
        if unit.parent_code is not None and unit.parent_code not in codes:
            problems.append(
                FileFault(f"$.units[{at}].parent", N_("không có đơn vị mã %(code)s trong tệp", code=unit.parent_code))
            )
    units = tuple(unit for _, unit in placed)
    if not problems and not (units or successions):
        problems.append(FileFault("$.units", N_("tệp không có đơn vị nào")))
    if problems:
        raise BrokenRuleset(problems)
    title = document.get("title")
    sources = _list(document.get("sources"), "$.sources", problems)
    return UnitFile(
        title if isinstance(title, str) else "",
        tuple(source for source in sources if isinstance(source, Mapping)),
        units,
        successions,
    )


def _list(value: object, path: str, problems: list[FileFault]) -> list[object]:
    if value is None or isinstance(value, list):
        return value or []
    problems.append(FileFault(path, N_("phải là một danh sách [ … ]")))
    return []


def _day(value: object, path: str, problems: list[FileFault]) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.append(FileFault(path, N_("ngày phải viết dạng 2024-06-14")))
        return None


def _unit(item: object, path: str, period: Period, problems: list[FileFault]) -> UnitRecord | None:
    before = len(problems)
    if not isinstance(item, Mapping):
        problems.append(FileFault(path, N_("phải là một đối tượng { … }")))
        return None
    problems += [
        FileFault(f"{path}.{key}", N_("phải là chữ, không để trống"))
        for key in ("code", "kind", "name")
        if not isinstance(item.get(key), str) or not item[key].strip()
    ]
    problems += [
        FileFault(f"{path}.{key}", N_("khóa không có trong lược đồ"))
        for key in sorted(set(item) - {"code", "kind", "name", "parent", "valid_from", "valid_to"})
    ]
    own = Period(
        _day(item["valid_from"], f"{path}.valid_from", problems) if "valid_from" in item else period.first,
        _day(item["valid_to"], f"{path}.valid_to", problems) if "valid_to" in item else period.last,
    )
    if own.first and own.last and own.last < own.first:
        problems.append(FileFault(path, N_("thời kỳ kết thúc trước khi bắt đầu")))
    if len(problems) > before:
        return None
    nfc = {key: unicodedata.normalize("NFC", item[key].strip()) for key in ("code", "kind", "name")}
    return UnitRecord(nfc["code"], nfc["kind"], nfc["name"], item.get("parent"), own)


def _successions(document: Mapping[str, object], problems: list[FileFault]) -> tuple[Succession, ...]:
    rows = _list(document.get("successions"), "$.successions", problems)
    effective = _day(document.get("effective"), "$.effective", problems)
    if rows and effective is None:
        problems.append(FileFault("$.effective", N_("danh sách nhập đơn vị phải có ngày hiệu lực")))
        return ()
    found = []
    for at, row in enumerate(rows):
        if not isinstance(row, Mapping) or not all(isinstance(row.get(key), str) for key in ("from", "to")):
            problems.append(FileFault(f"$.successions[{at}]", N_("phải có from và to là mã đơn vị")))
        elif effective is not None:
            found.append(Succession(effective, row["from"], row["to"]))
    return tuple(found)


class UnitHistory:
    """All units known, each in its period, with what they became.

    Raises ValueError when two units hold one code on the same day: such lists contradict each other.
    """

    def __init__(self, units: Iterable[UnitRecord], successions: Iterable[Succession] = ()) -> None:
        self.units = tuple(units)
        self._by_code: dict[str, list[UnitRecord]] = defaultdict(list)
        self._by_name: dict[str, list[UnitRecord]] = defaultdict(list)
        for unit in self.units:
            for other in self._by_code[unit.code]:
                if other.period.meets(unit.period):
                    raise ValueError(f"{unit.code} is {other.title} and {unit.title} on the same day")
            self._by_code[unit.code].append(unit)
            # people write «Hòn Đất», «huyện Hòn Đất», «Hoà Hưng» or «hoa hung»
            self._by_name[fold(unit.name)].append(unit)
            self._by_name[fold(unit.title)].append(unit)
        self._became: dict[str, list[Succession]] = defaultdict(list)
        for succession in successions:
            self._became[succession.from_code].append(succession)

    def by_code(self, code: str, on: date) -> UnitRecord | None:
        """The unit that held the code on that day; a code without a day means nothing."""
        return next((unit for unit in self._by_code.get(code, ()) if unit.period.holds(on)), None)

    def by_name(self, name: str, on: date | None = None) -> list[UnitRecord]:
        """All units of that name (tone marks, their place and case do not matter), of one day or of all time.

        Several answers are several units: show the unit above beside the name and let the person choose.
        """
        found = self._by_name.get(fold(name), [])
        return [unit for unit in found if on is None or unit.period.holds(on)]

    def above(self, unit: UnitRecord) -> UnitRecord | None:
        """The unit it belonged to in its time."""
        return next(
            (other for other in self._by_code.get(unit.parent_code or "", ()) if other.period.meets(unit.period)), None
        )

    def below(self, unit: UnitRecord) -> list[UnitRecord]:
        """The units that belonged to it in its time."""
        return [each for each in self.units if each.parent_code == unit.code and each.period.meets(unit.period)]

    def in_words(self, unit: UnitRecord) -> str:
        """«Xã Bình An, huyện Châu Thành»: the name that tells it from its namesakes."""
        above = self.above(unit)
        return f"{unit.title}, {above.kind.lower()} {above.name}" if above else unit.title

    def successors(self, unit: UnitRecord, on: date) -> list[UnitRecord]:
        """What the unit is on a later day: itself if it still exists, else what it, or its parts, became.

        A district has no successor of its own: it is now all the units its communes went into. Unknown: nothing.
        """
        if unit.period.holds(on):
            return [unit]
        last = unit.period.last
        if last is None or on <= last:
            return []
        steps = [each for each in self._became.get(unit.code, ()) if each.on == last + timedelta(days=1)]
        into = [self.by_code(step.to_code, step.on) for step in steps]
        found = [each for new in into if new for each in self.successors(new, on)]
        if not steps:
            found = [each for part in self.below(unit) for each in self.successors(part, on)]
        return list(dict.fromkeys(found))

    def predecessors(self, unit: UnitRecord) -> list[UnitRecord]:
        """The units that went into this one on its first day."""
        if unit.period.first is None:
            return []
        eve = unit.period.first - timedelta(days=1)
        steps = [
            step
            for all_steps in self._became.values()
            for step in all_steps
            if step.to_code == unit.code and step.on == unit.period.first
        ]
        return [old for step in steps if (old := self.by_code(step.from_code, eve))]
