"""Is the demo the edition at its real size, the same from the same seed, and does every page of our rooms open on it?"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from festival.accounts.passwords import hash_password
from festival.checkin.models import Admission
from festival.contests.models import Contest
from festival.contests.queries import contests
from festival.core import ledger
from festival.core.clock import local
from festival.core.database import db
from festival.core.phones import phone
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.demo import build
from festival.demo.export import export
from festival.demo.invention import invent
from festival.demo.welcome import welcome_lines
from festival.editions.queries import the_festival
from festival.passes.models import Pass
from festival.roster.models import ContestPlace, Delegation, Entry, EntryState, Family, FamilyState, Person
from festival.schedule import queries
from festival.schedule.models import Act, Draw

UNITS = [(str(number), ["Xã Thử"]) for number in range(15)]


@pytest.fixture(scope="session")
def hashed() -> str:
    return hash_password(build.PASSWORD)


def test_the_people_are_made_up_by_the_rules_of_the_area() -> None:
    made_up = invent(2024, 75, UNITS, 10)
    families = [family for each in made_up.delegations for family in each.families]
    people = [member for family in families for member in family.household.members]
    words = Counter(len(member.name.split()) for member in people)
    assert (len(made_up.delegations), len(families)) == (15, 75)
    assert 290 <= len(people) <= 310
    assert set(words) <= {2, 3, 4, 5, 6}
    assert {3, 4, 5} <= {len(family.household.members) for family in families}
    surnames = {member.name.split()[0] for member in people}
    assert surnames & {"Danh", "Thạch", "Sơn", "Kim", "Châu"}
    assert surnames & {"Mạc", "Lý", "Quách", "Tăng", "Lưu", "Trịnh", "Hứa", "Giang", "Tiêu"}
    assert "Thị" in surnames
    assert Counter(family.state for family in families) == {"approved": 66, "submitted": 4, "returned": 3, "draft": 2}


@given(seed=st.integers(0, 2**32), families=st.integers(1, 120))
def test_any_seed_gives_families_with_one_phone_each_and_no_name_twice_inside(seed: int, families: int) -> None:
    made_up = invent(seed, families, UNITS, 3)
    assert made_up == invent(seed, families, UNITS, 3)
    listed = [family for each in made_up.delegations for family in each.families]
    phones = [family.household.phone for family in listed]
    assert len(set(phones)) == families
    assert all(re.fullmatch(r"090000\d{4}", each) and phone(each) == each for each in phones)
    for family in listed:
        names = [member.name for member in family.household.members]
        assert len(set(names)) == len(names)
        assert 3 <= len(names) <= 5


def test_the_edition_stands_at_its_real_size(app: Flask, hashed: str) -> None:
    with app.app_context():
        built = build.build(75, 2024, hashed)
        with reading():
            states = Counter(db.session.scalars(select(Family.state)))
            assert states[FamilyState.APPROVED] == 66
            assert db.session.scalar(select(func.count(Delegation.id))) == 15
            assert db.session.scalar(select(func.count(Person.id))) == built.people
            held = contests(the_festival().id)
            assert len({row.part_code or row.code for row in held}) == 4
            enrolled = db.session.scalar(select(func.count(Entry.id)).where(Entry.state == EntryState.ENROLLED)) or 0
            # an odd team of the knock-out has no opponent in the first round and no act
            assert enrolled - 1 <= built.acts == db.session.scalar(select(func.count(Act.id)))
            assert queries.plan_conflicts(the_festival().id) == []
            plan = queries.published_plan(the_festival().id)
            assert plan is not None
            assert len(plan.content["acts"]) == built.acts
            assert {stream: ledger.verify(stream) for stream in ledger.streams()} == {
                key: [] for key in ledger.streams()
            }
            assert built.sheets > 100
            assert 35 <= built.arrived <= 55
            came = db.session.execute(select(Admission.at_ms)).scalars().all()
            assert built.arrived < len(came) < built.people
            days = {local(datetime.fromtimestamp(at / 1000, UTC)).date() for at in came}
            assert days == {date(2024, 6, 14)}
            assert {local(draw.drawn_at).date() for draw in db.session.scalars(select(Draw))} == {date(2024, 6, 14)}
            sent = {local(at).month for at in db.session.scalars(select(Family.submitted_at)) if at}
            assert sent <= {4, 5, 6}
            passes = db.session.scalar(select(func.count(Pass.id)).where(Pass.family_id.is_not(None)))
            assert passes == 66
        assert any("bantochuc" in line for line in welcome_lines("http://127.0.0.1:5000"))
        with pytest.raises(Conflict, match="trong cơ sở dữ liệu trống"):
            build.build(75, 1, hashed)


def test_same_seed_same_bytes_on_both_databases_and_another_seed_other_people(
    app: Flask, hashed: str, run_folder: Path
) -> None:
    with app.app_context():
        build.build(30, 7, hashed)
        with reading():
            content = export(the_festival())
    held = json.loads(content)
    assert sum(len(each["families"]) for each in held["delegations"]) == 30
    text = content.decode("utf-8")
    assert "link" not in text
    assert "hash" not in text
    # the first database writes, the second (perhaps another worker of the same run) compares
    worker_file = run_folder / "demo-export.json"
    if worker_file.exists():
        assert worker_file.read_bytes() == content
    worker_file.write_bytes(content)


@pytest.mark.either_database
def test_a_larger_edition_comes_in_by_the_same_doors(app: Flask, hashed: str) -> None:
    """With more families a delegation than any real one, places, passes, states and the ledger add up."""
    with app.app_context():
        build.build(210, 5, hashed)
        with reading():
            approved = db.session.scalar(select(func.count(Family.id)).where(Family.state == FamilyState.APPROVED))
            assert approved == 210 - 11 - 8 - 6
            assert db.session.scalar(select(func.sum(Delegation.approved_count))) == approved
            assert db.session.scalar(select(func.count(Pass.id)).where(Pass.family_id.is_not(None))) == approved
            assert set(
                db.session.scalars(select(Family.version).where(Family.state == FamilyState.APPROVED).distinct())
            ) == {2}
            assert db.session.scalar(select(func.sum(ContestPlace.taken))) == db.session.scalar(
                select(func.count(Entry.id)).where(Entry.state == EntryState.ENROLLED)
            )
            assert ledger.verify("decisions:kien-giang-2024") == []


def sign_in(client: FlaskClient, login: str) -> None:
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post("/sign-in", data={"csrf_token": token[1], "login": login, "password": build.PASSWORD})
    assert answer.status_code == 302, answer.text


def csrf(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


@pytest.mark.either_database
def test_the_organiser_and_the_stage_manager_work_on_their_pages(demo_app: Flask) -> None:
    app, client = demo_app, demo_app.test_client()
    sign_in(client, "bantochuc")
    for path, words in (
        ("/office/contests", "Gia đình tài năng"),
        ("/office/contests/tai-nang", "bỏ điểm lệch quá 15 điểm so với trung bình"),
        ("/office/contests/bong-da", "Đếm số lần đạt"),
        ("/office/schedule", "Không ai phải ở hai nơi cùng lúc"),
        ("/office/schedule/tai-nang/draw", "Bốc tại cuộc họp các trưởng đoàn"),
        ("/office/schedule/versions/1", "Đây là phiên bản đầu tiên"),
        ("/office/schedule/print", "Theo sân khấu"),
        ("/office/stage", "Sân khấu chính"),
        ("/office/stage/san-khau-chinh", "đang thi"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text[:2000])
        assert words in answer.text, path
    assert client.get("/office/contests/khong-co").status_code == 404
    token = csrf(client, "/office/schedule")
    with app.app_context(), reading():
        first, second = db.session.scalars(
            select(Act).join(Entry).join(Contest).where(Contest.code == "trang-phuc").order_by(Act.starts_at)
        ).all()[-2:]
        ids, names = (first.id, second.id), (first.entry.name, second.entry.name)
    moved = client.post(f"/office/schedule/acts/{ids[1]}/move", data={"csrf_token": token, "to": "earlier"})
    assert moved.status_code == 302
    published = client.post("/office/schedule/publish", data={"csrf_token": token, "note": "đổi lượt"})
    assert published.headers["Location"].endswith("/versions/2")
    page = client.get("/office/schedule/versions/2").text
    assert f"«{names[1]}» (Biểu diễn trang phục về gia đình) sớm hơn 7 phút" in page
    assert f"«{names[0]}» (Biểu diễn trang phục về gia đình) muộn hơn 7 phút" in page
    assert "bốc thăm số" in client.get("/office/schedule").text
    refused = client.post("/office/schedule/tai-nang/draw/cancel", data={"csrf_token": token, "reason": "thử"})
    assert refused.status_code == 409
    assert "đã bắt đầu chấm" in refused.text


@pytest.mark.either_database
def test_the_draw_is_typed_read_back_and_confirmed(demo_app: Flask) -> None:
    app, client = demo_app, demo_app.test_client()
    sign_in(client, "bantochuc")
    path = "/office/schedule/cau-long/draw"
    token = csrf(client, path)
    # nobody has marked the knock-out yet: its draw can be voided with a reason
    assert client.post(f"{path}/cancel", data={"csrf_token": token, "reason": " "}).status_code == 400
    assert client.post(f"{path}/cancel", data={"csrf_token": token, "reason": "bốc thiếu"}).status_code == 303
    fields = re.findall(r'name="(n-[^"]+)"', client.get(path).text)
    numbers = {field: str(len(fields) - at) for at, field in enumerate(fields)}
    twice = client.post(path, data={"csrf_token": token, "step": "read", **numbers, fields[0]: "1"})
    assert twice.status_code == 422
    assert "số 1 đã có người bốc" in twice.text
    read_back = client.post(path, data={"csrf_token": token, "step": "read", **numbers})
    assert "Đọc lại cho các trưởng đoàn nghe" in read_back.text
    with app.app_context(), reading():
        assert "cau-long" not in {
            db.session.get_one(Contest, contest_id).code for contest_id in queries.draws(the_festival().id)
        }
    done = client.post(path, data={"csrf_token": token, "step": "confirm", **numbers})
    assert done.status_code == 302
    assert client.post(path, data={"csrf_token": token, "step": "confirm", **numbers}).status_code == 409
    with app.app_context(), transaction():
        order = [f"n-{entry.code}" for entry in queries.enrolled(contests(the_festival().id)[5].id)]
    assert order == list(reversed(fields))
