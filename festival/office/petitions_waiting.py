"""Which petitions wait for an answer, or for what was accepted? Their numbers, for the dashboard."""

from __future__ import annotations

from festival.core.sentence import N_
from festival.office.waiting import WaitingWork
from festival.results.petitions.reading import unsettled_in

WAITING = N_("%(n)s kiến nghị chưa giải quyết xong: số %(numbers)s")
DOOR = N_("Xem kiến nghị")


def petitions_waiting(festival_id: int) -> WaitingWork | None:
    """None where nothing waits."""
    numbers = unsettled_in(festival_id)
    if not numbers:
        return None
    said = WAITING.filled(n=len(numbers), numbers=", ".join(map(str, numbers[:20])))
    return WaitingWork(said, "/petitions", DOOR)
