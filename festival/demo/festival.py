"""What does the made-up edition stand on: units, rules, accounts, delegations, contests, panels, devices?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.actions import note_unavailable, seat
from festival.contests.models import Contest, PanelSeat
from festival.contests.queries import contests
from festival.core.database import db
from festival.demo import invention
from festival.demo.days import CLASSIC, DemoDays
from festival.demo.invention import Invention
from festival.devices.activation.sealed_cards import issue_cards
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.models import Festival
from festival.editions.unit_history import UnitFile
from festival.roster.models import Delegation, DelegationOfficer

DATA = Path(__file__).parents[1] / "editions" / "data"

UNIT_FILES = ("kien-giang-2024.json", "an-giang-2025.json", "kien-giang-to-an-giang.json")

REAL_SIZE = 75

KEPT_DAYS = 200
DISTRICTS_ENDED = date(2025, 7, 1)

STAFF = (
    ("bantochuc", "Nguyễn Thị Thu Hà", Role.ORGANISER),
    ("phobantochuc", "Lý Văn Hòa", Role.ORGANISER),  # a release takes two
    ("thuky", "Lê Hoàng Khánh Vy", Role.SECRETARY),
    ("thuky2", "Quách Mỹ Tiên", Role.SECRETARY),  # a paper slip is typed by two
    ("congtruong", "Trần Quốc Bảo", Role.GATE_LEAD),
    ("sankhau", "Danh Thanh Tùng", Role.STAGE_MANAGER),
    ("dandat", "Võ Ngọc Trâm", Role.MC),
)

LONG_DAY_MIN = 1050
# Judges may write to the families of this one.
COMMENTED = "trang-phuc"

PANELS = {"tai-nang": range(5), "trang-phuc": range(5), "nau-an": range(5, 10)}

# the judge in this seat comes from this delegation's unit and does not mark its entries
TIED = ("trang-phuc", 2, "hon-dat", "Là người hướng dẫn phần trình diễn của đoàn")


def districts(units: UnitFile) -> list[tuple[str, list[str]]]:
    """The 15 districts with the titles of their communes."""
    province = next(unit.code for unit in units.units if unit.parent_code is None)
    return [
        (district.code, [unit.title for unit in units.units if unit.parent_code == district.code])
        for district in units.units
        if district.parent_code == province
    ]


def the_rules(families: int, days: DemoDays = CLASSIC) -> dict[str, Any]:
    """The rule set of 2024 at its days; above its real size quotas grow and acts shrink, everything else stays."""
    document: dict[str, Any] = json.loads((DATA / "rulesets" / "kien-giang-2024.json").read_text("utf-8"))
    if days.starts != CLASSIC.starts:
        _move(document, days)
    if families <= REAL_SIZE:
        return document
    per_delegation = -(-families // len(document["delegations"]))
    document["quotas"]["families_per_delegation"]["max"] = per_delegation
    for contest in document["contests"]:
        entries = 1 if contest["code"] == invention.TEAM_CONTEST else -(-per_delegation // 5)
        contest["entries_per_delegation"]["max"] = entries
        contest["duration_min"] = max(1, min(contest["duration_min"], LONG_DAY_MIN // (entries * 15) - 1))
        contest["changeover_min"] = 0
        contest.pop("together_min", None)
    return document


def _move(document: dict[str, Any], days: DemoDays) -> None:
    """Another edition by the same rules: its days, its units of that day, and a free place in every contest for a newcomer."""
    year = str(days.starts.year)
    stated = document["festival"]
    stated |= {
        "code": f"ngay-hoi-{year}",
        "name": f"Ngày hội Gia đình tiêu biểu vùng Kiên Giang - năm {year}",
        "short_name": f"Ngày hội Gia đình tiêu biểu {year}",
        "organiser": "Ban Tổ chức Ngày hội Gia đình tiêu biểu",
        "starts_on": days.starts.isoformat(),
        "ends_on": days.ends.isoformat(),
        "data_kept_until": (days.ends + timedelta(days=KEPT_DAYS)).isoformat(),
    }
    del stated["ordinal"], stated["registration_closes_on"]  # a newcomer may try it
    for contest in document["contests"]:
        if contest["code"] != invention.TEAM_CONTEST:
            contest["entries_per_delegation"]["max"] = 2
        else:
            contest["bracket"] = {"best_of": 3, "points": 21, "lead": 2, "cap": 30, "third": "played"}
        if contest["code"] == COMMENTED:
            contest["comments"] = True
    if days.starts < DISTRICTS_ENDED:
        return
    stated |= {"host": "xã Hòn Đất", "venue": "Trung tâm Văn hóa - Thể thao xã Hòn Đất"}
    heirs = json.loads((DATA / "units" / "an-giang-2025.json").read_text("utf-8"))["units"]
    for delegation in document["delegations"]:
        # each district has a commune that kept its name
        place = delegation["name"].removeprefix("Đoàn thành phố ").removeprefix("Đoàn huyện ")
        heir = next(unit for unit in heirs if unit["name"] == place and "parent" in unit)
        delegation["unit_code"], delegation["name"] = heir["code"], f"Đoàn {heir['kind'].lower()} {place}"


def sending_units(document: dict[str, Any], units: UnitFile, days: DemoDays) -> list[tuple[str, list[str]]]:
    """The 15 units that send delegations, with the titles of their communes."""
    if days.starts < DISTRICTS_ENDED:
        return districts(units)
    return [(each["unit_code"], [each["name"].removeprefix("Đoàn ")]) for each in document["delegations"]]


def make_accounts(made_up: Invention, password_hash: str) -> dict[str, int]:
    users = {login: create_user(login, name, password_hash, [role], demo=True).id for login, name, role in STAFF}
    for officer in made_up.officers:
        users[officer.login] = create_user(
            officer.login, officer.name, password_hash, [Role.OFFICER], phone=officer.phone, demo=True
        ).id
    chairs = {panel[0] for panel in PANELS.values()}
    for at, judge in enumerate(made_up.panel):
        roles = [Role.JUDGE, Role.CHAIR] if at in chairs else [Role.JUDGE]
        users[judge.login] = create_user(judge.login, judge.name, password_hash, roles, phone=judge.phone, demo=True).id
    return users


def make_delegations(festival_id: int) -> dict[str, Delegation]:
    """By the official code of the unit."""
    rows = db.session.scalars(select(Delegation).where(Delegation.festival_id == festival_id))
    return {row.unit.official_code: row for row in rows}


def name_heads(festival: Festival, made_up: Invention, users: Mapping[str, int]) -> None:
    held = make_delegations(festival.id)
    for each, officer in zip(made_up.delegations, made_up.officers, strict=True):
        delegation = held[each.unit_code]
        delegation.head_name, delegation.head_phone = each.head_name, each.head_phone
        db.session.add(DelegationOfficer(delegation_id=delegation.id, user_id=users[officer.login]))
    db.session.flush()


def contests_by_code(festival_id: int) -> dict[str, Contest]:
    return {row.code: row for row in contests(festival_id)}


def seat_panels(festival: Festival, made_up: Invention, users: Mapping[str, int]) -> None:
    units = {each.rule_code: each.unit_id for each in make_delegations(festival.id).values()}
    for code, contest in contests_by_code(festival.id).items():
        for place, at in enumerate(PANELS.get(code, ())):
            in_seat = PanelSeat.CHAIR if place == 0 else PanelSeat.MEMBER
            seated = seat(contest.id, users[made_up.panel[at].login], in_seat)
            if (code, place) == TIED[:2]:
                note_unavailable(seated.judge_id, units[TIED[2]], TIED[3])
        seat(contest.id, users["thuky"], PanelSeat.SECRETARY)


def enrol_gates(festival: Festival, users: Mapping[str, int]) -> None:
    for role, station in ((DeviceRole.GATE, "Cổng 1"), (DeviceRole.GATE, "Cổng 2"), (DeviceRole.DESK, "Bàn tiếp đón")):
        make_enrolment_code(festival.id, role, None, station)
    make_enrolment_code(festival.id, DeviceRole.LEAD, users["congtruong"], "Trưởng cổng")
    for number in range(1, 11):
        make_enrolment_code(festival.id, DeviceRole.JUDGE, users[f"giamkhao{number}"], f"Bàn giám khảo {number}")
    issue_cards([users[f"giamkhao{number}"] for number in range(1, 11)], None)
