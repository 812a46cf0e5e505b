"""How is a line published, and what was published so far?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.rehearsing.marked import rehearsed
from festival.core.statements import alone_on
from festival.editions.models import Festival
from festival.results.proof.models import ProofKind, ProofLine
from festival.results.proof.recorded import PUBLISHED, SAID

FORMAT = "festival-proof 1"


@dataclass(frozen=True, slots=True)
class NewProof:
    """A line that is to be published."""

    what: ProofKind
    content: dict[str, Any]
    contest: str = ""
    evening: date | None = None
    late: bool = False
    reason: str = ""
    opens: dict[str, Any] | None = None


def proof_stream(festival: Festival) -> str:
    """The ledger stream of what was published."""
    return f"proof:{festival.code}"


def said_columns(row: ProofLine) -> dict[str, Any]:
    """All that a line holds, as the ledger says it."""
    found = {name: getattr(row, name) for name in SAID}
    return found | {"what": row.what.value, "evening": row.evening.isoformat() if row.evening else None}


def publish(festival: Festival, new: Sequence[NewProof], by: int | None) -> list[ProofLine]:
    """Add lines at the end. Nobody else adds one until this transaction ends: a reader who has seen a line sees all before it."""
    alone_on(ProofLine)
    last = lines_published(festival.id)
    rows = [
        ProofLine(
            festival_id=festival.id,
            n=n,
            what=each.what,
            contest=each.contest,
            evening=each.evening,
            late=each.late,
            reason=each.reason,
            content=each.content,
            opens=each.opens,
            at=now(),
            by_user=by,
        )
        for n, each in enumerate(new, start=last + 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    ledger.append_many(
        proof_stream(festival), [(PUBLISHED, {"n": row.n, "what": row.what.value}, said_columns(row)) for row in rows]
    )
    return rows


def lines_published(festival_id: int) -> int:
    """How many there are."""
    return db.session.scalar(select(func.max(ProofLine.n)).where(ProofLine.festival_id == festival_id)) or 0


def proof_lines(festival_id: int) -> list[ProofLine]:
    """All of them, in order."""
    return list(db.session.scalars(select(ProofLine).where(ProofLine.festival_id == festival_id).order_by(ProofLine.n)))


def standing_results(lines: Sequence[ProofLine]) -> dict[str, int]:
    """By code of contest ("" for the delegations as a whole) the number of the line of the result that is public now."""
    found: dict[str, int] = {}
    for each in lines:
        if each.what is ProofKind.RESULT:
            found[each.contest] = each.n
        elif each.what is ProofKind.TAKEN_BACK:
            found.pop(each.contest, None)
    return found


def rules_lines(lines: Sequence[ProofLine]) -> dict[str, ProofLine]:
    """By code of contest ("" for the delegations as a whole) the last line of its rules."""
    return {each.contest: each for each in lines if each.what is ProofKind.RULES}


def proof_told(festival: Festival, lines: Sequence[ProofLine]) -> dict[str, Any]:
    """What a machine reads: every line, without who published it and without what opens a hash."""
    return {
        "format": FORMAT,
        **({"rehearsal": True} if rehearsed() else {}),
        "festival": {"code": festival.code, "name": festival.name},
        "lines": [
            {
                "n": each.n,
                "at": local(each.at).isoformat(timespec="seconds"),
                "what": each.what.value,
                "contest": each.contest,
                "evening": each.evening.isoformat() if each.evening else None,
                "late": each.late,
                "reason": each.reason,
                **each.content,
            }
            for each in lines
        ],
    }
