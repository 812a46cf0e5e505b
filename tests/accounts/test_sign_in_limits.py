"""Guessing is slow, and a venue behind one address still gets in."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from config import Config
from festival.accounts.slowdown import EXTENSION, FREE, HOT_NETWORK, LONGEST_WAIT_S, PasswordTry, network_of, wait_after
from festival.core.database import db
from festival.core.web.limiter import SharedStorage
from festival.factory import create_app
from tests.accounts.kit import Person, make_user, noted

pytestmark = pytest.mark.either_database

VENUE = "203.0.113.7"
ELSEWHERE = "198.51.100.9"
AT = datetime(2026, 6, 14, 1, tzinfo=UTC)


def limited(config: Config) -> Flask:
    return create_app(replace(config, rate_limits=True))


@pytest.fixture
def house(app: Flask, config: Config) -> Iterator[Flask]:
    """The festival with its limits on; `app` has made the database."""
    made = limited(config)
    for login in ("chutoa", "thuky", "btc"):
        make_user(made, login)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def guesses(house: Flask, login: str, count: int, address: str = VENUE) -> list[int]:
    person = Person(house, address)
    return [person.sign_in(login, f"đoán thử {number}").status_code for number in range(count)]


def test_waiting_doubles_up_to_a_bound() -> None:
    assert [wait_after(misses, FREE) for misses in range(3, 15)] == [
        0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900,
    ]  # fmt: skip
    assert wait_after(10**6, FREE) == LONGEST_WAIT_S


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_one_caller_is_an_address_or_a_64(address: str, network: str) -> None:
    assert network_of(address) == network


def test_guessing_slows_down_and_says_how_long(house: Flask) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        assert guesses(house, "chutoa", FREE + 2) == [422] * FREE + [429] * 2
        told = Person(house, VENUE).sign_in("CHUTOA ").text
        assert "Chờ 5 giây rồi thử lại" in told
        assert 'value="CHUTOA ' in told, "what was typed stays"
        clock.shift(5)
        assert guesses(house, "chutoa", 2) == [422, 429]
        assert "Chờ 10 giây" in Person(house, VENUE).sign_in("chutoa").text
        clock.shift(10)
        assert Person(house, VENUE).sign_in("chutoa").status_code == 302, "the right one, after the wait"
        assert guesses(house, "chutoa", FREE) == [422] * FREE, "and the count begins anew"


def test_logins_that_nobody_has_are_slowed_in_the_same_words(house: Flask) -> None:
    with time_machine.travel(AT, tick=False):
        assert guesses(house, "khong-co", FREE + 1) == guesses(house, "chutoa", FREE + 1)


def spray(house: Flask) -> None:
    """One hour of a guesser at the venue: every login, known or not, again and again."""
    for number in range(HOT_NETWORK):
        Person(house, VENUE).sign_in("chutoa" if number % 5 else f"thu-{number}", "đoán bừa thôi")


def test_a_venue_that_shares_one_address_gets_in_while_an_account_there_is_guessed(house: Flask) -> None:
    with time_machine.travel(AT, tick=False):
        spray(house)
        spray(house)
        assert [Person(house, VENUE).sign_in(login).status_code for login in ("thuky", "btc")] == [302, 302]
        assert guesses(house, "thuky", 2, "198.51.100.200") == [422, 422]


def test_a_plain_limit_for_each_address_is_seen_to_lock_the_venue_out(house: Flask) -> None:
    counts: SharedStorage = house.extensions[EXTENSION]

    def naive(address: str) -> bool:
        return counts.incr(f"naive:{address}", 60) <= 20

    with time_machine.travel(AT, tick=False):
        for _guess in range(HOT_NETWORK):
            naive(VENUE)
        assert not naive(VENUE), "the right password of another account is not even looked at"


def test_after_many_misses_a_network_has_one_free_try_for_each_new_account(house: Flask) -> None:
    with time_machine.travel(AT, tick=False):
        for number in range(HOT_NETWORK):
            Person(house, VENUE).sign_in(f"thu-{number}", "đoán bừa thôi")
        assert guesses(house, "thuky", 3) == [422, 429, 429]
        assert guesses(house, "thuky", 3, ELSEWHERE) == [422] * 3


def test_an_account_guessed_from_everywhere_still_opens_to_its_owner(house: Flask) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        assert Person(house, VENUE).sign_in("btc").status_code == 302
        codes = [guesses(house, "btc", 1, f"198.51.100.{number}")[0] for number in range(40)]
        assert (codes.count(422), codes.count(429)) == (20, 20)
        assert Person(house, VENUE).sign_in("btc").status_code == 302, "from where its owner came in before"
        assert "Chờ 60 giây" in Person(house, ELSEWHERE).sign_in("btc").text
        clock.shift(60)
        assert Person(house, ELSEWHERE).sign_in("btc").status_code == 302


def test_another_address_of_the_same_64_is_the_same_guesser(house: Flask) -> None:
    with time_machine.travel(AT, tick=False):
        codes = [guesses(house, "btc", 1, f"2001:db8:1:2::{number:x}")[0] for number in range(1, FREE + 3)]
        assert codes == [422] * FREE + [429] * 2


@pytest.mark.both_databases
def test_tries_at_the_same_moment_in_two_workers_are_counted_together(house: Flask, config: Config) -> None:
    workers = (house, limited(config))
    with time_machine.travel(AT, tick=False):

        def once(number: int) -> bool:
            worker = workers[number % 2]
            with worker.test_request_context("/sign-in", environ_base={"REMOTE_ADDR": VENUE}):
                return PasswordTry("chutoa").wait_s == 0

        with ThreadPoolExecutor(16) as threads:
            looked_at = list(threads.map(once, range(32))).count(True)
    assert looked_at == FREE


def test_what_was_refused_unseen_fills_no_log(house: Flask) -> None:
    with time_machine.travel(AT, tick=False):
        guesses(house, "chutoa", 30)
    assert [kind for kind, _ in noted(house)].count("sign_in_failed") == FREE


def test_the_file_of_counts_names_nobody(house: Flask, config: Config) -> None:
    guesses(house, "chutoa", 2)
    for path in config.instance.glob("rate.sqlite3*"):
        assert b"chutoa" not in path.read_bytes() and VENUE.encode() not in path.read_bytes()
