"""Which scans did the phones get an answer for, and are they all in the books afterwards, each once?"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, pairwise
from typing import Any

from flask import Flask
from sqlalchemy import select

from festival.checkin.models import Admission
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading
from festival.devices.models import Mutation
from tests.devices.kit import Fair, Phone, enrolment, open_fair

PATIENCE_S = 60
MEMBERS = ("Danh Chung", "Thị Ngọc Ánh")


@dataclass
class Gates:
    """Phones at work: `acknowledged` maps each mid to the verdict the phone saw, `answered_at` says when.

    What each writes of an item of its list is `message`: a scan, or a judge's sheet.
    """

    fair: Fair
    phones: list[Phone]
    message: Callable[[Phone, str], dict[str, Any]] = Phone.scan
    answered_at: list[float] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    sent_again: int = 0
    given_up: list[str] = field(default_factory=list)
    pause_s: float = 0.0  # between two families
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, port: int, lists: list[list[str]], stop: threading.Event | None = None) -> None:
        """All phones scan their lists side by side, each sending a scan until it is answered.

        Until `stop`, when there is one: whoever has come to the end of the list holds the same passes up again.
        """
        threads = [
            threading.Thread(target=self._one, args=(port, phone, mine, stop))
            for phone, mine in zip(self.phones, lists, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def longest_gap_s(self) -> float:
        """The longest time in which no phone was answered."""
        at = sorted(self.answered_at)
        return max((later - earlier for earlier, later in pairwise(at)), default=0.0)

    def _one(self, port: int, phone: Phone, lists: list[str], stop: threading.Event | None) -> None:
        for list_id in lists if stop is None else cycle(lists):
            if stop is not None and stop.is_set():
                return
            mutation = self.message(phone, list_id)
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                verdict = deliver(port, phone, mutation)
                if verdict is not None:
                    with self.lock:
                        self.acknowledged[mutation["mid"]] = verdict
                        self.answered_at.append(time.monotonic())
                    time.sleep(self.pause_s)
                    break
                with self.lock:
                    self.sent_again += 1
                time.sleep(0.02)
            else:
                self.given_up.append(mutation["mid"])


def deliver(port: int, phone: Phone, mutation: dict[str, Any]) -> str | None:
    """Send once; the verdict, or None when nothing trustworthy came back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    body = json.dumps({"v": 2, "mutations": [mutation]}).encode()
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json", "Connection": "close"}
    try:
        connection.request("POST", "/api/v1/sync", body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read()) if answer.status == 200 else {}
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    # An answer that does not name the mid is no answer, whatever its status.
    return next((item["verdict"] for item in told.get("verdicts", []) if item["mid"] == mutation["mid"]), None)


def open_gates(app: Flask, phones: int, families: int) -> tuple[Gates, list[list[str]]]:
    """A festival, its phones, and the families dealt out to them."""
    fair = open_fair(app, {f"Gia đình số {number}": list(MEMBERS) for number in range(families)})
    client = app.test_client()
    gates = Gates(fair, [Phone(client, enrolment(app, fair, station=f"Cổng {n}")) for n in range(phones)])
    lists = list(fair.lists.values())
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return gates, [lists[start::phones] for start in range(phones)]


@dataclass(frozen=True)
class Books:
    """What the database says afterwards."""

    kept: dict[str, str]
    admissions: list[int]
    faults: int


def books(app: Flask, fair: Fair) -> Books:
    """Read it."""
    with app.app_context(), reading():
        kept = dict(db.session.execute(select(Mutation.mid, Mutation.verdict)).all())
        persons = list(db.session.scalars(select(Admission.person_id)))
        faults = ledger.verify(f"checkin:{fair.code}")
    return Books(kept, persons, len(faults))


def lost(gates: Gates, found: Books) -> list[str]:
    """Acknowledged, but not in the books with that verdict."""
    return [mid for mid, verdict in gates.acknowledged.items() if found.kept.get(mid) != verdict]
