"""Special prizes with a rule of their own: who is proposed and why, who is equal, given and taken back by the organiser."""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from festival.core.births import Birth
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput
from festival.editions.models import Festival
from festival.editions.rules.edition import SpecialBy
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.results import decide
from festival.results.awarding.special import SpecialFacts, candidates
from festival.results.ladder.lock import Locked, lock
from festival.results.ladder.sign import Signed, sign
from festival.results.models import Award
from festival.roster.composition.rule import TeamMate
from festival.roster.models import EntryPerson, Family, Person
from festival.roster.people import Relation
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_commands import RULESET
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database

FIRST_DAY = date(2024, 6, 14)
PAGE = "/office/special-awards"


def facts(entry: str, *births: Birth | None, mean: int | None = None) -> SpecialFacts:
    return SpecialFacts(
        entry, tuple(TeamMate("f", birth=each) for each in births), None if mean is None else Fraction(mean)
    )


def told(by: SpecialBy, *entries: SpecialFacts) -> list[tuple[str, bool, str]]:
    return [(each.entry, each.leads, str(each.said)) for each in candidates(by, entries, FIRST_DAY)]


def test_ages_are_of_the_first_day_and_a_year_alone_counts_as_is_said() -> None:
    born = (
        facts("a", Birth(2018, 6, 15), Birth(1950, 1, 2)),
        facts("b", Birth(2018)),
        facts("c", None),
        facts("d", Birth(1950)),
    )
    assert told(SpecialBy.YOUNGEST_PERFORMER, *born) == [
        ("b", True, "6 tuổi tính theo năm sinh, không rõ ngày sinh."),
        ("a", False, "5 tuổi vào ngày khai mạc."),
        ("d", False, "74 tuổi tính theo năm sinh, không rõ ngày sinh."),
    ]
    assert [each[:2] for each in told(SpecialBy.OLDEST_PERFORMER, *born)] == [("d", True), ("a", False), ("b", False)]


def test_who_is_equal_leads_together_and_without_a_fact_nobody_is_proposed() -> None:
    same = facts("b", Birth(2018, 1, 2)), facts("a", Birth(2018, 1, 2), None), facts("c")
    assert [each[:2] for each in told(SpecialBy.YOUNGEST_PERFORMER, *same)] == [("a", True), ("b", True)]
    assert told(SpecialBy.MOST_MEMBERS, *same)[0] == ("a", True, "2 người dự thi.")
    assert told(SpecialBy.CRITERION, facts("a", mean=8_250), facts("b", mean=8_250), facts("c")) == [
        ("a", True, "Trung bình 8,25 điểm."),
        ("b", True, "Trung bình 8,25 điểm."),
    ]
    assert told(SpecialBy.MOST_GENERATIONS) == []


def test_generations_are_counted_by_relations_and_years() -> None:
    rows = (Relation.GRANDPARENT, Relation.REPRESENTATIVE, Relation.SPOUSE, Relation.CHILD)
    three = SpecialFacts("a", tuple(TeamMate("f", relation=each) for each in rows))
    two = SpecialFacts("b", tuple(TeamMate("g", relation=each) for each in rows[1:]))
    assert told(SpecialBy.MOST_GENERATIONS, two, three)[0] == ("a", True, "3 thế hệ cùng dự thi.")


WIDE = [
    {"name": "Gia đình nhiều thế hệ nhất", "by": "most_generations"},
    {"name": "Thí sinh nhỏ tuổi nhất", "by": "youngest_performer"},
    {"name": "Khán giả yêu thích"},
    {"name": "Diễn xuất hay nhất", "contest": "tai-nang", "by": "criterion", "criterion": "dien-xuat"},
]


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
        document: dict[str, Any] = json.loads(RULESET.read_text(encoding="utf-8")) | {"special_prizes": WIDE}
        document["special_prizes"] = WIDE[:3]
        with transaction():
            festival = db.session.get_one(Festival, made.festival_id)
            festival.ruleset = document
            families = db.session.scalars(select(Family).order_by(Family.id)).all()
            for at, family in enumerate(families):
                for n, (relation, year) in enumerate(
                    (("", 1985), ("child", 2012 + at), ("grandparent", 1950))[: at + 1]
                ):
                    person = Person(
                        festival_id=festival.id, family_id=family.id, delegation_id=family.delegation_id, code=f"P{at}{n}",
                        name=f"Danh {at} {n}", folded="", relation=relation, representative=not n, birth_year=year,
                    )  # fmt: skip
                    db.session.add(person)
                    db.session.flush()
                    db.session.add(EntryPerson(entry_id=made.entry_ids[at], person_id=person.id))
        with transaction():
            assert isinstance(lock(made.contest_id, made.users["chair"], made.users["secretary"]), Locked)
        return made


def test_the_organiser_gives_what_the_rules_propose_and_takes_it_back(app: Flask, panel: Panel) -> None:
    desk = Desk(app, panel.users["organiser"])
    assert PAGE in desk.get("/office/results")
    page = " ".join(desk.get(PAGE).split())
    assert "3 thế hệ cùng dự thi." in page and "Thể lệ không ghi cách xét" in page
    assert "Còn phần thi chưa khóa điểm, chưa xét tới: Ném bóng vào rổ." in page
    assert "Danh 2 1" not in page  # ages, but no child's name
    youngest = {"prize": "Thí sinh nhỏ tuổi nhất"}
    for form, said in (
        ({"entry": ""}, "Chọn một dòng, hoặc gõ mã"),
        ({"entry": "E001", "code": "E002"}, "Chọn một dòng, hoặc gõ mã"),
        ({"code": "E999"}, "không có trong ngày hội này"),
    ):
        assert said in desk.post(PAGE, 400, **youngest, **form)
    assert "không có trong thể lệ" in desk.post(PAGE, 400, prize="Giải lạ", entry="E001")
    desk.post(PAGE, 409, **youngest, entry="-")
    desk.post(PAGE, 409, **youngest, entry="S000")  # its contest is not locked
    desk.post(PAGE, **youngest, code=" e002")
    assert "Đã ghi cho" in desk.get(PAGE)
    with app.app_context(), reading():
        assert [(each.prize, each.entry_id) for each in db.session.scalars(select(Award))] == [
            ("Thí sinh nhỏ tuổi nhất", panel.entry_ids[2])
        ]
    desk.post(PAGE, **youngest, entry="-")
    with app.app_context(), reading():
        assert db.session.scalars(select(Award)).all() == []
    for who, status in (("secretary", 403), ("chair", 403), ("mc", 403)):
        Desk(app, panel.users[who]).get(PAGE, status)
    with app.app_context(), transaction():
        assert isinstance(sign(panel.contest_id, "07", None), Signed)
    desk.post(PAGE, 409, **youngest, entry="E002")


def test_the_panel_reads_who_leads_in_one_criterion(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, panel.festival_id)
        festival.ruleset = {**(festival.ruleset or {}), "special_prizes": WIDE[3:]}
        rules = festival.ruleset
        for contest in rules["contests"]:
            if contest["code"] == "tai-nang":
                contest["criteria"] = [{"code": "dien-xuat", "name": "Diễn xuất", "max": 100, "step": 1}]
                contest.pop("total", None)
                contest["ties"] = [{"by": "jury"}]
        festival.ruleset = json.loads(json.dumps(rules))
    page = Desk(app, panel.users["chair"]).get("/panel/tai-nang/awards")
    assert "Diễn xuất hay nhất" in page
    assert re.findall(r"Trung bình ([0-9,]+) điểm", page) == ["44,75"] * 3
    assert "3 tiết mục ngang nhau: người có quyền trao giải chọn." in page


def test_who_did_not_come_receives_no_special_prize(app: Flask) -> None:
    with app.app_context():
        panel = cast(special_prizes=[])
        with transaction():
            sport = panel.sport_id
            for entry, state in zip(panel.sport_entries, ("valid", "valid", "dns"), strict=True):
                note_measure(sport, entry, 1, MeasureState(state), 5 if state == "valid" else None, 0, None)
            festival = db.session.get_one(Festival, panel.festival_id)
            festival.ruleset = json.loads(RULESET.read_text(encoding="utf-8"))
        with transaction():
            assert isinstance(lock(sport, panel.users["organiser"], panel.users["secretary"]), Locked)
        with pytest.raises(BadInput, match="không dự thi, bỏ dở hoặc bị loại"), transaction():
            decide.give_special(sport, "S002", "Người cao tuổi nhất", None)
        with transaction():
            decide.give_special(sport, "S001", "Người cao tuổi nhất", None)
