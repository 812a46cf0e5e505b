"""Is a found child led back to the right grown-up, from the office and from the lead's device, with every look and step on record?"""

from __future__ import annotations

import random
import re
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.checkin.lost.models import ChildStep
from festival.checkin.lost.recording import all_stories
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.core.transaction import transaction
from festival.devices.handlers import DeviceRole
from festival.passes.issue import issue_pass
from festival.privacy.erasing import erase
from festival.roster.models import Family, Person
from tests.devices.kit import Fair, Phone, enrolment, open_fair, verdicts
from tests.registration.pages_kit import post, words

CHUNG = "Gia đình ông Danh Chung"
MORNING = 1_718_323_200_000  # 14/6/2024, 7 giờ in Vietnam
NUMBER = "0912000000"


@pytest.fixture
def fair(app: Flask) -> Fair:
    made = open_fair(app)
    with app.app_context(), transaction():
        for person in db.session.scalars(select(Person)):
            grown = {"Danh Chung": 1984, "Thị Ngọc Ánh": 1986, "Danh Minh Khang": 2018, "Thị Hòa": 1955}
            person.birth_year = grown.get(person.name, 1990)
            person.relation = {"Danh Minh Khang": "child", "Thị Ngọc Ánh": "spouse"}.get(person.name, "")
            person.phone = {"Thị Ngọc Ánh": "0987654321"}.get(person.name, "")
        db.session.scalars(select(Family).where(Family.name == CHUNG)).one().phone = NUMBER
    return made


@pytest.fixture
def lead(app: Flask, client: FlaskClient, fair: Fair) -> Phone:
    return Phone(client, enrolment(app, fair, DeviceRole.LEAD, "Trưởng cổng"))


def signed_in(app: Flask, role: Role) -> FlaskClient:
    with app.app_context(), transaction():
        user = create_user(role.value, "Cô Ba trực cổng", "", [role])
        db.session.flush()
        token = open_sign_in(user.id, 8).token
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    return client


def notes(app: Flask) -> list[tuple[str, dict[str, object]]]:
    with app.app_context():
        rows = db.session.execute(
            select(SecurityNote.kind, SecurityNote.subject).where(SecurityNote.kind.in_(("read_children", "looked_up")))
        )
        return [(row.kind, row.subject) for row in rows]


def said(phone: Phone, child: str, step: str, at_ms: int, **more: object) -> dict[str, object]:
    return phone.write("child", child, {"step": step, "child": child, **more}, wall_ms=at_ms)


def test_the_leads_device_has_for_each_pass_whom_to_call_and_no_other_device_has(
    app: Flask, client: FlaskClient, fair: Fair, lead: Phone
) -> None:
    with app.app_context(), transaction():
        family = db.session.scalars(select(Family).where(Family.name == CHUNG)).one()
        again = issue_pass("family", family.id, fair.festival_id).list_id
    state = lead.state()["state"]
    kin = dict(state["kin"])
    khang = fair.persons[CHUNG][2]
    # the card of before hangs on a child's neck still
    assert (
        kin[fair.lists[CHUNG]]
        == kin[again]
        == {
            "name": CHUNG,
            "unit": "Đoàn huyện Hòn Đất",
            "adults": [
                [fair.persons[CHUNG][0], "Danh Chung", "Người đại diện", NUMBER],
                [fair.persons[CHUNG][1], "Thị Ngọc Ánh", "Vợ hoặc chồng", "0987654321"],
                [fair.persons[CHUNG][3], "Thị Hòa", "", ""],
            ],
            "children": [[khang, "Danh Minh Khang"]],
            "head": ["", "0912000111"],
        }
    )
    assert kin[fair.delegation_list]["head"] == ["", "0912000111"]
    # told with the list, not with each question
    cursor = state["cursor"] + "." + state["parts"]
    assert "kin" not in lead.state(cursor)["state"]
    # another number is no other list for a gate, and still the lead's device hears of it
    with app.app_context(), transaction():
        family = db.session.scalars(select(Family).where(Family.name == CHUNG)).one()
        family.phone, family.version = "0999888777", family.version + 1
    changed = dict(lead.state(cursor)["state"]["kin"])
    assert changed[fair.lists[CHUNG]]["adults"][0][3] == changed[again]["adults"][0][3] == "0999888777"
    assert set(changed) == {fair.lists[CHUNG], again}
    for role in (DeviceRole.GATE, DeviceRole.DESK):
        other = Phone(client, enrolment(app, fair, role))
        assert {"kin", "children"} & other.state()["state"].keys() == set()
        refused = other.send(other.write("child", "x", {"step": "found", "child": str(uuid4()), "words": "áo đỏ"}))
        assert [(each["verdict"], each["reason"]) for each in refused["verdicts"]] == [("rejected", "wrong_role")]


def test_steps_and_looks_of_a_device_are_kept_once_in_any_order(app: Flask, client: FlaskClient, fair: Fair) -> None:
    phones = [Phone(client, enrolment(app, fair, DeviceRole.LEAD, f"Trưởng cổng {n}")) for n in (1, 2)]
    first, second = phones
    khang, a, b = fair.persons[CHUNG][2], str(uuid4()), str(uuid4())
    missing = said(first, a, "missing", MORNING, person=khang, words="áo đỏ")
    found = said(second, b, "found", MORNING + 60_000, words="bé trai áo đỏ")
    known = said(second, b, "found", MORNING + 90_000, person=khang)
    look = second.write("child_look", fair.lists[CHUNG], {"pass": fair.lists[CHUNG], "by": "pass"}, wall_ms=MORNING)
    wrong = said(second, b, "handed", MORNING + 120_000, words="cậu")
    undo = said(second, b, "undone", MORNING + 121_000, words="chưa trao", undoes=wrong["mid"])
    handed = said(first, a, "handed", MORNING + 300_000, words="mẹ, bà Thị Ngọc Ánh")
    of = {id(each): first for each in (missing, handed)}
    every = [missing, found, known, look, wrong, undo, handed]
    random.Random(11).shuffle(every)
    for each in [*every, every[0]]:
        assert verdicts(of.get(id(each), second).send(each)) == ["applied"]
    with app.app_context():
        stories = all_stories(fair.festival_id)
        assert [(story.person, story.state, story.to) for story in stories] == [
            (khang, "handed", "mẹ, bà Thị Ngọc Ánh")
        ]
        assert len(stories[0].steps) == db.session.query(ChildStep).count() == 6
    # what the other device hears is the same story, with the place of each step
    told = first.state()["state"]["children"]
    assert {each["station"] for each in told} == {"Trưởng cổng 1", "Trưởng cổng 2"} and len(told) == 6
    assert notes(app) == [
        (
            "read_children",
            {
                "by": "child_pass",
                "device": second.device["number"],
                "found": [fair.lists[CHUNG]],
                "when": datetime.fromtimestamp(MORNING / 1000, now().tzinfo).isoformat(),
            },
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"step": "handed"},
        {"step": "handed", "words": "  "},
        {"step": "undone", "words": "nhầm"},
        {"step": "found"},
        {"step": "found", "words": "x", "undoes": str(uuid4())},
        {"step": "found", "words": "x" * 301},
        {"step": "lost", "words": "x"},
        {"step": "found", "words": "x", "child": "7"},
    ],
)
def test_a_step_that_says_too_little_is_refused(app: Flask, fair: Fair, lead: Phone, body: dict[str, str]) -> None:
    told = lead.send(lead.write("child", "x", {"child": str(uuid4()), **body}))["verdicts"][0]
    assert (told["verdict"], told["reason"]) == ("rejected", "malformed")
    unknown = lead.send(lead.write("child", "x", {"step": "found", "child": str(uuid4()), "person": "nobody"}))
    assert unknown["verdicts"][0]["reason"] == "unknown_person"


def forms(page: str) -> list[str]:
    return re.findall(r'name="once" value="([^"]+)"', page)


@pytest.mark.either_database
def test_from_the_office_a_child_is_found_known_handed_over_and_each_step_taken_back(
    app: Flask, client: FlaskClient, fair: Fair
) -> None:
    office = signed_in(app, Role.GATE_LEAD)
    page = office.get("/office/lost")
    assert "Không có trẻ lạc" in words(page)
    once = forms(page.text)[0]
    begun = {"once": once, "kind": "found", "words": "bé trai khoảng 6 tuổi, gần cổng 2"}
    empty = post(office, "/office/lost", begun | {"words": " "}, "/office/lost")
    assert empty.status_code == 400 and "Ghi trẻ trông thế nào và ở đâu" in words(empty)
    for _ in range(2):  # pressed twice, written once
        assert post(office, "/office/lost", begun, "/office/lost").location == f"/office/lost/{once}"
    own = f"/office/lost/{once}"
    searched = post(office, "/office/lost/search", {"search": "minh khang", "child": once}, own)
    assert "minh" not in searched.location.lower() and searched.location.endswith("#search")
    found = office.get(searched.location)
    assert "Danh Minh Khang" in words(found) and "Chính là trẻ này" in words(found)
    khang = fair.persons[CHUNG][2]
    step = {"kind": "found", "person": khang, "once": str(uuid4())}
    assert post(office, own, step, own).status_code == 303
    known = office.get(own)
    assert f'href="tel:{NUMBER}"' in known.text and "Danh Minh Khang" in words(known)
    assert "bé trai khoảng 6 tuổi, gần cổng 2" in words(known)
    refused = post(office, own, {"kind": "handed", "words": "", "once": str(uuid4())}, own)
    assert refused.status_code == 400 and "Ghi đã trao cho ai" in words(refused)
    handed = str(uuid4())
    post(office, own, {"kind": "handed", "words": "mẹ, bà Ánh", "once": handed}, own)
    assert "Đã trao lại" in words(office.get(own)) and "Không có trẻ lạc" in words(office.get("/office/lost"))
    back = {"undoes": handed, "once": str(uuid4())}
    assert post(office, f"{own}/undo", back | {"words": ""}, own).status_code == 400
    assert post(office, f"{own}/undo", back | {"words": "trao nhầm"}, own).status_code == 303
    told = words(office.get(own))
    assert "Đã thấy, chờ người lớn" in told and "Rút lại một bước, vì trao nhầm" in told
    assert "Cô Ba trực cổng" in told
    assert post(office, f"{own}/undo", {"undoes": handed, "once": str(uuid4()), "words": "lại"}, own).status_code == 404
    seen = notes(app)
    assert ("read_children", {"what": "lost"}) in seen and ("read_children", {"child": once}) in seen
    assert ("looked_up", {"by": "name", "what": "lost"}) in seen
    assert "minh" not in str(seen).lower()
    assert office.get(f"/office/lost/{uuid4()}").status_code == 404
    for other in (Role.STAGE_MANAGER, Role.OFFICER, Role.SECRETARY):
        assert signed_in(app, other).get(own).status_code == 403


@pytest.mark.either_database
def test_on_the_day_of_the_data_nothing_of_a_child_is_left(app: Flask, fair: Fair, lead: Phone) -> None:
    child = str(uuid4())
    lead.send(said(lead, child, "found", MORNING, person=fair.persons[CHUNG][2], words="Khang, áo đỏ"))
    with app.app_context():
        assert db.session.query(ChildStep).count() == 1
        db.session.remove()
        erase(fair.code, "data")
        assert db.session.query(ChildStep).count() == 0
