"""How does the made-up edition get into a database, by the same doors real people use?

Units and rules are imported, officers register, the organiser approves, the order is drawn, the plan made and
published, judges send sheets: each through the action of its room, so what the demo shows is what the house does.
Only in a database that holds no festival yet, and the festival is marked as a demo in the database itself.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import selectinload

from festival.accounts.actions import create_user
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.contests.actions import note_unavailable, seat
from festival.contests.models import Contest, EntrantKind, Judge, JurySeat, ResultKind
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.errors import Conflict
from festival.core.transaction import transaction
from festival.demo import invention
from festival.demo.arrivals import arrive
from festival.demo.backdate import backdate
from festival.demo.bulk import take_in
from festival.demo.invention import InventedDelegation, InventedFamily, Invention, invent
from festival.demo.people import FESTIVAL_DAY
from festival.devices.actions import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.actions import import_units, open_phase
from festival.editions.document import parse
from festival.editions.models import Festival, PhaseKind
from festival.editions.unit_history import UnitFile
from festival.editions.unit_history import read as read_units
from festival.judging.actions import MeasureTaken, SheetMessage, SheetTaken, note_measure, note_overtime, take_sheets
from festival.judging.models import MeasureState
from festival.office.festival_import import import_festival, read_file
from festival.registration.consent_rules import Agreement
from festival.registration.decisions import approve, return_family
from festival.registration.household import Household
from festival.registration.models import Delegation, DelegationOfficer, Entry, Family, Origin, Person
from festival.registration.outcomes import Done, Registered
from festival.registration.queries import Rules, rules_of, views
from festival.registration.registering import register_families
from festival.schedule.actions import (
    DrawRecorded,
    Published,
    add_session,
    add_stage,
    draw_by_hand,
    make_plan,
    publish,
    set_state,
)
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.queries import enrolled

DATA = Path(__file__).parents[1] / "editions" / "data"
UNIT_FILES = ("kien-giang-2024.json", "an-giang-2025.json", "kien-giang-to-an-giang.json")
REAL_SIZE = 75
# a delegation with more families than any real one: its approvals are written set by set
MANY = 12
APPROVALS_A_TRANSACTION = 200
SHEETS_A_TRANSACTION = 300
# Public on purpose: a demo database is refused on any address but this machine's own.
PASSWORD = "gia-dinh-2024"  # noqa: S105
STAFF = (
    ("bantochuc", "Nguyễn Thị Thu Hà", Role.ORGANISER),
    ("thuky", "Lê Hoàng Khánh Vy", Role.SECRETARY),
    ("congtruong", "Trần Quốc Bảo", Role.GATE_LEAD),
    ("sankhau", "Danh Thanh Tùng", Role.STAGE_MANAGER),
    ("dandat", "Võ Ngọc Trâm", Role.MC),
)
STAGES = (
    ("san-khau-chinh", "Sân khấu chính"),
    ("khu-nau-an", "Khu vực thi nấu ăn"),
    ("san-bong-ro", "Sân bóng rổ"),
    ("san-bong-da", "Sân bóng đá"),
    ("nha-thi-dau", "Nhà thi đấu"),
)
# contest, stage, day of the festival, from, to, label
SESSIONS = (
    ("tai-nang", "san-khau-chinh", 1, (19, 0), (21, 40), "buổi tối"),
    ("bong-ro", "san-bong-ro", 2, (7, 0), (9, 0), "buổi sáng"),
    ("bong-da", "san-bong-da", 2, (7, 0), (9, 0), "buổi sáng"),
    ("cau-long", "nha-thi-dau", 2, (9, 15), (11, 45), "buổi sáng"),
    ("nau-an", "khu-nau-an", 2, (13, 30), (16, 45), "buổi chiều"),
    ("trang-phuc", "san-khau-chinh", 2, (19, 0), (21, 15), "buổi tối"),
    ("tai-nang", "san-khau-chinh", 3, (7, 30), (10, 15), "buổi sáng"),
)
# A festival of thousands: one long day for each contest, acts cut short so that three days hold them.
LONG_SESSIONS = (
    ("tai-nang", "san-khau-chinh", 1),
    ("bong-ro", "san-bong-ro", 1),
    ("trang-phuc", "san-khau-chinh", 2),
    ("bong-da", "san-bong-da", 2),
    ("nau-an", "khu-nau-an", 3),
    ("cau-long", "nha-thi-dau", 3),
)
LONG_DAY = ((5, 0), (22, 30))
LONG_DAY_MIN = 1050
PANELS = {"tai-nang": range(5), "trang-phuc": range(5), "nau-an": range(5, 10)}
# the judge in this seat comes from this district and does not mark its entries
TIED = ("trang-phuc", 2, "903", "Là người hướng dẫn phần trình diễn của đoàn")


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


def build(families: int, seed: int, password_hash: str) -> Built:
    """The whole edition; `password_hash` is that of PASSWORD, made outside any transaction.

    Conflict when the database already holds a festival.
    """
    lists = [read_units(parse((DATA / "units" / name).read_bytes())) for name in UNIT_FILES]
    made_up = invent(seed, families, districts(lists[0]), 10)
    file = read_file(json.dumps(_rules(families)).encode())
    with transaction():
        if db.session.scalar(select(func.count(Festival.id))):
            raise Conflict("Cơ sở dữ liệu này đã có ngày hội; chỉ dựng dữ liệu mẫu trong cơ sở dữ liệu trống.")
        for each in lists:
            import_units(each)
        festival = import_festival(file).festival
        festival.demo = True
        open_phase(festival.id, PhaseKind.REGISTRATION, _at(-59, (7, 0)))
        open_phase(festival.id, PhaseKind.JUDGING, _at(1, (7, 0)))
        users = _accounts(made_up, password_hash)
        _heads(festival, made_up, users)
        _jury(festival, made_up, users)
        _gates(festival, users)
        festival_id = festival.id
    _register(festival_id, made_up, users["bantochuc"])
    acts = _programme(festival_id, made_up, users["bantochuc"])
    sheets = _marks(festival_id, made_up, users["thuky"])
    arrived = arrive(festival_id, seed, _at(1, (13, 5)))
    with transaction():
        backdate(festival_id)
    people = sum(len(family.household.members) for each in made_up.delegations for family in each.families)
    return Built(file.ruleset.festival.code, families, people, acts, sheets, arrived)


def districts(units: UnitFile) -> list[tuple[str, list[str]]]:
    """The 15 districts with the titles of their communes."""
    province = next(unit.code for unit in units.units if unit.parent_code is None)
    return [
        (district.code, [unit.title for unit in units.units if unit.parent_code == district.code])
        for district in units.units
        if district.parent_code == province
    ]


def _rules(families: int) -> dict[str, Any]:
    """The rule set of 2024; above its real size quotas grow and acts shrink, everything else stays."""
    document: dict[str, Any] = json.loads((DATA / "rulesets" / "kien-giang-2024.json").read_text("utf-8"))
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


# ---------------------------------------------------------------- people with accounts


def _accounts(made_up: Invention, password_hash: str) -> dict[str, int]:
    users = {login: create_user(login, name, password_hash, [role], demo=True).id for login, name, role in STAFF}
    for officer in made_up.officers:
        users[officer.login] = create_user(
            officer.login, officer.name, password_hash, [Role.OFFICER], phone=officer.phone, demo=True
        ).id
    chairs = {panel[0] for panel in PANELS.values()}
    for at, judge in enumerate(made_up.jury):
        roles = [Role.JUDGE, Role.CHAIR] if at in chairs else [Role.JUDGE]
        users[judge.login] = create_user(judge.login, judge.name, password_hash, roles, phone=judge.phone, demo=True).id
    return users


def _delegations(festival_id: int) -> dict[str, Delegation]:
    """By the official code of the unit."""
    rows = db.session.scalars(select(Delegation).where(Delegation.festival_id == festival_id))
    return {row.unit.official_code: row for row in rows}


def _heads(festival: Festival, made_up: Invention, users: Mapping[str, int]) -> None:
    held = _delegations(festival.id)
    for each, officer in zip(made_up.delegations, made_up.officers, strict=True):
        delegation = held[each.unit_code]
        delegation.head_name, delegation.head_phone = each.head_name, each.head_phone
        db.session.add(DelegationOfficer(delegation_id=delegation.id, user_id=users[officer.login]))
    db.session.flush()


def _contests(festival_id: int) -> dict[str, Contest]:
    rows = db.session.scalars(select(Contest).where(Contest.festival_id == festival_id).order_by(Contest.position))
    return {row.code: row for row in rows}


def _jury(festival: Festival, made_up: Invention, users: Mapping[str, int]) -> None:
    held = _delegations(festival.id)
    for code, contest in _contests(festival.id).items():
        for place, at in enumerate(PANELS.get(code, ())):
            in_seat = JurySeat.CHAIR if place == 0 else JurySeat.MEMBER
            seated = seat(contest.id, users[made_up.jury[at].login], in_seat)
            if (code, place) == TIED[:2]:
                note_unavailable(seated.judge_id, held[TIED[2]].unit_id, TIED[3])
        seat(contest.id, users["thuky"], JurySeat.SECRETARY)


def _gates(festival: Festival, users: Mapping[str, int]) -> None:
    for role, station in ((DeviceRole.GATE, "Cổng 1"), (DeviceRole.GATE, "Cổng 2"), (DeviceRole.DESK, "Bàn tiếp đón")):
        make_enrolment_code(festival.id, role, None, station)
    make_enrolment_code(festival.id, DeviceRole.LEAD, users["congtruong"], "Trưởng cổng")
    for number in range(1, 11):
        make_enrolment_code(festival.id, DeviceRole.JUDGE, users[f"giamkhao{number}"], f"Bàn giám khảo {number}")


# ---------------------------------------------------------------- families


def _register(festival_id: int, made_up: Invention, organiser: int) -> None:
    for each in made_up.delegations:
        with transaction():
            rules, delegation = _rules_and_delegation(festival_id, each)
            households = {family.number: _household(each, at, family) for at, family in enumerate(each.families)}
            ids: dict[int, int] = {}
            for draft in (False, True):
                chosen = [family for family in each.families if (family.state == "draft") is draft]
                made = register_families(
                    rules,
                    delegation,
                    [(households[family.number], f"demo-{family.number}") for family in chosen],
                    Origin.OFFICER,
                    submit=not draft,
                    method="paper",
                )
                ids |= _numbered(chosen, made)
            _title(each.families, ids)
        _decide(festival_id, each, ids, organiser)


def _rules_and_delegation(festival_id: int, each: InventedDelegation) -> tuple[Rules, Delegation]:
    return rules_of(db.session.get_one(Festival, festival_id)), _delegations(festival_id)[each.unit_code]


def _numbered(chosen: Sequence[InventedFamily], made: Sequence[Registered]) -> dict[int, int]:
    if len(chosen) != len(made):
        raise RuntimeError("a made-up family was taken for another one")
    return {family.number: row.family_id for family, row in zip(chosen, made, strict=True)}


def _household(each: InventedDelegation, at: int, family: InventedFamily) -> Household:
    """The household with its places in the mixed team; a draft still lacks what drafts lack."""
    team = {place for in_family, place in each.team if in_family == at}
    members = [
        replace(member, contests=(*member.contests, invention.TEAM_CONTEST)) if place in team else member
        for place, member in enumerate(family.household.members)
    ]
    if family.state == "draft":
        members[-1] = replace(members[-1], birth=None, agreement=Agreement(), own_agreement=False)
    return replace(family.household, members=tuple(members))


def _title(families: Iterable[InventedFamily], ids: Mapping[int, int]) -> None:
    rows = [{"of_family": ids[family.number], "new_title": family.title} for family in families]
    if rows:
        table = Entry.__table__
        db.session.connection().execute(
            update(Entry).where(table.c.family_id == bindparam("of_family")).values(title=bindparam("new_title")), rows
        )


def _decide(festival_id: int, each: InventedDelegation, ids: Mapping[int, int], organiser: int) -> None:
    wanted = {ids[family.number]: family for family in each.families if family.state in {"approved", "returned"}}
    if len(each.families) > MANY:
        in_team = {each.families[at].number for at, _place in each.team}
        simple = [at for at, family in wanted.items() if family.state == "approved" and family.number not in in_team]
        with transaction():
            take_in(festival_id, _delegations(festival_id)[each.unit_code], simple, organiser)
        wanted = {at: family for at, family in wanted.items() if at not in set(simple)}
    for start in range(0, len(wanted), APPROVALS_A_TRANSACTION):
        with transaction():
            rules, _delegation = _rules_and_delegation(festival_id, each)
            chunk = sorted(wanted)[start : start + APPROVALS_A_TRANSACTION]
            rows = list(
                db.session.scalars(
                    select(Family)
                    .where(Family.id.in_(chunk))
                    .options(selectinload(Family.members).selectinload(Person.consents))
                    .order_by(Family.id)
                )
            )
            for item in views(rows, rules):
                family = wanted[item.family.id]
                if family.state == "returned":
                    outcome: object = return_family(
                        rules, item.family, item.family.version, family.return_reason, organiser
                    )
                else:
                    outcome = approve(rules, item, item.family.version, organiser)
                if not isinstance(outcome, Done):
                    raise RuntimeError(f"{item.household.name}: {outcome}")


# ---------------------------------------------------------------- draw and programme


def _programme(festival_id: int, made_up: Invention, organiser: int) -> int:
    big = sum(len(each.families) for each in made_up.delegations) > REAL_SIZE
    with transaction():
        contests = _contests(festival_id)
        db.session.execute(
            update(Entry)
            .where(Entry.contest_id == contests[invention.TEAM_CONTEST].id)
            .values(title="Đôi nam nữ phối hợp")
        )
        stages = {code: add_stage(festival_id, code, name).id for code, name in STAGES}
        if big:
            for contest, stage, day in LONG_SESSIONS:
                add_session(
                    stages[stage], contests[contest].id, _at(day, LONG_DAY[0]), _at(day, LONG_DAY[1]), "cả ngày"
                )
        else:
            for contest, stage, day, begins, ends, label in SESSIONS:
                add_session(stages[stage], contests[contest].id, _at(day, begins), _at(day, ends), label)
        for code, contest_row in contests.items():
            _draw(contest_row, Random(f"{made_up.seed}|{code}|draw"), organiser)
        planned = make_plan(festival_id)
        if planned.conflicts:
            raise RuntimeError("; ".join(str(each) for each in planned.conflicts[:5]))
        answer = publish(festival_id, organiser, "Theo kết quả bốc thăm tại cuộc họp các trưởng đoàn")
        if not isinstance(answer, Published):
            raise TypeError("; ".join(str(each) for each in answer.conflicts[:5]))
        return planned.placed


def _at(day: int, clock: tuple[int, int]) -> datetime:
    return from_local(
        datetime.combine(FESTIVAL_DAY, datetime.min.time()) + timedelta(days=day - 1, hours=clock[0], minutes=clock[1])
    )


def _draw(contest: Contest, chance: Random, organiser: int) -> None:
    """As at the meeting: a hand in the box. The order follows the seed, not the entries' unguessable codes."""
    codes = [entry.code for entry in sorted(enrolled(contest.id), key=lambda entry: entry.id)]
    if not codes:
        return
    numbers = list(range(1, len(codes) + 1))
    chance.shuffle(numbers)
    answer = draw_by_hand(contest.id, {code: str(n) for code, n in zip(codes, numbers, strict=True)}, organiser)
    if not isinstance(answer, DrawRecorded):
        raise TypeError("the made-up draw is not complete")


# ---------------------------------------------------------------- marks


def _marks(festival_id: int, made_up: Invention, secretary: int) -> int:
    """Half the sheets: the first half of each order has been on stage; the first of the second half is marked by some."""
    messages: list[SheetMessage] = []
    with transaction():
        for code, contest in _contests(festival_id).items():
            entries = enrolled(contest.id)
            chance = Random(f"{made_up.seed}|{code}|marks")
            quality = invention.qualities(made_up.seed, code, len(entries))
            half = -(-len(entries) // 2)
            if contest.result_kind is ResultKind.RUBRIC:
                messages += _sheets(made_up, contest, entries, quality, half, chance)
            elif contest.entrant is EntrantKind.FAMILY:
                _measures(contest, entries[:half], quality, chance, secretary)
            _on_stage(contest, half)
            if contest.overtime_penalty_milli and half > 2:
                note_overtime(contest.id, entries[2].id, 95, secretary)
    taken = 0
    for start in range(0, len(messages), SHEETS_A_TRANSACTION):
        with transaction():
            outcomes = take_sheets(messages[start : start + SHEETS_A_TRANSACTION])
        taken += sum(isinstance(outcome, SheetTaken) for outcome in outcomes)
    if taken != len(messages):
        raise RuntimeError(f"{len(messages) - taken} made-up sheets were refused")
    return taken


def _sheets(
    made_up: Invention, contest: Contest, entries: Sequence[Entry], quality: Sequence[float], half: int, chance: Random
) -> list[SheetMessage]:
    scales = [(each.min_milli, each.max_milli, each.step_milli) for each in contest.criteria]
    codes = [each.code for each in contest.criteria]
    judges = list(
        db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks).order_by(Judge.letter))
    )
    biases = {judge.id: chance.gauss(0, 0.015) for judge in judges}
    messages = []
    for at, entry in enumerate(entries[: half + 1]):
        for place, judge in enumerate(judges):
            if at == half and place > 1:
                continue  # the act is still on: two have sent already
            given = invention.marks(chance, scales, quality[at], biases[judge.id])
            tied = (contest.code, place) == TIED[:2] and entry.delegation.unit.official_code == TIED[2]
            # one judge came too late for one act
            late = (at, place) == (1, 4)
            body: dict[str, Any] = {"marks": dict(zip(codes, given, strict=True))}
            if tied or late:
                body = {"state": "recused" if tied else "late", "note": ""}
            messages.append(
                SheetMessage(
                    mid=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{made_up.seed}|{contest.code}|{entry.number}|{place}")),
                    user_id=judge.user_id,
                    entry_code=entry.code,
                    round=1,
                    verb="abstain" if tied or late else "send",
                    body=body,
                    base_version=0,
                    received_at=_at(1, (19, 0)) + timedelta(minutes=10 * at + place),
                )
            )
    return messages


def _measures(contest: Contest, entries: Sequence[Entry], quality: Sequence[float], chance: Random, by: int) -> None:
    most = contest.best_possible or 24
    for at, entry in enumerate(entries):
        value = min(max(round(most * (quality[at] - 0.35 + chance.gauss(0, 0.1))), 0), most)
        taken = note_measure(contest.id, entry.id, 1, MeasureState.VALID, value, 0, by)
        if not isinstance(taken, MeasureTaken):
            raise TypeError(taken.said)


def _on_stage(contest: Contest, half: int) -> None:
    """The first half is done, the next act is on its stage, the one after gets ready."""
    if contest.result_kind is ResultKind.MATCH:
        return
    acts = list(
        db.session.scalars(
            select(Act).join(Session).join(Stage).where(Session.contest_id == contest.id).order_by(Act.starts_at)
        )
    )
    for at, act in enumerate(acts[: half + 2]):
        if at < half:
            act.state, act.began_at = ActState.DONE, act.starts_at
            act.ended_at = act.starts_at + timedelta(minutes=act.duration_min)
        elif at == half + 1:
            set_state(act.id, ActState.WAITING, ActState.READY)
    db.session.flush()
    if half < len(acts) and not _occupied(acts[half]):
        set_state(acts[half].id, ActState.WAITING, ActState.ON_STAGE)


def _occupied(act: Act) -> bool:
    return bool(
        db.session.scalar(
            select(func.count(Act.id))
            .join(Session)
            .where(Session.stage_id == act.session.stage_id, Act.state == ActState.ON_STAGE)
        )
    )


def accounts() -> dict[str, list[User]]:
    """The demo accounts by role, for printing."""
    found: dict[str, list[User]] = defaultdict(list)
    for user in db.session.scalars(select(User).where(User.demo).order_by(User.id)):
        for held in user.roles:
            found[held.role.value].append(user)
    return found
