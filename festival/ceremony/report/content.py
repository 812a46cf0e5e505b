"""What does a version of the report say? As it is kept: plain values, the same whoever reads them in whatever language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festival.ceremony.report.counting.tables import FigureTable, table_from_json, table_to_json


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """A line that was typed."""

    kind: str
    name: str
    grounds: str
    amount_vnd: int | None


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All of it. `sensitive_from`: the version whose counting the tables that hide cells are."""

    festival: Mapping[str, str]
    tables: tuple[FigureTable, ...]
    sensitive: tuple[FigureTable, ...]
    sensitive_from: int
    totals: Mapping[str, int]
    compared: FigureTable | None
    lines: tuple[ReportedLine, ...]

    def of(self, *kinds: str) -> list[ReportedLine]:
        """The lines of these kinds."""
        return [each for each in self.lines if each.kind in kinds]

    def sum_vnd(self, kind: str) -> int:
        return sum(each.amount_vnd or 0 for each in self.of(kind))

    @property
    def all_tables(self) -> list[FigureTable]:
        return [*self.tables, *self.sensitive, *([self.compared] if self.compared else [])]


def content_to_json(content: ReportContent) -> dict[str, Any]:
    """As it is kept."""
    return {
        "festival": dict(content.festival),
        "tables": [table_to_json(each) for each in content.tables],
        "sensitive": [table_to_json(each) for each in content.sensitive],
        "sensitive_from": content.sensitive_from,
        "totals": dict(content.totals),
        "compared": table_to_json(content.compared) if content.compared else None,
        "lines": [[each.kind, each.name, each.grounds, each.amount_vnd] for each in content.lines],
    }


def content_from_json(kept: Mapping[str, Any]) -> ReportContent:
    """As it was kept."""
    return ReportContent(
        kept["festival"],
        _tables(kept["tables"]),
        _tables(kept["sensitive"]),
        kept["sensitive_from"],
        kept["totals"],
        table_from_json(kept["compared"]) if kept["compared"] else None,
        tuple(ReportedLine(*each) for each in kept["lines"]),
    )


def _tables(kept: Sequence[Mapping[str, Any]]) -> tuple[FigureTable, ...]:
    return tuple(table_from_json(each) for each in kept)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which version a document is of."""

    number: int
    made_at: datetime
    sha256: str
    replaces: int | None
