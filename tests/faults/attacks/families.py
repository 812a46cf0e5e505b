"""Lines 5, 6 and 7: what can be learnt, guessed or overrun from outside, and at a gate?"""

from __future__ import annotations

import hashlib
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pyotp

from tests.faults.attacks.client import Answer, Browser
from tests.faults.attacks.house import House
from tests.faults.attacks.report import Found, attack

SECRET = re.compile(r"((?:[A-Z2-7]{4} )+[A-Z2-7]{1,4})")
RECOVERY = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}\b")
MAILBOX = "nguoi.la"
FREE_LETTERS = 6  # to one mailbox in a day before it is slowed down
FREE_GUESSES = 10


def family(house: House, number: int, **changes: Any) -> dict[str, Any]:
    """A family nobody has registered; each number is another one."""
    head = (
        f"Châu Thị Lạ {'ABCDEGHIKLMNOPQRSTUVXY'[number % 22]}{'aeiouy'[number // 22 % 6]}{'mnpqrt'[number // 132 % 6]}"
    )
    return {
        "key": str(UUID(bytes=house.luck.randbytes(16), version=4)),
        "festival": house.one("SELECT code FROM festival WHERE demo ORDER BY id"),
        "delegation": house.one("SELECT code FROM delegation ORDER BY id DESC"),
        "phone": f"09{70_000_000 + house.seed % 1000 * 10_000 + number:08d}",
        "email": "",
        "members": [
            {"name": head, "relation": "Người đại diện", "sex": "Nữ", "birth": "1986", "agreed_by": head},
            {"name": f"{head} Em", "relation": "Vợ hoặc chồng", "sex": "Nam", "birth": "1984", "agreed_by": f"{head} Em"},
            {"name": f"{head} Con", "relation": "Con", "sex": "Nữ", "birth": "9/1/2014", "agreed_by": head, "agreed_as": "mother", "own_agreement": True},
        ],
        **changes,
    }  # fmt: skip


def register(house: House, sent: dict[str, Any], sender: str, browser: Browser | None = None) -> Answer:
    """One call of the registration API."""
    return (browser or house.browser()).call("POST", "/api/v1/registrations", sent, Registration_Sender=sender)


def sender(house: House) -> str:
    """A sender's own secret."""
    return house.luck.randbytes(32).hex()


@attack(5, "a known key gave back another family's link")
def a_known_key_gives_anothers_link(house: House, found: Found) -> None:
    me, sent = sender(house), family(house, 1)
    first, again = register(house, sent, me), register(house, sent, me)
    link = str((first.json or {}).get("link", ""))
    found.control(
        "/g/" in link and (again.json or {}).get("link") == link, "the sender itself gets its link, also again"
    )
    code = str((first.json or {}).get("family"))
    for other, what in (
        (sent, "key and content"),
        ({**sent, "phone": "0970 000 999"}, "key and another phone"),
        ({**family(house, 2), "key": sent["key"]}, "key alone"),
    ):
        told = register(house, other, sender(house))
        found.hole(link in told.text or code in told.text, f"{what} gave the family's link or number")
    found.hole(
        link.rpartition("/")[2] in register(house, {**sent, "address": "Ấp Khác"}, me).text,
        "other content gave the link",
    )
    for weak in ("kiosk-7-0001", "00000000-0000-4000-8000-000000000000", "1"):
        found.hole(
            register(house, {**family(house, 3), "key": weak}, sender(house)).status == 200, f"the key {weak} was taken"
        )
    found.hole(register(house, family(house, 4), "1" * 64).status == 200, "a sender's secret of one digit was taken")
    found.hole(register(house, family(house, 4), "").status == 200, "no secret was taken")


@attack(5, "150 registrations in two seconds queued 150 letters to one stranger")
def a_flood_to_one_mailbox(house: House, found: Found) -> None:
    tries = 40 if house.scale == 1 else 150
    browsers = [house.browser() for _each in range(4)]
    boxes = (f"{MAILBOX}@example.vn", f"{MAILBOX}+a@example.vn", f"Nguoi.La+{house.seed}@Example.vn")
    sent = [
        (family(house, 100 + number, email=boxes[number % 3]), sender(house), browsers[number % 4])
        for number in range(tries)
    ]
    began = time.monotonic()
    with ThreadPoolExecutor(4) as crowd:
        told = list(crowd.map(lambda each: register(house, *each), sent))
    taken = sum(each.status == 200 for each in told)
    free = FREE_LETTERS + 1 + (time.monotonic() - began) // 120
    letters = house.one(
        "SELECT count(*) FROM outbox_mail WHERE lower(recipient) LIKE :box", box=f"{MAILBOX}%@example.vn"
    )
    found.tries += tries
    found.hole(taken > free, f"{taken} of {tries} were taken")
    found.hole(letters > free, f"{letters} letters to one stranger")
    found.control(taken, "the first is taken")
    found.hole({each.status for each in told} - {200, 429}, "another answer than taken or slowed down")
    honest = register(house, family(house, 99, email="nha.minh@example.vn"), sender(house))
    found.control(honest.status == 200, "a family elsewhere registers meanwhile")
    one_phone = [
        register(
            house, family(house, 60 + number, phone=("0977123456", "+84 977 123 456")[number % 2]), sender(house)
        ).status
        for number in range(9)
    ]
    found.hole(one_phone.count(200) > 6, f"{one_phone.count(200)} of 9 from one phone written in two ways")


@attack(5, "several bodies under one mid in one delivery: none was told id_reuse")
def bodies_under_one_mid(house: House, found: Found) -> None:
    gate = house.device("gate", gate="Cổng 6")
    lists = [
        row[0]
        for row in house.rows(
            "SELECT list_id FROM pass WHERE replaced_at IS NULL AND family_id IS NOT NULL ORDER BY id"
        )
    ]
    first = gate.scan(lists[-1])
    others = [{**first, "subject": each, "body": {**first["body"], "pass": each}} for each in lists[:2]]
    told = gate.sync(first, *others).json or {}
    verdicts = [(each["verdict"], each["reason"]) for each in told.get("verdicts", []) if each["mid"] == first["mid"]]
    found.control(verdicts and verdicts[0][0] in {"applied", "duplicate"}, "the first body counts")
    found.hole(set(verdicts[1:]) != {("rejected", "id_reuse")}, f"the others were told {verdicts[1:]}")
    later = (gate.sync(others[0]).json or {}).get("verdicts", [{}])[0]
    found.hole(later.get("reason") != "id_reuse", "sent again with another body, it is taken")
    kept = house.one(
        "SELECT count(*) FROM scan s JOIN pass p ON p.id = s.pass_id JOIN device d ON d.id = s.device_id WHERE d.code = :code AND p.list_id <> :mine",
        code=gate.code,
        mine=lists[-1],
    )
    found.hole(kept, "a body under the same mid was admitted")


def _opened(house: House, number: int) -> tuple[Browser, str, str]:
    """Somebody with a family's link: the browser, the family's number, the right digits."""
    sent = family(house, number)
    told = register(house, sent, sender(house)).json or {}
    browser = house.browser()
    browser.get("/g/" + str(told["link"]).rpartition("/g/")[2])
    browser.get("/family/registration")
    return browser, str(told["family"]), str(sent["phone"])[-4:]


def _changed(house: House, browser: Browser, code: str, tail: str) -> bool:
    """Whether these digits changed the family."""
    before = house.one("SELECT address FROM family WHERE code = :code", code=code)
    version = house.one("SELECT version FROM family WHERE code = :code", code=code)
    browser.post(
        "/family/change",
        tail=tail,
        version=version,
        address=f"Ấp {house.luck.randrange(10**6)}",
        email="",
        introduction="",
    )
    return bool(house.one("SELECT address FROM family WHERE code = :code", code=code) != before)


@attack(6, "the last four digits could be tried without end, sixteen at once")
def four_digits_are_guessed(house: House, found: Found) -> None:
    honest, honest_code, honest_tail = _opened(house, 10)
    found.control(_changed(house, honest, honest_code, honest_tail), "the family's own digits change it")
    thief, code, tail = _opened(house, 11)
    wrong = [f"{(int(tail) + 1 + number * 37) % 10_000:04d}" for number in range(15)]
    before = house.one("SELECT version FROM family WHERE code = :code", code=code)

    def guess(digits: str) -> int:
        return thief.post(
            "/family/change", tail=digits, version=before, address="Ấp Trộm", email="", introduction=""
        ).status

    with ThreadPoolExecutor(8) as crowd:
        told = list(crowd.map(guess, wrong))
    found.tries += len(told)
    misses = house.one(
        "SELECT misses FROM link_guard g JOIN family f ON f.id = g.family_id WHERE f.code = :code", code=code
    )
    found.control(misses == FREE_GUESSES, f"ten misses were counted, not {misses}")
    found.hole(_changed(house, thief, code, tail), "after ten misses the right digits change the family")
    other = house.browser()
    other.cookies = dict(thief.cookies)
    found.hole(_changed(house, other, code, tail), "from another address they do")
    found.hole(not house.notes("link_closed"), "nobody is told")


def _whole_database(house: House) -> str:
    """Everything in it that is text, as a thief with a copy reads it."""
    if house.kind == "sqlite":
        house.change("PRAGMA wal_checkpoint(TRUNCATE)")
        return house.config.sqlite_path.read_bytes().decode("latin-1").lower()
    names = house.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    return "\n".join(str(row) for (name,) in names for row in house.rows(f'SELECT * FROM "{name}"')).lower()


def _recovery_code(house: House) -> str:
    """One of the ten that an account prints when it turns the second step on."""
    login, password = "ma-du-phong", "nang-bien-hon-dat"
    house.done("admin", "create", login, "--name", "Kiên Dự Phòng", "--role", "mc", "--password", password)
    person = house.sign_in(login, password)
    shown = SECRET.search(person.post("/account/second-factor", password=password).text)
    number = pyotp.TOTP(shown[1].replace(" ", "") if shown else "").now()
    return RECOVERY.findall(person.post("/account/second-factor/on", code=number).text)[0]


@attack(6, "typed codes lay as bare SHA-256: eight characters, tried in minutes")
def codes_are_tried_against_a_copy(house: House, found: Found) -> None:
    code = house.done("device", "enrol", "--role", "gate", "--gate", "Cổng 7", "--by", "bantochuc").split()[0]
    device = house.device("gate", gate="Cổng 8")
    card = house.done("device", "cards", "giamkhao9", "--by", "bantochuc").splitlines()[-1].split("\t")[1].strip()
    link = str((register(house, family(house, 20), sender(house)).json or {}).get("link", "")).rpartition("/")[2]
    recovery = _recovery_code(house)
    copy = _whole_database(house)
    found.control(
        hashlib.sha256(device.token.encode()).hexdigest() in copy, "the hash of a token of 256 random bits is found"
    )
    for secret in (
        recovery,
        recovery.replace("-", ""),
        code,
        code.replace("-", ""),
        code.replace("-", "").lower(),
        link,
        card,
        card.replace(" ", ""),
    ):
        for kind in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.sha512, hashlib.blake2b):
            digest = kind(secret.encode()).hexdigest()
            found.hole(digest in copy or digest[:32] in copy, f"{kind.__name__} of a typed code lies in the database")
        found.hole(len(secret) >= 8 and f"{secret.lower()}" in copy, "a code lies there as it is typed")
    found.control(device.token and device.state().status == 200, "the token works")


@attack(6, "the 409 of a registration told whether a name and phone were known")
def a_registration_tells_who_is_known(house: House, found: Found) -> None:
    known = house.rows(
        """SELECT f.phone, p.name FROM family f JOIN person p ON p.family_id = f.id WHERE f.state = 'approved'
           AND p.representative ORDER BY f.id"""
    )  # fmt: skip
    found.control(known, "there are families that are known")
    fresh = register(house, family(house, 30), sender(house))
    found.control(fresh.status == 200, "a new family is taken")
    for phone, name in known[: 2 * house.scale]:
        sent = family(house, 31, phone=phone)
        sent["members"][0] |= {"name": name, "agreed_by": name}
        sent["members"][2] |= {"agreed_by": name}
        told = register(house, sent, sender(house))
        found.hole(told.status != fresh.status, f"a known family is answered {told.status}, a new one {fresh.status}")
        one, other = fresh.json or {}, told.json or {}
        found.hole(sorted(one) != sorted(other) or one.get("message") != other.get("message"), "in other words")
    held = house.one("SELECT count(*) FROM held_registration WHERE decision IS NULL")
    found.control(held, "the officer is shown them")


@attack(7, "two letters at a gate listed families with the names of all members")
def two_letters_list_families(house: House, found: Found) -> None:
    gate = house.device("desk", gate="Bàn 2")
    people = house.rows(
        "SELECT p.name, p.representative, f.name AS family FROM person p JOIN family f ON f.id = p.family_id WHERE f.state = 'approved'"
    )
    many = [each for each in people if each.representative and each.name.startswith("Nguyễn")]
    found.control(len(people) > 40 and many, "there are names to be listed")
    for text in ("ng", "th", "an", "n g", "Đ", "  a ", "0", "09", "12"):
        told = gate.call("POST", "/api/v1/checkin/lookup", {"q": text})
        found.hole(told.status == 200 and (told.json or {}).get("found"), f"{text!r} lists families")
    before = house.notes("looked_up")
    shown: list[dict[str, Any]] = []
    for text in ("nguyễn", "danh", "tran", "thị", "văn"):
        told = gate.call("POST", "/api/v1/checkin/lookup", {"q": text})
        rows = (told.json or {}).get("found", [])
        shown += rows
        found.hole(len(rows) > 6, f"{text!r} lists {len(rows)} families")
        others = [each.name for each in people if not each.representative and f'"{each.name}"' in told.text]
        heads = {each.name for each in people if each.representative}
        found.hole([each for each in others if each not in heads], f"{text!r} names members")
    found.control(shown, "three letters find families")
    found.hole(house.notes("looked_up") < before + 5, "a look left no line")
    if shown:
        told = gate.call("POST", "/api/v1/checkin/lookup/chosen", {"pass": shown[0]["pass"]})
        found.control(
            told.status == 200 and (told.json or {}).get("record", {}).get("members"),
            "the chosen family is shown whole",
        )
