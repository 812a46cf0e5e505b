"""Do the rows of a table say what the ledger says? Pure: the lines come as values, the rows come as values.

Rule: protocols, "The seal is compared with what it seals". A room replays its lines into the rows they must have left
(`RecordedRows`), reads the rows there are, and `compare` names every difference, both ways: a row that says something
else, a row nobody recorded, a record without its row. What a line does not say (an older release wrote less, or its
payload was erased) is `UNKNOWN`: it is counted, never guessed, and raises no alarm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from hashlib import sha256
from typing import Any

Key = tuple[int | str, ...]


class Unsaid(Enum):
    """The one value that stands for what the ledger does not say."""

    UNKNOWN = "unknown"


UNKNOWN = Unsaid.UNKNOWN


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A line of a ledger as a replay reads it; `payload` None: erased."""

    seq: int
    kind: str
    subject: Mapping[str, Any]
    payload: Mapping[str, Any] | None

    def says(self, name: str) -> Any:
        """A value of the payload; UNKNOWN when it was erased or an older release did not write it."""
        return UNKNOWN if self.payload is None else self.payload.get(name, UNKNOWN)

    def says_or(self, name: str, default: object) -> Any:
        """A value that is written only when there is one; UNKNOWN when the payload was erased."""
        return UNKNOWN if self.payload is None else self.payload.get(name, default)


class How(StrEnum):
    """What is the matter with a row."""

    CHANGED = "changed"
    MISSING = "missing"  # recorded, and not in the table
    UNRECORDED = "unrecorded"  # in the table, and never recorded


@dataclass(frozen=True, slots=True)
class SealDifference:
    """One value or row that differs. `part`: which member of a value that has members (the criterion of a mark)."""

    table: str
    key: Key
    how: How
    column: str = ""
    part: str = ""
    recorded: object = None
    found: object = None

    def as_json(self) -> dict[str, object]:
        """Where it is, without both values: those may be secret, and names may be erased later."""
        return {
            "table": self.table,
            "key": list(self.key),
            "how": self.how.value,
            "column": self.column,
            "part": self.part,
        }


def difference_from_json(kept: Mapping[str, Any]) -> SealDifference:
    return SealDifference(kept["table"], tuple(kept["key"]), How(kept["how"]), kept["column"], kept["part"])


@dataclass(slots=True)
class SealCounts:
    """How many rows were compared, how many of them only in part: erased from the ledger, or never written into it."""

    rows: int = 0
    erased: int = 0
    unknown: int = 0


@dataclass(slots=True)
class RecordedRows:
    """The rows one table must hold, by key: what each column was last recorded to be."""

    table: str
    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)
    erased: set[Key] = field(default_factory=set)

    def put(self, line: RecordLine, key: Key, /, **columns: Any) -> None:
        """The whole row as it is from this line on."""
        self.rows[key] = columns
        if line.payload is None:
            self.erased.add(key)

    def change(self, line: RecordLine, key: Key, /, **columns: Any) -> None:
        """Some columns of a row change."""
        self.rows.setdefault(key, {}).update(columns)
        if line.payload is None:
            self.erased.add(key)

    def drop(self, key: Key) -> None:
        """The row is gone from this line on."""
        self.rows.pop(key, None)


def compare(
    recorded: RecordedRows,
    found: Iterable[tuple[Key, Mapping[str, Any]]],
    counts: SealCounts,
    *,
    gone_is_fine: bool = False,
) -> Iterator[SealDifference]:
    """Every difference between record and table. The recorded rows are used up, so that both are never held twice.

    `gone_is_fine`: of rows that may leave the table by a door that writes no line of its own.
    """
    table = recorded.table
    for key, row in found:
        counts.rows += 1
        said = recorded.rows.pop(key, None)
        if said is None:
            if key in recorded.erased:
                counts.erased += 1
            else:
                yield SealDifference(table, key, How.UNRECORDED, found=dict(row))
            continue
        if any(value is UNKNOWN for value in said.values()):
            if key in recorded.erased:
                counts.erased += 1
            else:
                counts.unknown += 1
        for column, value in said.items():
            if value is not UNKNOWN and row[column] != value:
                yield from _changed(table, key, column, value, row[column])
    for key, said in sorted(recorded.rows.items(), key=lambda item: str(item[0])):
        if not gone_is_fine:
            # Also of an erased line: which row it made or took away is in its subject, and that stays.
            yield SealDifference(table, key, How.MISSING, recorded=said)
        elif key in recorded.erased:
            counts.erased += 1
    recorded.rows.clear()


def _changed(table: str, key: Key, column: str, recorded: object, found: object) -> Iterator[SealDifference]:
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for part in sorted({*recorded, *found}, key=str):
            if recorded.get(part) != found.get(part):
                yield SealDifference(table, key, How.CHANGED, column, str(part), recorded.get(part), found.get(part))
        return
    yield SealDifference(table, key, How.CHANGED, column, "", recorded, found)


def digest(value: object) -> str:
    """SHA-256 over a JSON value that is too long to be repeated in the ledger (a rule set, a published programme)."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
