"""With which pass key was a copy made? Read in the copy itself, before anything is replaced by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pysqlite3
from sqlalchemy import create_engine

from festival.core.pass_key import kept
from festival.core.pass_key.kept import SAMPLE, Codes
from festival.operations.copies import dumped


@dataclass(frozen=True, slots=True)
class CopyKey:
    """The fingerprint a copy holds; one of an older release has none and is known by its codes."""

    fingerprint: str | None
    codes: Codes

    def fits(self, key: bytes) -> bool:
        """Whether the codes of the copy are this key's."""
        if self.fingerprint is not None:
            return kept.fingerprint(key) == self.fingerprint
        return self.codes.made_with(key)


def of_sqlite(path: Path) -> CopyKey:
    """Of a SQLite copy."""
    uri = f"file:{path.resolve()}?immutable=1"
    engine = create_engine("sqlite://", module=pysqlite3, creator=lambda: pysqlite3.connect(uri, uri=True))
    try:
        with engine.connect() as connection:
            return CopyKey(kept.in_force(connection)[0], kept.codes(connection))
    finally:
        engine.dispose()


def of_dump(path: Path) -> CopyKey:
    """Of PostgreSQL's dump."""
    current = next((row["fingerprint"] for row in dumped(path, "pass_key") if row["state"] == "current"), None)
    if current is not None:
        return CopyKey(current, Codes((), ()))
    passes = [
        kept.whose(
            _number(row["family_id"]),
            _number(row["delegation_id"]),
            _number(row["person_id"]),
            int(row["issue"] or 0),
            row["list_id"] or "",
        )
        for row in _latest(path, "pass")
        if row["replaced_at"] is None
    ]
    links = [
        (int(row["id"] or 0), int(row["link_issue"] or 0), row["link_hash"] or "")
        for row in _latest(path, "family")
        if row["link_hash"] is not None
    ]
    return CopyKey(None, Codes(passes[:SAMPLE], links[:SAMPLE]))


def _latest(path: Path, table: str) -> Sequence[dict[str, str | None]]:
    return sorted(dumped(path, table), key=lambda row: -int(row["id"] or 0))


def _number(cell: str | None) -> int | None:
    return None if cell is None else int(cell)
