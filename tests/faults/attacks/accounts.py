"""Lines 3, 4 and the sign-in of 6: own account, people of a step, the security log, guessing."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
from sqlalchemy.exc import DBAPIError

from tests.faults.attacks.client import Browser
from tests.faults.attacks.house import PASSWORD, House
from tests.faults.attacks.report import Found, attack

GOOD = "nang-bien-hon-dat"
WEAK = ("ngan-8ky", "1234567890", "qwertyuiop", "Password123", "123456789A", "yeu-duoi-nguoi", "yeu-duoi-nguoi2024")
SECRET = re.compile(r"((?:[A-Z2-7]{4} )+[A-Z2-7]{1,4})")
STEP = re.compile(r'name="step"[^>]*value="([^"]+)"')


@attack(3, "a password of eight signs, or the first of every list, was taken", short_on="sqlite")
def weak_passwords(house: House, found: Found) -> None:
    login = "yeu-duoi-nguoi"
    for weak in WEAK:
        house.flask("admin", "create", login, "--name", "Mạc Văn Yếu", "--role", "mc", "--password", weak)
        found.hole(
            house.one("SELECT id FROM user_account WHERE login = :login", login=login), f"admin create took {weak!r}"
        )
    house.done("admin", "create", login, "--name", "Mạc Văn Yếu", "--role", "mc", "--password", GOOD)
    person = house.sign_in(login, GOOD)
    found.control(house.signed_in(person), "a good password is taken and lets in")
    for weak in WEAK:
        answer = person.post("/account/password", old=GOOD, password=weak, again=weak)
        found.hole(answer.status != 422, f"the own account took {weak!r}")
    better = f"{GOOD}-hon-nua"
    found.control(
        person.post("/account/password", old=GOOD, password=better, again=better).status == 303, "a better one is taken"
    )


@attack(3, "nobody could end other sessions, and a changed password left them", short_on="postgresql")
def sessions_after_end_all(house: House, found: Found) -> None:
    here, there = house.sign_in("dandat"), house.sign_in("dandat")
    found.control(house.signed_in(here) and house.signed_in(there), "both are signed in before")
    here.post("/account/sessions/end-others")
    found.hole(house.signed_in(there), "the other session goes on after «end all»")
    found.control(house.signed_in(here), "the own session stays")
    house.done("admin", "create", "hai-noi", "--name", "Kiên Hai Nơi", "--role", "mc", "--password", GOOD)
    first, second = house.sign_in("hai-noi", GOOD), house.sign_in("hai-noi", GOOD)
    first.post("/account/password", old=GOOD, password="doi-roi-thi-thoi", again="doi-roi-thi-thoi")
    found.hole(house.signed_in(second), "the other session goes on after the password changed")
    found.hole(_lets_in(house, "hai-noi", GOOD), "the old password still lets in")
    found.control(_lets_in(house, "hai-noi", "doi-roi-thi-thoi"), "the new one does")


def _lets_in(house: House, login: str, password: str) -> bool:
    try:
        return house.signed_in(house.sign_in(login, password))
    except ValueError:
        return False


@attack(3, "there was no second step; one that takes a number twice is none", short_on="sqlite")
def a_number_is_used_twice(house: House, found: Found) -> None:
    login = "hai-buoc"
    house.done("admin", "create", login, "--name", "Kiên Hai Bước", "--role", "mc", "--password", GOOD)
    person = house.sign_in(login, GOOD)
    shown = SECRET.search(person.post("/account/second-factor", password=GOOD).text)
    number = pyotp.TOTP(shown[1].replace(" ", "") if shown else "")
    began = number.now()
    found.control(person.post("/account/second-factor/on", code=began).status == 200, "the second step is turned on")
    found.hole(_lets_in(house, login, GOOD), "the password alone lets in")
    ahead = number.at(time.time() + 30)  # one step of drift is allowed, and the number before is used already
    found.hole(_second(house, login, began), "the number that turned it on lets in")
    found.control(_second(house, login, ahead), "a fresh number lets in")
    found.hole(_second(house, login, ahead), "the same number lets in twice")


def _second(house: House, login: str, code: str) -> bool:
    browser = house.browser()
    step = STEP.search(browser.post("/sign-in", login=login, password=GOOD).text)
    answer = browser.post("/sign-in/second", step=step[1] if step else "", code=code)
    return answer.status == 302 and house.signed_in(browser)


def _state(house: House, code: str) -> str:
    return str(house.one("SELECT state FROM contest WHERE code = :code", code=code))


def _ready_to_lock(house: House) -> str:
    """A contest of counts that is open, with every result typed."""
    rows = house.rows(
        "SELECT id, code FROM contest WHERE state = 'open' AND result_kind = 'count' AND entrant = 'family'"
    )
    contest, code = rows[0]
    missing = house.rows(
        """SELECT e.code FROM entry e WHERE e.contest_id = :id AND e.state = 'enrolled' AND NOT EXISTS
           (SELECT 1 FROM measure m WHERE m.entry_id = e.id) ORDER BY e.id""",
        id=contest,
    )
    for place, (entry,) in enumerate(missing):
        house.done("judging", "measure", str(code), str(entry), str(1 + place))
    return str(code)


@attack(3, "lock, release and publication asked nobody again; one person was two at a release", short_on="sqlite")
def steps_without_proof(house: House, found: Found) -> None:
    code = _ready_to_lock(house)
    chair, secretary, one = house.sign_in("giamkhao1"), house.sign_in("thuky"), house.sign_in("bantochuc")
    right = {"chair": "giamkhao1", "chair_password": PASSWORD, "secretary": "thuky", "secretary_password": PASSWORD}
    for wrong in (
        {"chair_password": ""},
        {"secretary_password": "khong-phai-dau"},
        {"chair": "thuky"},
        {"secretary": "giamkhao1"},
    ):
        secretary.post(f"/panel/{code}/lock", **{**right, **wrong})
        found.hole(_state(house, code) != "open", f"locked with {wrong}")
    secret = {"CHAIR_PASSWORD": PASSWORD, "SECRETARY_PASSWORD": "khong-phai"}
    house.flask("judging", "lock", code, "--chair", "giamkhao1", "--secretary", "thuky", **secret)
    found.hole(_state(house, code) != "open", "command locked with a wrong password")
    secretary.post(f"/panel/{code}/lock", **right)
    found.control(_state(house, code) == "locked", "chair and secretary lock")
    for question in json.loads(house.done("results", "standings", code, "--json"))["questions"]:
        house.done("results", "tie", code, *question["entries"], "--reason", "Ném thêm", "--name", "Lê Hoàng Khánh Vy")
    house.done("results", "sign", code, "--number", "01/BB")
    house.done("results", "decide", code, "--number", "15/QĐ")
    two = {"password": PASSWORD, "second": "phobantochuc", "second_password": PASSWORD}
    two["names_reason"], two["papers_reason"] = "chưa có bản dò tên", "máy chụp hỏng"
    before = _state(house, code)
    for wrong in (
        {"password": ""},
        {"second_password": "khong-phai"},
        {"second": "bantochuc"},
        {"second": "BANTOCHUC "},
        {"second": "thuky"},
        {"second": "giamkhao1"},
    ):
        one.post(f"/panel/{code}/release", **{**two, **wrong})
        found.hole(_state(house, code) != before, f"released with {wrong}")
    both = {"BY_PASSWORD": PASSWORD, "SECOND_PASSWORD": PASSWORD}
    house.flask("results", "release", code, "--by", "bantochuc", "--second", "bantochuc", **both)
    found.hole(_state(house, code) != before, "command released with one person twice")
    chair.post(f"/panel/{code}/release", **two)
    found.hole(_state(house, code) != before, "released by somebody without the right")
    one.post(f"/panel/{code}/release", **two)
    found.control(_state(house, code) == "released", "two people release")
    for password in ("", "khong-phai-dau"):
        one.post(f"/panel/{code}/publish", password=password)
        found.hole(_state(house, code) != "released", f"published with {password!r}")
    house.flask("results", "publish", code, "--by", "bantochuc", BY_PASSWORD="khong-phai")
    found.hole(_state(house, code) != "released", "command published with a wrong password")
    one.post(f"/panel/{code}/publish", password=PASSWORD)
    found.control(_state(house, code) == "published", "with the password it is published")


@attack(4, "there was no security log; whoever writes to the database could rewrite it")
def the_security_log_is_rewritten(house: House, found: Found) -> None:
    house.sign_in("sankhau")
    before = house.rows("SELECT id, kind, actor FROM security_note ORDER BY id")
    found.control(before, "the log has lines")
    for statement in (
        "UPDATE security_note SET kind = 'signed_out'",
        "UPDATE security_note SET at = '2001-01-01T00:00:00Z'",
        "DELETE FROM security_note",
        f"DELETE FROM security_note WHERE id = {before[-1][0]}",
        *(
            ["TRUNCATE security_note"]
            if house.kind == "postgresql"
            else [f"INSERT OR REPLACE INTO security_note SELECT * FROM security_note WHERE id = {before[-1][0]}"]
        ),
    ):
        try:
            house.change(statement)
        except DBAPIError as refused:
            found.control("append-only" in str(refused), f"refused for another reason: {refused}")
        found.hole(
            house.rows("SELECT id, kind, actor FROM security_note ORDER BY id")[: len(before)] != before, statement
        )


@attack(4, "sign-ins, codes, roles and looks at secret marks left no line", short_on="postgresql")
def acts_that_leave_no_line(house: House, found: Found) -> None:
    organiser, secretary = house.sign_in("bantochuc"), house.sign_in("thuky")
    someone = house.account("dandat")
    name = str(house.one("SELECT name FROM user_account WHERE id = :id", id=someone))
    sealed = str(
        house.one("SELECT code FROM contest WHERE result_kind = 'rubric' AND state = 'open' ORDER BY position")
    )
    delegation = str(house.one("SELECT code FROM delegation ORDER BY id"))

    def devices() -> None:
        made = house.device("gate", gate="Cổng 5")
        number = house.one("SELECT number FROM device WHERE code = :code", code=made.code)
        house.done("device", "revoke", str(number), "--by", "bantochuc")

    acts = {
        "signed_in": lambda: house.sign_in("dandat"),
        "sign_in_failed": lambda: house.browser().post("/sign-in", login="dandat", password="khong-phai-dau"),
        "code_made": lambda: organiser.post(f"/office/people/{someone}/code"),
        "role": lambda: organiser.post(f"/office/people/{someone}", name=name, roles=["mc", "stage_manager"]),
        "account": lambda: organiser.post(f"/office/people/{someone}/active", active="no"),
        "enrolment_code": lambda: secretary.post(
            "/office/devices/codes", role="judge", user_id=house.account("giamkhao1")
        ),
        "revoked": devices,
        "enrolled": devices,
        "sealed_card": lambda: house.done("device", "cards", "giamkhao10", "--by", "phobantochuc"),
        "export": lambda: house.done("registration", "passes"),
        "read_marks": lambda: secretary.get(f"/panel/{sealed}/matrix"),
        "read_children": lambda: organiser.get(f"/office/registrations/{_family(house, delegation)}"),
        "backup": lambda: house.done("backup", str(house.folder / f"log-{house.kind}.copy")),
    }
    for kind, act in acts.items():
        before = house.notes(kind)
        act()
        found.hole(house.notes(kind) == before, f"{kind} left no line")
    organiser.post(f"/office/people/{someone}/active", active="yes")
    organiser.post(f"/office/people/{someone}", name=name, roles=["mc"])
    said = "\n".join(str(row[0]) for row in house.rows("SELECT subject FROM security_note"))
    names = [str(row[0]) for row in house.rows("SELECT DISTINCT name FROM person")]
    found.control(len(names) > 50 and said, "there are names that could stand in the log")
    found.hole([each for each in names if len(each) > 6 and each in said], "a name stands in the log")
    found.hole(re.search(r"\bmarks?\b.{0,5}\d", said), "a mark stands in the log")


def _family(house: House, delegation: str) -> str:
    return str(
        house.one(
            "SELECT f.code FROM family f JOIN delegation d ON d.id = f.delegation_id WHERE d.code = :code ORDER BY f.id",
            code=delegation,
        )
    )


@attack(6, "one who guessed locked out the venue behind the same address", short_on="sqlite")
def passwords_are_guessed_from_the_venue(house: House, found: Found) -> None:
    venue = house.source()
    house.done("admin", "create", "bi-do", "--name", "Kiên Bị Dò", "--role", "mc", "--password", GOOD)
    began = time.monotonic()

    def guess(number: int) -> int:
        return _typed(house.browser(venue), "bi-do", f"thu-lan-thu-{number}")

    with ThreadPoolExecutor(6) as crowd:
        told = list(crowd.map(guess, range(14 * house.scale)))
    looked_at = told.count(422)
    found.control(looked_at, "a guess is looked at")
    # five are free, then 5 s, doubling
    found.hole(looked_at > 5 + (time.monotonic() - began) // 5 + 1, f"{looked_at} guesses were looked at")
    found.hole(302 in told, "a guess let in")
    found.hole(
        _typed(house.browser(venue), "dandat", PASSWORD) != 302, "a right password beside the guesser does not let in"
    )
    found.hole(_typed(house.browser(), "bi-do", GOOD) != 302, "the guessed account is locked out elsewhere")


def _typed(browser: Browser, login: str, password: str) -> int:
    return browser.post("/sign-in", login=login, password=password).status
