"""A small festival to look at: delegations, families, contests, a published plan. Names are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from festival.contests.models import Contest, Criterion, ResultKind, Secrecy
from festival.core.clock import from_local, now
from festival.core.database import db
from festival.core.names import fold
from festival.editions.choosing import choose_if_none
from festival.editions.models import Festival, Phase, PhaseKind, Unit, UnitLevel
from festival.editions.rules.shapes import SCHEMA
from festival.roster.models import Delegation, Entry, Family, FamilyState, Origin, Person
from festival.schedule.models import Act, Draw, DrawMethod, Plan, Session, Stage

NAMES = (
    "Danh Chung",
    "Trần Thị Ngọc Bích Phương Uyên",
    "Lâm Thị Sô Phia",
    "Nguyễn Văn An",
    "Huỳnh Kim Liên",
    "Thạch Sa Rây",
)
SECRECY = {Secrecy.SECRET: "kín", Secrecy.AT_ONCE: "công bố ngay"}  # as a rule file says it
UNITS = (("Huyện", "Hòn Đất"), ("Thành phố", "Rạch Giá"), ("Huyện", "U Minh Thượng"), ("Huyện", "Kiên Hải"))


@dataclass
class Scene:
    """Ids of what was made."""

    festival_id: int
    contests: list[int]
    entries: dict[int, list[int]]
    families: list[int]
    delegations: list[int]


def make_festival(
    *,
    families: int = 3,
    contests: int = 2,
    publish: bool = True,
    first_day: date = date(2024, 6, 14),
    at_once: tuple[int, ...] = (),
    code: str = "kg-thu",
) -> Scene:
    """Write the scene; call inside a transaction. Contest 1, 2, … are rubric ones, those in `at_once` count balls."""
    festival = Festival(
        code=code,
        name="Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang",
        edition="Lần thứ IV – năm 2024",
        theme="Gia đình hạnh phúc – Quốc gia thịnh vượng",
        organiser="Sở Văn hóa và Thể thao",
        venue="Quảng trường huyện Hòn Đất",
        help_line="Bàn tiếp đón, cổng số 1.",
        starts_on=first_day,
        ends_on=first_day + timedelta(days=2),
        families_min=1,
        families_max=50,
        members_min=2,
        members_max=8,
        data_kept_until=first_day + timedelta(days=365),
        ruleset={},
        created_at=now(),
    )
    db.session.add(festival)
    db.session.flush()
    choose_if_none(festival)
    db.session.add(Phase(festival_id=festival.id, kind=PhaseKind.REGISTRATION, opens_at=now() - timedelta(days=60)))
    delegations = _delegations(festival)
    made = [_family(festival, delegations[index % len(delegations)], index) for index in range(families)]
    stage = Stage(festival_id=festival.id, code="a", name="Sân khấu A")
    db.session.add(stage)
    db.session.flush()
    rows: list[dict[str, Any]] = []
    entries: dict[int, list[int]] = {}
    contest_ids = []
    for number in range(1, contests + 1):
        contest = _contest(festival, number, at_once=number in at_once)
        contest_ids.append(contest.id)
        begins = from_local(datetime.combine(first_day, datetime.min.time()) + timedelta(days=number - 1, hours=7.5))
        session = Session(
            stage_id=stage.id,
            contest_id=contest.id,
            label="Buổi sáng",
            starts_at=begins,
            ends_at=begins + timedelta(minutes=10 * families + 1),
        )
        db.session.add(session)
        db.session.flush()
        entries[contest.id] = []
        for position, family in enumerate(made, start=1):
            entry = Entry(
                contest_id=contest.id,
                delegation_id=family.delegation_id,
                family_id=family.id,
                code=f"e{contest.id}-{family.id}",
                name=family.name,
                number=position,
            )
            db.session.add(entry)
            db.session.flush()
            starts = begins + timedelta(minutes=10 * (position - 1))
            act = Act(session_id=session.id, entry_id=entry.id, position=position, starts_at=starts, duration_min=10)
            db.session.add(act)
            db.session.flush()
            entries[contest.id].append(entry.id)
            rows.append(_row(act, entry, contest, stage, session, family))
        db.session.add(Draw(contest_id=contest.id, method=DrawMethod.HAND, order=entries[contest.id], drawn_at=now()))
    if publish:
        db.session.add(Plan(festival_id=festival.id, version=1, content={"acts": rows}, published_at=now()))
    festival.ruleset = _document(festival, delegations, contest_ids)
    db.session.flush()
    return Scene(festival.id, contest_ids, entries, [row.id for row in made], [row.id for row in delegations])


def _document(festival: Festival, delegations: list[Delegation], contest_ids: list[int]) -> dict[str, Any]:
    """The rules of the scene as a rule file says them: pages that change an edition read them there."""
    contests = []
    for contest in (db.session.get_one(Contest, contest_id) for contest_id in contest_ids):
        said: dict[str, Any] = {"code": contest.code, "name": contest.name, "kind": contest.result_kind.value}
        said |= {"secrecy": SECRECY[contest.secrecy], "duration_min": 10}
        said["entries_per_delegation"] = {"min": 0, "max": contest.entries_per_delegation}
        if contest.criteria:
            criteria = [(each.code, each.name, each.max_milli // 1000) for each in contest.criteria]
            said["criteria"] = [
                {"code": code, "name": name, "max": most, "step": 0.25} for code, name, most in criteria
            ]
            said |= {"total": 100, "judges": 3, "scoring": {"rule": "mean"}}
        else:
            said["unit_label"] = contest.unit_label
        contests.append(said)
    return {
        "schema": SCHEMA,
        "sources": [],
        "festival": {
            "code": festival.code,
            "name": festival.name,
            "theme": festival.theme,
            "organiser": festival.organiser,
            "venue": festival.venue,
            "help_line": festival.help_line,
            "starts_on": festival.starts_on.isoformat(),
            "ends_on": festival.ends_on.isoformat(),
        },
        "quotas": {"families_per_delegation": {"min": 1, "max": 50}, "members_per_family": {"min": 2, "max": 8}},
        "delegations": [{"code": each.code, "name": each.name} for each in delegations],
        "contests": contests,
    }


def _delegations(festival: Festival) -> list[Delegation]:
    made = []
    for position, (kind, name) in enumerate(UNITS):
        unit = Unit(
            key=f"{festival.code}-{position}", level=UnitLevel.DISTRICT, kind=kind, name=name, folded=fold(name)
        )
        db.session.add(unit)
        db.session.flush()
        delegation = Delegation(
            festival_id=festival.id,
            unit_id=unit.id,
            code=f"{festival.code}-d{position}",
            name=f"Đoàn {kind.lower()} {name}",
            position=position,
            families_min=1,
            families_max=50,
        )
        db.session.add(delegation)
        made.append(delegation)
    db.session.flush()
    return made


def _family(festival: Festival, delegation: Delegation, index: int) -> Family:
    name = NAMES[index % len(NAMES)]
    family = Family(
        festival_id=festival.id,
        delegation_id=delegation.id,
        code=f"{festival.code}-f{index}",
        name=f"Gia đình {name}",
        folded=fold(name),
        phone="0900000000",
        state=FamilyState.APPROVED,
        origin=Origin.OFFICER,
        identity=f"{festival.code}-{index}",
        created_at=now(),
    )
    family.members = [
        Person(
            festival_id=festival.id,
            code=f"{festival.code}-p{index}-{position}",
            name=member,
            folded=fold(member),
            position=position,
            representative=position == 1,
            relation="" if position == 1 else "child",
        )
        for position, member in enumerate((name, f"{name.split()[0]} Bí Mật Con"), start=1)
    ]
    db.session.add(family)
    db.session.flush()
    return family


def _contest(festival: Festival, number: int, *, at_once: bool) -> Contest:
    contest = Contest(
        festival_id=festival.id,
        code=f"phan-thi-{number}",
        name=("Gia đình tài năng", "Trang phục gia đình", "Thi nấu ăn", "Ném bóng vào rổ")[(number - 1) % 4],
        position=number,
        result_kind=ResultKind.COUNT if at_once else ResultKind.RUBRIC,
        secrecy=Secrecy.AT_ONCE if at_once else Secrecy.SECRET,
        entries_per_delegation=50,
        duration_min=10,
        unit_label="quả" if at_once else "",
        tie_ladder=[],
        place_points=[],
        prizes=[],
        special_prizes=[],
    )
    if not at_once:
        contest.criteria = [
            Criterion(position=1, code="noi-dung", name="Nội dung", max_milli=60_000, step_milli=250),
            Criterion(position=2, code="dien-xuat", name="Diễn xuất", max_milli=40_000, step_milli=250),
        ]
    db.session.add(contest)
    db.session.flush()
    return contest


def _row(act: Act, entry: Entry, contest: Contest, stage: Stage, session: Session, family: Family) -> dict[str, Any]:
    return {
        "act": act.id,
        "entry": entry.code,
        "name": entry.name,
        "title": "",
        "unit": family.delegation.name,
        "contest": contest.code,
        "contest_name": contest.name,
        "stage": stage.code,
        "stage_name": stage.name,
        "session": session.id,
        "session_label": session.label,
        "position": act.position,
        "starts_at": act.starts_at.isoformat(),
        "duration_min": act.duration_min,
    }
