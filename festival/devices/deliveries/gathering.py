"""How do phones that deliver at the same moment share one transaction?

Group commit (DeWitt et al., "Implementation Techniques for Main Memory Database Systems", SIGMOD 1984, §5): while one
group is being written, the deliveries that arrive in this process gather; whoever leads next decides all of them at
once, so the writer's turn, the ledger's head and the wait for the disk are paid once a group instead of once a scan.
Nobody is answered before the commit, and the busier the gates, the larger the groups: a quiet gate never waits.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from festival.core.chain import Head
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.deliveries.receiving import Delivery, Received, receive

log = logging.getLogger(__name__)

# A group is one transaction: not so long that a judge's tablet waits behind a night's worth of scans.
MESSAGES_MAX = 200


@dataclass(frozen=True, slots=True)
class Written:
    """A delivery that is on disk; `received` is None for a device this database never met."""

    received: Received | None
    heads: Mapping[str, Head]


@dataclass(slots=True, eq=False)
class _Waiting:
    """A delivery that waits; when `decided` without `written`, the group failed and nothing of it was kept.

    `call` is shut until there is news for its thread: it is decided, or it leads.
    """

    delivery: Delivery
    call: threading.Lock
    decided: bool = False
    written: Written | None = None


class Gathering:
    """Where the threads of one process meet; `deliver` is called outside of any transaction.

    `turn` is waited for before a group is taken: what the group's transaction would wait for anyway. Each thread is woken
    once, when it is answered or leads: were all woken at each news, most would wake for nothing, and at the leader's cost.
    """

    def __init__(self, turn: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._turn = turn
        self._inside = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._led = False

    def deliver(self, delivery: Delivery) -> Written | None:
        """Commit this delivery together with whatever waits beside it.

        None when the shared transaction failed, be it through another's message: then the caller tries alone.
        """
        mine = _Waiting(delivery, threading.Lock())
        mine.call.acquire()
        with self._inside:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.call.acquire()
        if not mine.decided:
            self._lead(mine)
        return mine.written

    def _lead(self, mine: _Waiting) -> None:
        try:
            # Usually once; a delivery of the same device that came earlier goes before.
            while not mine.decided:
                self._write_group()
        finally:
            with self._inside:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                self._led = bool(self._waiting)
                following = self._waiting[0] if self._led else None
            if following is not None:
                following.call.release()

    def _write_group(self) -> None:
        group: list[_Waiting] = []
        try:
            with self._turn(), transaction() as done:
                # Only now: the turn has been waited for, and others came meanwhile.
                group = self._next_group()
                received = receive([place.delivery for place in group])
            for place, one in zip(group, received, strict=True):
                place.written = Written(one, done.heads)
        except Exception as error:
            if not group:
                raise
            db.session.rollback()
            log.warning("%d deliveries together failed (%s), each goes alone", len(group), type(error).__name__)
        finally:
            for place in group:
                place.decided = True
                place.call.release()

    def _next_group(self) -> list[_Waiting]:
        """In order of arrival, at most one of each device, at most MESSAGES_MAX messages (but always the first)."""
        group: list[_Waiting] = []
        with self._inside:
            devices: set[int] = set()
            messages = 0
            for place in self._waiting:
                device = place.delivery.device.view.id
                messages += len(place.delivery.messages)
                if group and messages > MESSAGES_MAX:
                    break
                if device not in devices:
                    devices.add(device)
                    group.append(place)
            self._waiting = [place for place in self._waiting if place not in group]
        return group
