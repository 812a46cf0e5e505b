"""Which acts are still to come, so that nobody waits for a sheet of them yet?

The stage says so, not the plan: its act waits or stands ready. What was marked, typed or measured all the same has been seen by
somebody, whatever the stage forgot to say; and an entry without an act has nobody who could say it is still to come.
"""

from __future__ import annotations

from collections.abc import Iterable

from festival.judging.tally import Tally
from festival.schedule.models import ActState

BEFORE = (ActState.WAITING, ActState.READY)


def to_come(tally: Tally, typed: Iterable[int] = ()) -> frozenset[int]:
    """The entries that were not on stage yet; `typed`: those of slips that wait for their second typing."""
    before = {each.id for each in tally.appearances if each.act_state in BEFORE}
    seen = {entry_id for _judge, entry_id in tally.sheets} | set(tally.measures) | set(typed)
    placed = {entry_id for group in tally.order or () for entry_id in group}
    return frozenset(before - seen - placed)
