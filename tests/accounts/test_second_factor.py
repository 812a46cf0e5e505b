"""The second step of the sign-in: a number of the phone, once; ten printed codes, each once; off unless its owner wants it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from festival.accounts import actions, second_factor
from festival.accounts.models import RecoveryCode, SecondFactor
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from tests.accounts.kit import PASSWORD, Person, make_user, noted, signed_in
from tests.harness.waiting import PATIENCE_S

pytestmark = pytest.mark.either_database

AT = datetime(2026, 6, 14, 1, 0, 5, tzinfo=UTC)


class Phone:
    """An authenticator that has read the QR code."""

    def __init__(self, app: Flask, login: str = "to-chuc") -> None:
        self.person = signed_in(app, login)
        page = self.person.post("/account/second-factor", password=PASSWORD)
        assert page.status_code == 200 and "<svg" in page.text
        found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
        assert found
        self.totp = pyotp.TOTP(found[1].replace(" ", ""))
        done = self.person.post("/account/second-factor/on", code=self.number())
        self.codes = re.findall(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", done.text)

    def number(self, seconds: int = 0) -> str:
        return self.totp.at(int(now().timestamp()) + seconds)


def second_step(person: Person, code: str, login: str = "to-chuc") -> int:
    page = person.sign_in(login)
    assert page.status_code == 200, "the password alone does not come in"
    found = re.search(r'name="step" value="([^"]+)"', page.text)
    assert found
    return person.post("/sign-in/second", step=found[1], code=code).status_code


def test_a_number_comes_in_once_and_only_near_its_time(app: Flask) -> None:
    make_user(app, "to-chuc")
    with time_machine.travel(AT, tick=False) as clock:
        phone = Phone(app)
        used = phone.number()
        assert second_step(Person(app), used) == 422, "the number it was turned on with"
        clock.shift(60)
        for off in (-60, 60, 90):
            assert second_step(Person(app), phone.number(off)) == 422, off
        assert second_step(Person(app), "000000") == 422
        person = Person(app)
        assert second_step(person, phone.number(-30)) == 302
        assert person.is_in
        assert second_step(Person(app), phone.number(-30)) == 422
        assert second_step(Person(app), phone.number(30)) == 302
        assert second_step(Person(app), phone.number()) == 422, "older than the newest that was used"


def test_ten_recovery_codes_each_once_and_new_ones_end_them(app: Flask) -> None:
    user_id = make_user(app, "to-chuc")
    with time_machine.travel(AT, tick=False) as clock:
        phone = Phone(app)
        assert (len(phone.codes), len(set(phone.codes))) == (10, 10)
        first = phone.codes[0]
        assert [second_step(Person(app), code) for code in (first, first)] == [302, 422]
        assert second_step(Person(app), f" {phone.codes[1].lower()} ") == 302
        clock.shift(60)
        again = phone.person.post("/account/second-factor/codes", password=PASSWORD, code=phone.number())
        fresh = re.findall(r"<code>([0-9A-Z-]{14})</code>", again.text)
        assert (len(fresh), set(fresh) & set(phone.codes)) == (10, set())
        assert [second_step(Person(app), code) for code in (phone.codes[2], fresh[0])] == [422, 302]
    with app.app_context():
        kept = db.session.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.user_id == user_id)).all()
        bare = {code.replace("-", "") for code in fresh}
        assert not {*bare, *(sha256(code.encode()).hexdigest() for code in bare)} & set(kept), (
            "a copy of it can be tried"
        )
        raw = str(db.session.execute(text("SELECT * FROM second_factor")).all())
        assert phone.totp.secret not in raw, "the database alone makes no number"


def test_the_second_step_tells_nothing_and_is_bound_to_the_password(app: Flask) -> None:
    user_id = make_user(app, "to-chuc", name="Nguyễn Thị Kín")
    with time_machine.travel(AT, tick=False) as clock:
        phone = Phone(app)
        clock.shift(60)
        person = Person(app)
        wrong = person.sign_in("to-chuc", "sai mật khẩu")
        assert (wrong.status_code, 'name="code"' in wrong.text) == (422, False)
        page = person.sign_in("to-chuc").text
        assert "Kín" not in page and "to-chuc" not in page
        step = re.search(r'name="step" value="([^"]+)"', page)
        assert step
        shown = {
            re.sub(r'value="[^"]*"', "", person.post("/sign-in/second", step=step[1], code=code).text)
            for code in ("000000", "ABCD-EFGH-JKMN", "", phone.number(300))
        }
        assert len(shown) == 1
        assert person.post("/sign-in/second", step=step[1] + "x", code=phone.number()).location == "/sign-in"
        phone.person.post("/account/password", old=PASSWORD, password="mật khẩu khác rồi", again="mật khẩu khác rồi")
        assert person.post("/sign-in/second", step=step[1], code=phone.number()).location == "/sign-in"
        clock.shift(600)
        assert person.post("/sign-in/second", step=step[1], code=phone.number()).location == "/sign-in"
    assert not person.is_in
    assert user_id


def test_off_with_password_and_number_or_taken_away_by_the_organiser(app: Flask) -> None:
    user_id = make_user(app, "to-chuc")
    with time_machine.travel(AT, tick=False) as clock:
        phone = Phone(app)
        clock.shift(60)
        for password, code in (("sai", phone.number()), (PASSWORD, "000000"), (PASSWORD, "")):
            assert phone.person.post("/account/second-factor/off", password=password, code=code).status_code == 422
        assert Person(app).sign_in("to-chuc").status_code == 200
        assert (
            phone.person.post("/account/second-factor/off", password=PASSWORD, code=phone.number()).status_code == 303
        )
        assert Person(app).sign_in("to-chuc").status_code == 302
        clock.shift(60)
        Phone(app)
        make_user(app, "khac")
        other = signed_in(app, "khac")
        assert "Bỏ mã điện thoại" in other.get(f"/office/people/{user_id}").text
        other.post(f"/office/people/{user_id}/second-factor/off")
        assert Person(app).sign_in("to-chuc").status_code == 302
        Phone(app)
        done = app.test_cli_runner().invoke(args=["admin", "no-second-factor", "to-chuc"])
        assert (done.exit_code, Person(app).sign_in("to-chuc").status_code) == (0, 302)
    told = [(subject.get("on"), subject.get("taken_away")) for kind, subject in noted(app) if kind == "second_factor"]
    assert told == [(True, None), (False, False), (True, None), (False, True), (True, None), (False, True)]


def test_a_one_time_code_does_not_pass_by_the_second_step(app: Flask) -> None:
    user_id = make_user(app, "to-chuc")
    with time_machine.travel(AT, tick=False):
        Phone(app)
        with app.app_context(), transaction():
            code = actions.issue_code(user_id, None)
        person = Person(app)
        assert person.post(f"/sign-in/once/{code}", password=PASSWORD, again=PASSWORD).location == "/sign-in"
        assert not person.is_in
        assert person.sign_in("to-chuc").status_code == 200


def test_nothing_is_asked_before_it_is_confirmed(app: Flask) -> None:
    make_user(app, "to-chuc")
    person = signed_in(app, "to-chuc")
    assert person.post("/account/second-factor", password="sai").status_code == 422
    assert person.post("/account/second-factor/on", code="000000").location == "/account"
    assert person.post("/account/second-factor", password=PASSWORD).status_code == 200
    assert person.post("/account/second-factor/on", code="000000").status_code == 422
    assert Person(app).sign_in("to-chuc").status_code == 302


ALL_HAVE_READ = threading.Barrier(12)


def naive(user_id: int, number: str) -> bool:
    """Reads the last step, then writes it: the same number at the same moment comes in many times."""
    with reading():
        row = db.session.get_one(SecondFactor, user_id)
        step = second_factor._step_of(second_factor._secret(user_id, row.issue), number)
    ALL_HAVE_READ.wait(PATIENCE_S)
    if step is None or step <= row.last_step:
        return False
    with transaction():
        db.session.get_one(SecondFactor, user_id).last_step = step
    return True


def kept(user_id: int, number: str) -> bool:
    with transaction():
        return second_factor.passes(user_id, number)


@pytest.mark.parametrize(("tries", "come_in"), [(kept, 1), (naive, 12)])
@pytest.mark.both_databases
def test_the_same_number_at_the_same_moment_comes_in_once(
    app: Flask, tries: Callable[[int, str], bool], come_in: int
) -> None:
    user_id = make_user(app, "to-chuc")
    with time_machine.travel(AT, tick=False) as clock:
        phone = Phone(app)
        clock.shift(60)
        number = phone.number()

        def once(_turn: int) -> bool:
            with app.app_context():
                return tries(user_id, number)

        with ThreadPoolExecutor(12) as threads:
            assert list(threads.map(once, range(12))).count(True) == come_in
