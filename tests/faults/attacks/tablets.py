"""Lines 1, 2 and 14: who speaks as a judge, and what does a judge's tablet hear?"""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

from tests.faults.attacks.client import Browser, Device
from tests.faults.attacks.house import PIN, House
from tests.faults.attacks.report import Found, attack

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
WRONG_PINS = (
    "135790",
    "246813",
    "908172",
    "554433",
    "102938",
    "475869",
    "192837",
    "564738",
    "314159",
    "161803",
    "141421",
    "173205",
)


def _codes(house: House, role: str) -> int:
    return int(house.one("SELECT count(*) FROM enrolment_code WHERE role = :role", role=role))


def _sheets(house: House, login: str) -> tuple[int, int]:
    """How many sheets of this judge there are, and all their versions."""
    row = house.rows(
        """SELECT count(s.id), coalesce(sum(s.version), 0) FROM score_sheet s JOIN judge j ON j.id = s.judge_id
           JOIN user_account u ON u.id = j.user_id WHERE u.login = :login""",
        login=login,
    )[0]
    return int(row[0]), int(row[1])


def _contests(device: Device) -> list[str]:
    state = (device.state().json or {}).get("state") or {}
    return [each["code"] for each in state.get("contests", [])]


def _verdict(device: Device, message: dict[str, object]) -> str:
    told = device.sync(message).json or {}
    return next((each["verdict"] for each in told.get("verdicts", []) if each["mid"] == message["mid"]), "unanswered")


@attack(1, "a gate lead made a code for a judge's tablet, on the page and by command", short_on="postgresql")
def gate_lead_makes_a_judges_code(house: House, found: Found) -> None:
    lead, login = house.sign_in("congtruong"), house.judge(5)
    judge = house.account(login)
    for role in ("judge", "stage", "ground", "lead"):
        before = _codes(house, role)
        answer = lead.post("/office/devices/codes", role=role, user_id=judge, station="Bàn 9")
        found.hole(_codes(house, role) > before or CODE.search(answer.text), f"page made a code for {role}")
        options = ["--user", login] if role == "judge" else ["--gate", "Bàn 9"]
        ran = house.flask("device", "enrol", "--role", role, "--by", "congtruong", *options)
        found.hole(_codes(house, role) > before or ran.returncode == 0, f"command made a code for {role}")
    cards = lead.post("/office/devices/cards", judge=judge)
    found.hole(cards.status == 200, "printed the sealed card of a judge")
    code = house.done("device", "enrol", "--role", "judge", "--user", login, "--by", "thuky").split()[0]
    tablet = Device(house.browser(), code, sign=True)
    number = house.one("SELECT id FROM device WHERE code = :code", code=tablet.code)
    lead.post(f"/office/devices/{number}/revoke")
    found.hole(house.one("SELECT revoked_at FROM device WHERE id = :id", id=number), "shut out a judge's tablet")
    seen = house.done("device", "enrol", "--role", "judge", "--user", login, "--by", "thuky").split()[0]
    for browser in (lead, house.sign_in("thuky"), house.sign_in("bantochuc")):
        page = browser.get("/office/devices")
        found.control(page.status == 200, "the page of devices opens")
        found.hole(seen in page.text or f"{seen[:4]}-{seen[4:]}" in page.text, "a page shows the code once more")
    before = _codes(house, "gate")
    answer = lead.post("/office/devices/codes", role="gate", station="Cổng 3")
    found.control(_codes(house, "gate") == before + 1 and CODE.search(answer.text), "the lead makes a code for a gate")
    before = _codes(house, "judge")
    house.done("device", "enrol", "--role", "judge", "--user", login, "--by", "thuky")
    found.control(_codes(house, "judge") == before + 1, "the secretary makes a judge's code")


@attack(1, "whoever saw a code enrolled, read secret marks and sent zeros as that judge")
def who_saw_a_code_is_the_judge(house: House, found: Found) -> None:
    login = house.judge(0)
    honest = house.tablet(login)
    found.control(_contests(honest), "the judge's own tablet shows contests")
    thief = house.device("judge", "thuky", user=login)
    found.control(thief.enrolled.status == 201, "the code that was seen enrols a tablet")
    before = _sheets(house, login)
    state = thief.state().json or {}
    found.hole((state.get("state") or {}).get("contests"), "reads running order and sheets")
    found.hole(state.get("heads"), "reads heads of the ledger")
    sent = house.blank_sheet(thief, login)
    found.hole(_verdict(thief, sent) in {"applied", "conflict"}, "sends a sheet")
    for path in ("/api/v1/checkin/lookup", "/api/v1/checkin/lookup/chosen"):
        found.hole(thief.call("POST", path, {"q": "nguyen"}).status == 200, f"{path} answers")
    found.hole(_sheets(house, login) != before, "a sheet of the judge changed")
    both = house.flask("device", "cards", house.judge(5), "--by", "bantochuc").returncode
    both += house.flask("device", "enrol", "--role", "judge", "--user", house.judge(5), "--by", "bantochuc").returncode
    found.hole(both == 0, "one person holds card and code")
    found.control(
        _verdict(honest, house.blank_sheet(honest, login)) == "applied", "the judge's own tablet sends a sheet"
    )
    found.control(_sheets(house, login)[0] == before[0] + 1, "and it is kept")


@attack(1, "a PIN of a tablet could be guessed without end", short_on="sqlite")
def pins_are_guessed(house: House, found: Found) -> None:
    login = house.judge(1)
    house.tablet(login)  # the judge has a PIN now
    thief = house.device("judge", "thuky", user=login)
    luck, guesses = house.luck, list(WRONG_PINS)
    luck.shuffle(guesses)
    began = time.monotonic()

    def guess(pin: str) -> dict[str, object]:
        return thief.call("POST", "/api/v1/activate", {"pin": pin, "card": None}).json or {}

    with ThreadPoolExecutor(6) as crowd:
        told = list(crowd.map(guess, guesses))
    looked_at = sum(each.get("reason") == "wrong_pin" for each in told)
    found.control(looked_at, "a guess is looked at")
    for each in told:
        found.hole(each.get("activated"), "a wrong PIN opened the tablet")
    # From the fifth miss on each must wait, ten seconds at first.
    found.hole(looked_at > 5 + (time.monotonic() - began) // 10 + 1, f"{looked_at} guesses were looked at")
    for pin in (*guesses, PIN):
        asked = time.monotonic()
        last = guess(pin)
        if last.get("reason") == "wait" and int(str(last["wait_s"])) > 5:
            again = guess(PIN)
            found.hole(
                again.get("activated") and time.monotonic() - asked < 5, "the next guess after the misses was looked at"
            )
            return
    found.hole(last.get("reason") != "ask_secretary", "no guess had to wait")


def _ends(house: House, found: Found, device: Device, login: str, how: str) -> None:
    """With the next request after `how` nothing of this device is taken or told."""
    before = _sheets(house, login)
    verdict = _verdict(device, house.blank_sheet(device, login))
    found.hole(verdict in {"applied", "conflict", "duplicate"}, f"{how}: the tablet goes on marking ({verdict})")
    found.hole(_contests(device), f"{how}: the tablet goes on reading")
    found.hole(_sheets(house, login) != before, f"{how}: a sheet changed")


@attack(2, "the tablet of a judge whose account was closed went on marking")
def closed_account_marks_on(house: House, found: Found) -> None:
    login, organiser = house.judge(2), house.sign_in("bantochuc")
    device, judge, person = house.tablet(login), house.account(login), house.sign_in(login)
    found.control(_contests(device) and house.signed_in(person), "tablet and session work before")
    organiser.post(f"/office/people/{judge}/active", active="no")
    _ends(house, found, device, login, "account closed")
    found.hole(house.signed_in(person), "account closed: the session goes on")
    code = house.flask("device", "enrol", "--role", "judge", "--user", login, "--by", "thuky")
    if code.returncode == 0:
        other = Device(house.browser(), code.stdout.split()[0], sign=True)
        found.hole(_contests(other) or (other.state().json or {}).get("heads"), "with a new code it reads again")
        told = other.call("POST", "/api/v1/activate", {"pin": PIN, "card": None}).json or {}
        found.hole(told.get("activated"), "another tablet of a closed account opens")
    organiser.post(f"/office/people/{judge}/active", active="yes")
    found.control(_contests(device), "opened again, the tablet goes on")


@attack(2, "a role taken away left its devices")
def role_taken_away_leaves_devices(house: House, found: Found) -> None:
    login, organiser = house.judge(3), house.sign_in("bantochuc")
    device, judge = house.tablet(login), house.account(login)
    name = str(house.one("SELECT name FROM user_account WHERE id = :id", id=judge))
    roles = [str(row[0]) for row in house.rows("SELECT role FROM user_role WHERE user_id = :id", id=judge)]
    found.control(_contests(device), "the tablet works before")
    organiser.post(f"/office/people/{judge}", name=name, roles=["mc"])
    _ends(house, found, device, login, "role taken away")
    organiser.post(f"/office/people/{judge}", name=name, roles=roles)
    found.control(_contests(device), "given back, the tablet goes on")
    lead_id = house.account("congtruong")
    lead_name = str(house.one("SELECT name FROM user_account WHERE id = :id", id=lead_id))
    code = _made_by(house.sign_in("congtruong"))
    organiser.post(f"/office/people/{lead_id}", name=lead_name, roles=["mc"])
    found.hole(Device(house.browser(), code).token, "a code of somebody without the right lets in")
    organiser.post(f"/office/people/{lead_id}", name=lead_name, roles=["gate_lead"])
    found.control(Device(house.browser(), _made_by(house.sign_in("congtruong"))).token, "with the right it does")


def _made_by(lead: Browser) -> str:
    made = CODE.search(lead.post("/office/devices/codes", role="gate", station="Cổng 4").text)
    return made[0] if made else ""


@attack(2, "a judge who lost the seat kept the tablet")
def seat_taken_away_leaves_the_tablet(house: House, found: Found) -> None:
    login, other = house.judge(4), "khach-cham"
    house.done(
        "admin", "create", other, "--name", "Phan Thị Khách", "--role", "judge", "--password", "cau-long-buoi-som-7"
    )
    device, judge, guest = house.tablet(login), house.account(login), house.account(other)
    found.control(_contests(device), "seated, the tablet shows the contest")
    # whoever has marked cannot be unseated by the doors: the seat itself goes to somebody else, and comes back
    house.change(f"UPDATE judge SET user_id = {guest} WHERE user_id = {judge}")
    found.hole(_contests(device), "without a seat the tablet goes on reading")
    entry = house.one(
        "SELECT e.code FROM entry e JOIN judge j ON j.contest_id = e.contest_id WHERE j.user_id = :id", id=guest
    )
    verdict = _verdict(device, device.write("sheet.send", f"{entry}/1", {"marks": {}}, 0))
    found.hole(verdict != "quarantined", f"without a seat its message is not set aside but {verdict}")
    found.hole((device.state().json or {}).get("heads"), "without a seat it hears heads of the ledger")
    house.change(f"UPDATE judge SET user_id = {judge} WHERE user_id = {guest}")
    found.control(_contests(device), "seated again, the tablet goes on")


@attack(14, "a judge's tablet received head and size of another contest's ledger")
def heads_of_other_contests(house: House, found: Found) -> None:
    login = house.judge(6)
    device = house.tablet(login)
    streams = [row[0] for row in house.rows("SELECT DISTINCT stream FROM ledger_entry ORDER BY stream")]
    mine = {
        row.code: f"judging:{row.ledger_name}"
        for row in house.rows(
            """SELECT c.code, c.ledger_name FROM judge j JOIN contest c ON c.id = j.contest_id
               JOIN user_account u ON u.id = j.user_id WHERE u.login = :login""",
            login=login,
        )
    }
    others = [each for each in streams if each not in mine.values()]
    found.control(len(others) > 1, "there are ledgers of other contests")
    heads: list[str] = []
    for start in range(0, len(streams), 10):
        some = tuple(streams[start : start + 10])
        for answer in (device.state(",".join(some)), device.sync(known=some)):
            told = answer.json or {}
            heads += [each["stream"] for each in told.get("heads", [])]
            for stream in others:
                found.hole(stream in answer.text, f"{stream} is told to a judge of {sorted(mine)}")
    found.control(heads, "the tablet hears of its own ledger")
    found.hole(set(_contests(device)) - set(mine), "another contest is shown")
