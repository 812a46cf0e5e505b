"""Is a scan in the books exactly once, however often the network swallows the request or the answer?

Also after the server's disk is gone and an old backup is put back: the phones send their archive again, and the same
mids make it harmless.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from flask import Flask

from config import Config
from festival.checkin.export import canonical_export
from festival.core.database import db
from festival.core.transaction import reading
from festival.operations.backup import back_up
from festival.operations.restore import restore
from tests.devices.kit import Phone, enrolment, open_fair, uuid7, verdicts
from tests.faults.gates import MEMBERS, Gates, books, deliver, lost, open_gates
from tests.harness.proxy import Fate, faulty_network
from tests.harness.served import serve

FAULTS = int(os.environ.get("FAULTS", "1000"))
SEED = 20240614


def through_bad_network(app: Flask, config: Config, ready: Path, families: int) -> tuple[Gates, dict[str, int]]:
    gates, lists = open_gates(app, 4, families)
    luck = random.Random(SEED)
    fates = [Fate.DELIVERED, Fate.ANSWER_LOST, Fate.REQUEST_CUT, Fate.LATE]
    with (
        serve(config, ready=ready) as served,
        faulty_network(served.port, lambda: luck.choices(fates, weights=(5, 3, 2, 1))[0]) as network,
    ):
        gates.work(network.port, lists)
    assert gates.given_up == []
    return gates, {fate.value: count for fate, count in network.happened.items()}


def check(app: Flask, gates: Gates, families: int) -> None:
    found = books(app, gates.fair)
    assert found.faults == 0
    assert lost(gates, found) == []
    # A resent scan gets the answer of the first time, never "already used".
    assert set(gates.acknowledged.values()) == {"applied"}
    assert len(found.kept) == len(gates.acknowledged) == families
    assert len(found.admissions) == len(set(found.admissions)) == families * len(MEMBERS)


def test_nothing_is_lost_or_doubled_by_a_bad_network(app: Flask, config: Config, quick_flask: Path) -> None:
    gates, happened = through_bad_network(app, config, quick_flask, 40)
    check(app, gates, 40)
    assert happened["answer lost"] > 0
    assert happened["request cut"] > 0


@pytest.mark.faults
def test_nothing_is_lost_or_doubled_in_many_faults(app: Flask, config: Config, quick_flask: Path) -> None:
    gates, happened = through_bad_network(app, config, quick_flask, FAULTS)
    print(f"\n{config.database_url.split(':')[0]}: {len(gates.acknowledged)} scans, {happened}")
    check(app, gates, FAULTS)


def test_a_client_that_forgets_its_mid_is_told_already_used(app: Flask, config: Config, quick_flask: Path) -> None:
    """The negative control: without the same mid, a lost answer turns a family away."""
    gates, lists = open_gates(app, 1, 1)
    phone, list_id = gates.phones[0], lists[0][0]
    with (
        serve(config, ready=quick_flask) as served,
        faulty_network(served.port, iter([Fate.ANSWER_LOST, Fate.DELIVERED]).__next__) as network,
    ):
        assert deliver(network.port, phone, phone.scan(list_id)) is None
        assert deliver(network.port, phone, phone.scan(list_id, mid=uuid7())) == "duplicate"


def test_an_old_backup_and_the_phones_archive_bring_everything_back(
    app: Flask, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster
) -> None:
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    fair = open_fair(app, {f"Gia đình số {number}": list(MEMBERS) for number in range(20)})
    phone = Phone(app.test_client(), enrolment(app, fair))
    archive = [phone.scan(list_id) for list_id in fair.lists.values()]
    phone.send(*archive[:10])
    with app.app_context():
        back_up(config, tmp_path / "copy")
    phone.send(*archive[10:])
    with app.app_context():
        with reading():
            before = canonical_export(fair.festival_id)
        db.session.remove()
        restore(config, tmp_path / "copy")
        with reading():
            assert canonical_export(fair.festival_id) != before
        db.session.remove()
    assert verdicts(phone.send(*archive)) == ["applied"] * 20
    with app.app_context(), reading():
        assert canonical_export(fair.festival_id) == before
