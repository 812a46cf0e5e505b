"""What is hashed of rules and inputs, and of which evening are heads due? Pure.

`verify.py` makes the same hashes from an export; docs/export.md says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from festival.core.canonical import canonical_json

CLOSES = time(22)  # in Vietnam: acts are over, and whoever waits for the heads is still awake
DAYS_AFTER = 7  # petitions and amendments of the days after the festival


def rules_hash(rules: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical rules; a number with a fraction counts as its decimal text, whatever a reader makes of it."""
    return sha256(canonical_json(_exact(rules))).hexdigest()


def _exact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _exact(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(each) for each in value]
    if isinstance(value, (float, Decimal)):
        return int(value) if value == int(value) else format(Decimal(str(value)).normalize(), "f")
    return value


def inputs_told(entries: Iterable[tuple[str, int | None]], seats: Iterable[tuple[str, bool]]) -> dict[str, Any]:
    """What a result depends on beside rules and marks: entries by code with their drawn number, seats by letter and whether one
    is the chair's. Nobody is named.
    """
    return {"entries": sorted([code, number] for code, number in entries), "seats": sorted(map(list, seats))}


def inputs_hash(salt: str, inputs: Mapping[str, Any]) -> str:
    """SHA-256 over the salt and the canonical inputs: an order of ten entries could be guessed from a bare hash."""
    named = {"entries": inputs["entries"], "seats": inputs["seats"]}
    return sha256(bytes.fromhex(salt) + canonical_json(named)).hexdigest()


def awards_hash(awards: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over who got which prize, as an export tells it."""
    return sha256(canonical_json({"awards": list(awards)})).hexdigest()


WHOLE_LINE = ("delegation", "place", "shared", "points", "by_contest", "prize")


def whole_hash(lines: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the table of the delegations, as an export tells it; no name and no reason."""
    return sha256(canonical_json({"lines": [{key: each[key] for key in WHOLE_LINE} for each in lines]})).hexdigest()


def due_evening(at: datetime, first: date, last: date) -> date | None:
    """The latest evening whose heads are to be out at this moment of Vietnam's clock; None before the first."""
    evening = min(at.date() if at.time() >= CLOSES else at.date() - timedelta(days=1), last)
    return evening if evening >= first else None
