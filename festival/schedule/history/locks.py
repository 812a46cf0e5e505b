"""How is it said in the ledger that something keeps its place, or does not any more?"""

from __future__ import annotations

from festival.core import ledger
from festival.editions.models import Festival


def note_lock(
    festival: Festival, by: int | None, held: bool, *, entry_id: int | None = None, session_id: int | None = None
) -> None:
    """Of an act or of a session."""
    subject = {"entry_id": entry_id} if session_id is None else {"session": session_id}
    ledger.append(f"decisions:{festival.code}", "plan_locked", {**subject, "locked": held, "by": by}, {})
