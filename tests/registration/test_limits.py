"""How many registrations from one phone, to one address, from one network, for one edition? The same by form and by call."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from config import Config
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.secrets import keyed
from festival.core.transaction import reading
from festival.core.web.limiter import caller, limiter, shared_storage
from festival.factory import create_app
from festival.registration.guarding import limits
from festival.registration.guarding.limits import Limit
from festival.roster.household import Household
from festival.roster.models import Family
from tests.harness.waiting import PATIENCE_S, wait_until
from tests.registration.conftest import World
from tests.registration.pages_kit import AGREED, post
from tests.registration.test_api_and_commands import FAMILY, SENDER
from tests.registration.test_family_form import filled

pytestmark = pytest.mark.either_database

API = "/api/v1/registrations"


@pytest.fixture
def limited(config: Config, world: World) -> Iterator[Flask]:
    """The same house with its limits on."""
    yield create_app(replace(config, rate_limits=True))
    limiter.enabled = False


def one(number: int, **changes: Any) -> dict[str, Any]:
    """A registration of its own: another phone, another key."""
    return {**FAMILY, "key": str(uuid4()), "phone": f"0912 {number:06d}", "email": f"nha{number}@example.vn", **changes}


def send(client: FlaskClient, body: dict[str, Any], address: str = "192.0.2.7") -> Any:
    return client.post(API, json=body, headers=SENDER, environ_base={"REMOTE_ADDR": address})


def families(app: Flask) -> int:
    with app.app_context(), reading():
        return db.session.scalar(select(func.count()).select_from(Family)) or 0


def test_a_hundred_and_fifty_to_one_stranger_are_a_handful(limited: Flask) -> None:
    """The case that was seen: other phones, other keys, one mail address, as fast as it goes."""
    client = limited.test_client()
    answers = [send(client, one(number, email="nguoi.la@example.vn")) for number in range(150)]
    assert Counter(answer.status_code for answer in answers) == {200: 7, 429: 143}
    with limited.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 7
    tagged = send(client, one(151, email="Nguoi.La+150@example.vn"))
    assert tagged.status_code == 429, "a tag or capitals lead to the same box"
    assert send(client, one(152)).status_code == 200, "everybody else goes on"


def test_who_is_slowed_down_is_told_how_long_and_gets_through_then(limited: Flask) -> None:
    client = limited.test_client()
    phone = "0912 345 678"
    free = [send(client, one(number, phone=phone)).status_code for number in range(limits.PHONE.free + 1)]
    assert free == [200] * (limits.PHONE.free + 1)
    slow = send(client, one(90, phone="+84 912-345-678"))
    wait = int(slow.headers["Retry-After"])
    assert (slow.status_code, slow.get_json()["error"], 0 < wait <= 300) == (429, "too_many", True)
    assert re.search(r"Chờ (khoảng [1-5] phút|\d+ giây) rồi gửi lại", slow.get_json()["message"])
    with limited.app_context():
        _pass_time(wait)
    assert send(client, one(91, phone=phone)).status_code == 200
    again = send(client, one(92, phone=phone))
    assert int(again.headers["Retry-After"]) > wait, "each pause is longer than the last"


def _pass_time(seconds: int) -> None:
    """As if so many seconds had passed for the counts of today."""
    store = shared_storage()
    pauses = f"UPDATE rate_count SET expires = expires - {store.mark} WHERE key LIKE {store.mark}"
    store._connection().execute(pauses, (seconds, "%:pause"))


def test_only_what_was_written_counts(limited: Flask) -> None:
    client = limited.test_client()
    wrong = {**one(1, phone="0912 345 678"), "members": FAMILY["members"][:1]}
    assert {send(client, {**wrong, "key": str(uuid4())}).status_code for _ in range(30)} == {400}
    same = one(2, phone="0912 345 678")
    assert {send(client, same).status_code for _ in range(30)} == {200}
    assert send(client, one(3, phone="0912 345 678")).status_code == 200
    assert families(limited) == 2


def test_form_and_call_are_counted_together(limited: Flask, world: World) -> None:
    client = limited.test_client()
    for number in range(limits.PHONE.free + 1):
        assert send(client, one(number, phone="0912 345 678")).status_code == 200
    form = filled(client, world)
    answer = post(client, f"{form}/review", AGREED)
    assert (answer.status_code, "Những gì đã nhập vẫn còn nguyên" in answer.text) == (429, True)
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    with limited.app_context():
        _pass_time(300)
    assert post(client, f"{form}/review", AGREED).location == f"{form}/done", "nothing typed was lost"


@pytest.mark.both_databases
def test_sixteen_at_once_never_get_more_than_the_bound(limited: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PHONE", Limit("phone", 3, 5, 86400, 3600, 3600))
    start, answers = threading.Barrier(16), []

    def act(number: int) -> None:
        client = limited.test_client()
        start.wait()
        answers.append(send(client, one(number, phone="0912 345 678")).status_code)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = Counter(answers)[200]
    assert (made <= 4, families(limited) == made, len(answers)) == (True, True, 16)


@pytest.mark.both_databases
def test_asking_the_count_first_lets_all_sixteen_through(limited: Flask) -> None:
    """The naive control: look at the count, then register, then count."""
    start, looked = threading.Barrier(16), threading.Barrier(16)
    let_in: list[int] = []

    def naive(number: int) -> None:
        with limited.app_context():
            store = shared_storage()
            start.wait()
            count = store.get("naive")
            looked.wait()
            if count < 4:
                let_in.append(number)
                store.incr("naive", 3600)

    threads = [threading.Thread(target=naive, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 16


def test_one_network_and_one_edition_have_their_bounds(limited: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NETWORK", Limit("network", 2, 4, 3600, 60, 60))
    client = limited.test_client()
    # 2^64 addresses of one customer are one network
    six = [f"2001:db8:1:2::{number:x}" for number in range(1, 6)]
    assert [send(client, one(at), six[at]).status_code for at in range(4)] == [200, 200, 200, 429]
    assert send(client, one(9), "2001:db8:1:3::1").status_code == 200
    monkeypatch.setattr(limits, "EDITION", Limit("edition", 5, 6, 3600, 60, 60))
    answers = [send(client, one(20 + at), f"192.0.2.{at}").status_code for at in range(3)]
    assert answers == [200, 200, 429]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"), ("unix", "unix"),
    ],
)  # fmt: skip
def test_who_is_one_caller(limited: Flask, address: str, counted: str) -> None:
    with limited.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert caller() == keyed("address", counted)


def test_the_counts_hold_no_phone_and_no_address(limited: Flask, config: Config) -> None:
    send(limited.test_client(), one(1, phone="0912 345 678", email="nha@example.vn"))
    with limited.app_context():
        keys = [row[0] for row in shared_storage()._connection().execute("SELECT key FROM rate_count").fetchall()]
    own = [key for key in keys if key.startswith("registration:")]
    assert sorted(key.split(":")[1] for key in own) == ["edition", "mail", "network", "phone"]
    assert [key for key in keys if "912345678" in key or "nha@" in key] == []
    if config.is_sqlite:
        written = b"".join(path.read_bytes() for path in Path(config.instance).glob("rate.sqlite3*"))
        assert (b"912345678" in written, b"nha@" in written) == (False, False)
    else:
        with limited.app_context(), db.engine.connect() as connection:
            assert (
                connection.execute(text("SELECT count(*) FROM rate_count WHERE key LIKE '%912345678%'")).scalar() == 0
            )


def test_counts_go_when_their_window_is_over(limited: Flask) -> None:
    assert send(limited.test_client(), one(1)).status_code == 200
    with limited.app_context():
        store = shared_storage()
        chores = {chore.name: chore.work for chore in limited.extensions["chores"]}

        def left() -> set[str]:
            return {
                row[0].split(":")[1]
                for row in store._connection().execute("SELECT key FROM rate_count").fetchall()
                if row[0].startswith("registration:")
            }

        chores["counts-sweep"]()
        assert left() == {"edition", "mail", "network", "phone"}
        store._connection().execute(f"UPDATE rate_count SET expires = expires - {store.mark}", (86400,))
        chores["counts-sweep"]()
        assert left() == set()


def test_another_worker_counts_on(limited: Flask, config: Config) -> None:
    for number in range(limits.PHONE.free + 1):
        assert send(limited.test_client(), one(number, phone="0912 345 678")).status_code == 200
    other = create_app(replace(config, rate_limits=True))
    assert send(other.test_client(), one(77, phone="0912 345 678")).status_code == 429


def test_who_is_counted_writes_in_the_order_of_coming(limited: Flask) -> None:
    """The first is slow; of the others none begins before who came earlier has ended."""
    done: list[str] = []
    slow, lines = threading.Event(), limits._TURN

    def act(number: int) -> None:
        request = limited.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"})
        with request, limits.counted(1, Household(phone=f"09123456{number}0")) as count:
            done.append(f"{number} begins")
            assert number > 0 or slow.wait(PATIENCE_S)
            done.append(f"{number} ends")
            count.written = True

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=act, args=(number,)))
        threads[-1].start()
        wait_until(lambda number=number: done == ["0 begins"] and len(lines._waiting) == number)  # type: ignore[misc]
    slow.set()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert done == [f"{number} {what}" for number in range(5) for what in ("begins", "ends")]
