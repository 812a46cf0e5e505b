"""What would a server be like that guards as little as the first release? The negative control of the attacks.

The same program, its guards taken away one by one. An attack that does not find its own guard missing here would prove
nothing about the real one. Commands can be run against it too (FLASK_APP=tests.faults.first_release:app).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import false

from config import Config
from festival.accounts import actions, passwords, pins, second_factor, slowdown
from festival.accounts import cli as account_commands
from festival.accounts import forms as account_forms
from festival.accounts import queries as account_queries
from festival.accounts import routes as account_routes
from festival.checkin import lookup
from festival.core import secrets, security_log
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.pass_key import guard
from festival.core.seal import checks
from festival.core.transaction import reading
from festival.devices import api as devices_api
from festival.devices import enrolment, life, rights
from festival.devices.activation import opening
from festival.devices.handlers import DeviceRole
from festival.devices.wire import HeadOut
from festival.factory import create_app
from festival.registration import api as registration_api
from festival.registration.guarding import limits, tails
from festival.results.ladder import people, proving

EVERY = frozenset(DeviceRole)


def _anybody(_permissions: object) -> frozenset[DeviceRole]:
    return EVERY


def _every_head(_known: object, asked: Any) -> list[HeadOut]:
    return [HeadOut(stream=each, size=1, head="0" * 64) for each in asked]


def _by_key_alone(sent: Any) -> tuple[str, str]:
    return f"api:{sent.key}", canonical_json({"key": sent.key}).decode()


@contextmanager
def _uncounted(*_anything: object) -> Iterator[limits.Counted]:
    yield limits.Counted()


def _each_guess_anew(_family: object, right: bool) -> tails.Guess:
    return tails.Guess.RIGHT if right else tails.Guess.WRONG


def _number_again(user_id: int, typed: str) -> bool:
    row = db.session.get_one(second_factor.SecondFactor, user_id)
    return second_factor._step_of(second_factor._secret(user_id, row.issue), typed) is not None


def _whoever(login: str, _typed: str, *_step: object, **_more: object) -> int:
    with reading():
        found = account_queries.credentials(login.strip().lower())
    return found.user_id if found else 0


_inspect = checks.inspect


def _chains_only(*asked: Any, **more: Any) -> checks.SealReport:
    report = _inspect(*asked, **more)
    for stream in report.streams:
        stream.differences.clear()
        stream.counted = 0
    return report


rights.handled = _anybody  # type: ignore[assignment]
enrolment._printed_the_card = lambda *_who: False
enrolment.may_handle = lambda *_who: True
life.waiting = false  # type: ignore[assignment]
life.ended = false  # type: ignore[assignment]
devices_api.heads = _every_head
pins.wait_until = lambda *_misses: None
opening.MOST_MISSES = 10**6
passwords.weakness = lambda *_password: None
account_commands.weakness = lambda *_password: None
account_forms.weakness = lambda *_password: None
actions.end_other_sign_ins = lambda *_who: 0
second_factor.passes = _number_again
slowdown.PasswordTry._take = lambda *_counts: 0  # type: ignore[method-assign]
proving.second = _whoever
proving.myself = lambda *_typed: 1
proving.person = _whoever
people.not_these_two = lambda *_two: ""
security_log.note = lambda *_line, **_more: None
security_log.note_read = lambda *_line, **_more: None
registration_api._bound = _by_key_alone
registration_api.counted = _uncounted  # type: ignore[assignment]
tails.guess = _each_guess_anew
secrets.look_up_hash = secrets.token_hash
enrolment.look_up_hash = secrets.token_hash
lookup.long_enough = lambda _asked: True
lookup.FOUND_MAX = 50
guard.trouble = lambda *_key: None
checks.inspect = _chains_only
account_routes.local_path = lambda path: path or ""

app = create_app(Config.from_environment())
