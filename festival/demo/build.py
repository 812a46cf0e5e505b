"""How does the made-up edition get into a database, by the same doors real people use?"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict
from festival.demo.arrivals import arrive
from festival.demo.backdate import backdate
from festival.demo.day import make_programme, mark_contests
from festival.demo.days import CLASSIC, DemoDays
from festival.demo.families import register_all
from festival.demo.festival import (
    DATA,
    REAL_SIZE,
    UNIT_FILES,
    enrol_gates,
    make_accounts,
    name_heads,
    seat_panels,
    sending_units,
    the_rules,
)
from festival.demo.invention import invent
from festival.demo.matches import play_first_round
from festival.demo.remarks import write_remarks
from festival.demo.settling import settle
from festival.editions.actions import import_units, open_phase
from festival.editions.models import Festival, PhaseKind
from festival.editions.rules.document import parse
from festival.editions.unit_history import read as read_units
from festival.office.festival_import import import_festival, read_file

# Public on purpose: a demo database is refused on any address but this machine's own.
PASSWORD = "gia-dinh-2024"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Built:
    """What stands now."""

    festival_code: str
    families: int
    people: int
    acts: int
    sheets: int
    arrived: int  # families of which somebody is in


def is_demo() -> bool:
    """Does this database hold a demo?"""
    return db.session.scalar(select(func.count(Festival.id)).where(Festival.demo)) != 0


def build(families: int, seed: int, password_hash: str, days: DemoDays = CLASSIC) -> Built:
    """The whole edition; `password_hash` is that of PASSWORD, made outside any transaction.

    Above the real size the timetable is that of June 2024 on other days. Conflict when the database holds a festival.
    """
    if families > REAL_SIZE:
        days = DemoDays(days.starts)
    lists = [read_units(parse((DATA / "units" / name).read_bytes())) for name in UNIT_FILES]
    rules = the_rules(families, days)
    made_up = invent(seed, families, sending_units(rules, lists[0], days), 10, days.starts.year)
    file = read_file(json.dumps(rules).encode())
    with transaction():
        if held := db.session.scalars(select(Festival).order_by(Festival.id)).first():
            raise Conflict(
                f"Cơ sở dữ liệu này đã có «{held.name}» ({held.code}); chỉ dựng dữ liệu mẫu trong cơ sở dữ liệu trống. "
                "Dữ liệu mẫu có chỗ riêng: make run, hoặc FESTIVAL_DEMO=yes flask demo."
            )
        for each in lists:
            import_units(each)
        festival = import_festival(file).festival
        festival.demo = True
        open_phase(festival.id, PhaseKind.REGISTRATION, days.moment(-59, (7, 0)))
        open_phase(festival.id, PhaseKind.JUDGING, days.moment(1, (7, 0)))
        users = make_accounts(made_up, password_hash)
        name_heads(festival, made_up, users)
        seat_panels(festival, made_up, users)
        enrol_gates(festival, users)
        festival_id = festival.id
    register_all(festival_id, made_up, users["bantochuc"])
    acts = make_programme(festival_id, made_up, users["bantochuc"], days)
    sheets = mark_contests(festival_id, made_up, users["thuky"], days)
    if days.at is not None:
        write_remarks(festival_id, made_up)
        settle(festival_id, made_up, users)
        play_first_round(festival_id, made_up, users["thuky"])
    arrived = arrive(festival_id, seed, days)
    with transaction():
        backdate(festival_id, days)
    people = sum(len(family.household.members) for each in made_up.delegations for family in each.families)
    return Built(file.ruleset.festival.code, families, people, acts, sheets, arrived)


def accounts() -> dict[str, list[User]]:
    """The demo accounts by role, for printing."""
    found: dict[str, list[User]] = defaultdict(list)
    for user in db.session.scalars(select(User).where(User.demo).order_by(User.id)):
        for held in user.roles:
            found[held.role.value].append(user)
    return found
