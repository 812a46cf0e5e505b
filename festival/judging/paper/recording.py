"""How does the ledger tell of what is on paper? Each line says which rows it leaves behind, and all that they say.

A stream of its own, `paper:<contest>`: of its head and size no tablet ever learns, so nothing of a typing or a check shows
on another judge's screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import Base, db
from festival.core.statements import table

# A moment stands in the ledger's line itself; a picture by its digest.
NOT_SAID = frozenset({"id", "content", "noted_at", "typed_at", "decided_at", "kept_at", "begun_at", "at"})


def paper_stream(contest: Contest) -> str:
    """The ledger stream of what is on paper in a contest."""
    return f"paper:{contest.ledger_name}"


def said_of(row: Base) -> dict[str, Any]:
    """What a line says of a row."""
    columns = (column.name for column in table(type(row)).columns if column.name not in NOT_SAID)
    return {name: getattr(row, name) for name in columns}


def record(contest: Contest, kind: str, *rows: Base, gone: Mapping[str, int] | None = None, **subject: object) -> None:
    """Write the line `kind` with these rows as they are now; `gone`: rows that are there no more, key by table."""
    db.session.flush()
    named: list[list[object]] = [[row.__tablename__, _key(row)] for row in rows]
    named += [[name, key] for name, key in (gone or {}).items()]
    said: list[dict[str, Any] | None] = [*map(said_of, rows), *(None for _each in gone or {})]
    about: dict[str, object] = {"contest_id": contest.id, **subject, "rows": named}
    ledger.append(paper_stream(contest), kind, about, {"rows": said})


def _key(row: Base) -> int:
    (column,) = table(type(row)).primary_key.columns
    key: int = getattr(row, column.name)
    return key
