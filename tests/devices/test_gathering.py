"""Do deliveries that come at the same moment share a transaction, and does nobody pay for a neighbour?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from festival.core import ledger
from festival.core.database import db
from festival.devices import handlers
from festival.devices.deliveries.gathering import MESSAGES_MAX
from festival.devices.handlers import Applied, DeviceRole
from festival.devices.models import Mutation
from tests.devices.kit import Phone, as_if_opened, enrolment, open_fair, verdicts
from tests.harness.waiting import PATIENCE_S, wait_until


class Slow:
    """A kind whose first message is held until told, so that the others must gather behind it."""

    def __init__(self) -> None:
        self.calls: list[list[tuple[int, int]]] = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def apply(self, incoming):
        self.calls.append([(message.device_number, message.seq) for message in incoming])
        for message in incoming:
            if message.body.get("hold"):
                self.began.set()
                assert self.go_on.wait(PATIENCE_S)
            if message.body.get("boom"):
                raise RuntimeError("our own mistake")
        for message in incoming:
            ledger.append(f"{message.device_role}:test", "said", {"seq": message.seq}, {})
        return [Applied({"seq": message.seq}, f"{message.device_role}:test") for message in incoming]


@pytest.fixture
def slow():
    kind = Slow()
    handlers.register("slow", kind.apply, [DeviceRole.GATE, DeviceRole.JUDGE])
    yield kind
    kind.go_on.set()
    handlers._handlers.pop("slow")


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def phones(app, client, fair):
    return [Phone(client, enrolment(app, fair, station=f"Cổng {n}")) for n in range(1, 6)]


def behind(app, slow, first, deliveries):
    """Send `first` and, while it is being written, all `deliveries` (phone, mutations) side by side; all answers."""

    def send(phone, mutations):
        phone.client = app.test_client()
        return phone.send(*mutations)

    with ThreadPoolExecutor(len(deliveries) + 1) as pool:
        leading = pool.submit(send, *first)
        assert slow.began.wait(PATIENCE_S)
        following = []
        for delivery in deliveries:
            following.append(pool.submit(send, *delivery))
            wait_until(lambda: len(app.extensions["gathering"]._waiting) == len(following))
        slow.go_on.set()
        told = [leading.result(PATIENCE_S)] + [future.result(PATIENCE_S) for future in following]
    assert app.extensions["gathering"]._waiting == []
    return told


def stored(app):
    with app.app_context():
        return sorted(db.session.scalars(select(Mutation.mid)))


def test_what_waits_is_decided_together(app, phones, slow):
    wrote = [phone.write("slow", "x", {"hold": place == 0}) for place, phone in enumerate(phones)]
    told = behind(app, slow, (phones[0], [wrote[0]]), [(p, [m]) for p, m in zip(phones[1:], wrote[1:], strict=True)])
    assert [verdicts(answer) for answer in told] == [["applied"]] * 5
    assert [answer["verdicts"][0]["mid"] for answer in told] == [mutation["mid"] for mutation in wrote]
    # One transaction for the first, one for the four that came while it was written.
    assert slow.calls == [[(1, 1)], [(2, 1), (3, 1), (4, 1), (5, 1)]]
    # Everybody of the group is told the same end of the ledger: the one that was committed.
    assert [answer["heads"][0]["size"] for answer in told] == [1, 5, 5, 5, 5]
    assert stored(app) == sorted(mutation["mid"] for mutation in wrote)


def test_a_message_that_fails_costs_its_neighbours_nothing(app, phones, slow):
    first, *others = phones
    wrote = [phone.write("slow", "x", {"boom": place == 2}) for place, phone in enumerate(others)]
    held = first.write("slow", "x", {"hold": True})
    told = behind(app, slow, (first, [held]), [(p, [m]) for p, m in zip(others, wrote, strict=True)])
    assert [verdicts(answer) for answer in told] == [["applied"], ["applied"], ["applied"], [], ["applied"]]
    assert [answer["unanswered"] for answer in told] == [[], [], [], [wrote[2]["mid"]], []]
    assert stored(app) == sorted(m["mid"] for m in [held, *wrote] if m is not wrote[2])
    with app.app_context():
        assert ledger.head("gate:test").size == 4 and ledger.verify("gate:test") == []


def test_two_deliveries_of_one_phone_go_one_after_the_other_and_are_applied_once(app, phones, slow):
    first, second, *_ = phones
    held, mutation = first.write("slow", "x", {"hold": True}), second.write("slow", "x", {})
    told = behind(app, slow, (first, [held]), [(second, [mutation]), (second, [mutation])])
    assert told[1]["verdicts"] == told[2]["verdicts"]
    assert slow.calls == [[(1, 1)], [(2, 1)]]
    assert stored(app) == sorted([held["mid"], mutation["mid"]])


def test_a_group_has_an_end(app, phones, slow):
    first, *others = phones
    held = first.write("slow", "x", {"hold": True})
    many = MESSAGES_MAX // 4
    full = [(phone, [phone.write("slow", "x", {}) for _ in range(many)]) for phone in others]
    extra = first.write("slow", "x", {})
    told = behind(app, slow, (first, [held]), [*full, (first, [extra])])
    assert [len(verdicts(answer)) for answer in told] == [1, many, many, many, many, 1]
    assert [len(call) for call in slow.calls] == [1, MESSAGES_MAX, 1]


def test_a_gate_hears_nothing_of_a_jurys_ledger(app, client, fair, phones, slow):
    judge = as_if_opened(app, Phone(client, enrolment(app, fair, DeviceRole.JUDGE), with_key=True))
    first, gate, *_ = phones
    held = first.write("slow", "x", {"hold": True})
    told = behind(
        app, slow, (first, [held]), [(gate, [gate.write("slow", "x", {})]), (judge, [judge.write("slow", "x", {})])]
    )
    assert slow.calls == [[(1, 1)], [(2, 1), (6, 1)]]
    assert [[end["stream"] for end in answer["heads"]] for answer in told] == [
        ["gate:test"],
        ["gate:test"],
        ["judge:test"],
    ]
