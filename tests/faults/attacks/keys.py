"""Lines 8, 9 and 13: tables changed behind the ledger, wrong keys, cut copies, dead passes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from config import Config
from tests.faults.attacks.client import Browser, Device
from tests.faults.attacks.house import House, said
from tests.faults.attacks.report import Found, attack
from tests.harness.served import serve
from tests.house.tamperings import TAMPERINGS

OTHER_KEY = bytes(range(100, 132))
WORDS = "xe lửa, sen hồng, bảy con vịt"
NO_KEYS = {"FESTIVAL_PASS_KEY": "", "FESTIVAL_SECRET_KEY": ""}
MARK = "a mark +0.25"
SWAP = "two judges swapped in their sheets"
SHEETS = "SELECT id, judge_id, round FROM score_sheet ORDER BY id"


@attack(8, "«flask ledger verify» said intact while marks were changed by SQL")
def marks_are_changed_by_sql(house: House, found: Found) -> None:
    clean = house.flask("ledger", "verify")
    found.control(clean.returncode == 0, f"before, the ledger and the tables agree: {said(clean)[-200:]}")
    marks = house.one("SELECT sum(milli) FROM mark")
    house.change(TAMPERINGS[MARK])
    found.control(house.one("SELECT sum(milli) FROM mark") == marks + 250, "a mark was changed")
    _named(house, found, MARK)
    house.change(TAMPERINGS[MARK].replace("milli + 250", "milli - 250"))
    before = house.rows(SHEETS)
    house.change(TAMPERINGS[SWAP])
    swapped = [was for was, now in zip(before, house.rows(SHEETS), strict=True) if was != now]
    found.control(len(swapped) == 2, "two judges were swapped")
    _named(house, found, SWAP)
    one, other = swapped
    # the two share their entry: the first steps aside while the second goes back
    house.change(
        f"UPDATE score_sheet SET round = 90 WHERE id = {one.id};"
        f"UPDATE score_sheet SET judge_id = {other.judge_id} WHERE id = {other.id};"
        f"UPDATE score_sheet SET judge_id = {one.judge_id}, round = {one.round} WHERE id = {one.id}"
    )
    clean = house.flask("ledger", "verify")
    found.control(clean.returncode == 0, f"put back, they agree again: {said(clean)[-200:]}")


def _named(house: House, found: Found, what: str) -> None:
    ran = house.flask("ledger", "verify")
    found.hole(ran.returncode == 0, f"{what}: verify says intact")
    entries = [str(row[0]) for row in house.rows("SELECT code FROM entry UNION SELECT name FROM entry")]
    where = [line for line in said(ran).splitlines() if line.startswith("  ")]
    found.hole(
        not any(entry in line for entry in entries for line in where),
        f"{what}: it does not name the entry: {where[:2]}",
    )


def _printed(house: House, config: Config | None = None, **more: str) -> list[dict[str, Any]]:
    """Every pass as it is printed."""
    ran = house.flask("registration", "passes", config=config, **more)
    if ran.returncode:
        raise ValueError(f"registration passes: {said(ran)[-200:]}")
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def list_id(printed: str) -> str:
    """What lists call a printed pass: the first half of SHA-256("id" ‖ its 16 bytes)."""
    number = int(printed[1:40])  # after the digit of the form, before the three that check
    return sha256(b"id" + number.to_bytes(16, "big")).hexdigest()[:32]


def _admitted(gate: Device, printed: Iterable[str]) -> dict[str, str]:
    """The verdict of each printed pass held before this gate, by pass."""
    told: dict[str, str] = {}
    texts = list(printed)
    for start in range(0, len(texts), 100):
        sent = {text: gate.scan(list_id(text)) for text in texts[start : start + 100]}
        verdicts = {each["mid"]: each["verdict"] for each in (gate.sync(*sent.values()).json or {}).get("verdicts", [])}
        told |= {text: verdicts.get(each["mid"], "unanswered") for text, each in sent.items()}
    return told


def _dead(told: dict[str, str]) -> list[str]:
    return [verdict for verdict in told.values() if verdict not in {"applied", "duplicate"}]


@attack(9, "the program started with a wrong pass key, and every printed code was dead", short_on="postgresql")
def a_wrong_key_is_served(house: House, found: Found) -> None:
    wrong = replace(house.config, pass_key=OTHER_KEY)
    found.control(_printed(house), "with the right key passes are printed")
    for arguments in (("registration", "passes"), ("device", "cards", "giamkhao1", "--by", "bantochuc")):
        found.hole(
            house.flask(*arguments, config=wrong).returncode == 0, f"flask {arguments[0]} works with a wrong key"
        )
    try:
        with serve(wrong) as served:
            found.hole(served.port, "the server starts with a wrong key")
    except RuntimeError:
        found.hole(False, "it does not start")
    found.control(house.browser().get("/healthz").status == 200, "the right one goes on")


def _empty(house: House, name: str) -> Config:
    """Another machine: an empty database, a folder without keys."""
    return replace(house.config, database_url=house.fresh(), instance=house.folder / f"{house.kind}-{name}")


def _is_empty(house: House, config: Config) -> bool:
    """Whether nothing was restored there: no festival is told."""
    ran = house.flask("festival", "list", config=config)
    return ran.returncode != 0 or str(house.one("SELECT code FROM festival ORDER BY id")) not in ran.stdout


@attack(9, "a copy was restored without its keys, cut, or with a wrong passphrase, and looked whole", short_on="sqlite")
def copies_without_keys_or_cut(house: House, found: Found) -> None:
    plain, whole = house.folder / f"{house.kind}.copy", house.folder / f"{house.kind}.sealed"
    house.done("backup", str(plain))
    house.done("backup", str(whole), "--sealed", BACKUP_PASSPHRASE=WORDS)
    names = [str(row[0]).encode() for row in house.rows("SELECT DISTINCT name FROM person") if len(row[0]) > 8]
    content = whole.read_bytes()
    found.hole([each for each in names if each in content], "names lie open in the sealed file")
    found.hole(
        house.config.pass_key in content or house.config.pass_key.hex().encode() in content, "the key lies open in it"
    )
    found.control(not _is_empty(house, house.config), "what is restored would be seen")
    elsewhere = _empty(house, "wrong")
    other = replace(elsewhere, pass_key=OTHER_KEY)
    found.hole(house.flask("restore", str(plain), "--yes", config=other).returncode == 0, "restored under another key")
    cut, turned = house.folder / f"{house.kind}.cut", house.folder / f"{house.kind}.turned"
    cut.write_bytes(content[: len(content) * 3 // 4])
    place = house.luck.randrange(len(content) // 2, len(content))
    turned.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    for source, words in ((whole, f"{WORDS}!"), (whole, ""), (cut, WORDS), (turned, WORDS)):
        ran = house.flask("restore", str(source), "--yes", config=elsewhere, BACKUP_PASSPHRASE=words, **NO_KEYS)
        found.hole(ran.returncode == 0, f"{source.suffix} with the words {words!r} was restored")
        found.hole("Traceback" in said(ran), f"{source.suffix}: no sentence but a trace")
        found.hole(not _is_empty(house, elsewhere), f"{source.suffix}: something was written")
    right = _empty(house, "right")
    ran = house.flask("restore", str(whole), "--yes", config=right, BACKUP_PASSPHRASE=WORDS, **NO_KEYS)
    found.control(ran.returncode == 0, f"whole and with its words it is restored: {said(ran)[-200:]}")
    mine, there = _printed(house), _printed(house, right, **NO_KEYS)
    found.control([each["qr"] for each in mine] == [each["qr"] for each in there], "and prints the same passes")


@attack(13, "another key, or all passes anew, left printed passes that no gate knew", short_on="sqlite")
def all_anew_leaves_dead_passes(house: House, found: Found) -> None:
    old = [each["qr"] for each in _printed(house) if each["owner"] == "family"]
    gate = house.device("gate", gate="Cổng 9")
    found.control(old and not _dead(_admitted(gate, old)), "every printed pass is known before")
    copy, machine = house.folder / f"{house.kind}.turn", _empty(house, "turn")
    house.done("backup", str(copy), "--sealed", BACKUP_PASSPHRASE=WORDS)
    for arguments in (("restore", str(copy), "--yes"), ("passes", "rotate-key", "--yes")):
        ran = house.flask(*arguments, config=machine, BACKUP_PASSPHRASE=WORDS, **NO_KEYS)
        found.control(ran.returncode == 0, f"flask {' '.join(arguments[:2])}: {said(ran)[-200:]}")
    key = (machine.instance / "pass.key").read_text(encoding="ascii").strip()
    found.control(key != house.config.pass_key.hex(), "the key is another one")
    turned = replace(machine, pass_key=bytes.fromhex(key), secret_key=_kept(machine.instance / "secret.key"))
    fresh = [each["qr"] for each in _printed(house, turned) if each["owner"] == "family"]
    found.hole(len(fresh) != len(old) or set(fresh) & set(old), "a pass is missing, or the same under another key")
    code = house.flask(
        "device", "enrol", "--role", "gate", "--gate", "Cổng 1", "--by", "bantochuc", config=turned
    ).stdout
    with serve(turned) as served:
        other = Device(Browser(house.config.host, served.port, house.bounds), code.splitlines()[-1].strip())
        dead, alive = _dead(_admitted(other, fresh)), _admitted(other, old[:20])
    found.hole(dead, f"{len(dead)} of {len(fresh)} new passes are dead: {sorted(set(dead))}")
    found.hole(len(_dead(alive)) != len(alive), "a pass of the old key still lets in")


def _kept(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()
