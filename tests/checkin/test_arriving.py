"""The curve of arrivals, the log as Excel, the screen of the hall, and the list of a gate on paper."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from subprocess import run

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from festival.accounts.roles import Role
from festival.checkin.arriving.curve import HEIGHT, WIDTH, curve
from festival.core.clock import today
from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from tests.devices.kit import Phone, enrolment, open_fair
from tests.house.test_access import come_as

pytestmark = pytest.mark.either_database

CHUNG, HOA, DUC = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa", "Gia đình ông Nguyễn Hoàng Anh Đức"
MORNING = 1_718_323_200_000  # 14/6/2024, 7 giờ in Vietnam
QUARTER = 15 * 60 * 1000


def test_the_curve_climbs_by_quarters_and_its_table_by_hours() -> None:
    seven = MORNING // QUARTER + 28  # quarters are of the Vietnamese clock
    drawn = curve({seven: 3, seven + 3: 1, seven + 9: 6})
    assert drawn is not None
    assert [(each.hour, each.came, each.there) for each in drawn.table] == [(7, 4, 4), (8, 0, 4), (9, 6, 10)]
    assert drawn.there == 10
    assert [words for words, _x in drawn.hours] == ["7", "8", "9", "10"]
    assert [value for value, _y in drawn.lines] == [0, 2, 4, 6, 8, 10]
    assert curve({}) is None


@given(st.dictionaries(st.integers(0, 95), st.integers(1, 5000), min_size=1))
def test_every_curve_stays_inside_its_drawing_and_never_falls(came: dict[int, int]) -> None:
    drawn = curve(came)
    assert drawn is not None
    points = [tuple(map(int, pair.split(","))) for pair in drawn.points.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert points == sorted(points) and [y for _x, y in points] == sorted((y for _x, y in points), reverse=True)
    assert drawn.table[-1].there == drawn.there == sum(came.values())
    assert len(drawn.hours) <= 14 and 2 <= len(drawn.lines) <= 6


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def lead(app, fair):
    return come_as(app, Role.GATE_LEAD)[0]


def arrived(app, client, fair):
    gate = Phone(client, enrolment(app, fair, station="Cổng 1"))
    other = Phone(client, enrolment(app, fair, station="Cổng 2"))
    gate.send(gate.scan(fair.lists[CHUNG], fair.persons[CHUNG][:3], wall_ms=MORNING + QUARTER))
    other.send(
        other.scan(fair.lists[CHUNG], wall_ms=MORNING + 5 * QUARTER),  # three of them were in
        other.scan(fair.lists[HOA], wall_ms=MORNING + 24 * 4 * QUARTER),  # the next day
    )


def test_a_day_is_drawn_and_its_log_names_who_counted_where(app, client, fair, lead):
    arrived(app, client, fair)
    page = lead.get("/office/checkin/curve?day=2024-06-14").get_data(as_text=True)
    rows = re.findall(r'<th scope="row">(\d+) giờ đến.*?data-label[^>]*>(\d+)<.*?data-label[^>]*>(\d+)<', page, re.S)
    assert rows == [("7", "3", "3"), ("8", "1", "4")]
    assert "Số người đã đến theo giờ, tổng 4 người" in page
    assert "Chưa có ai trong ngày này" in lead.get("/office/checkin/curve?day=2024-06-16").get_data(as_text=True)
    answer = lead.get("/office/checkin/log.xlsx?day=2024-06-14")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    lines = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert {(line[0].strftime("%H:%M"), line[1], line[5], line[8]) for line in lines[:3]} == {
        ("07:15", "Cổng 1", name, "được tính") for name in ("Danh Chung", "Thị Ngọc Ánh", "Danh Minh Khang")
    }
    assert [(line[0].strftime("%H:%M"), line[1]) for line in lines[3:]] == [("08:15", "Cổng 2")] * 4
    assert max((line[5], line[8]) for line in lines[3:]) == ("Thị Ngọc Ánh", "đã vào từ trước")
    assert [line[8] for line in lines[3:] if line[5] == "Thị Hòa"] == ["được tính"]
    assert {line[3] for line in lines} == {"Đoàn huyện Hòn Đất"} and {line[4] for line in lines} == {CHUNG}
    whole = openpyxl.load_workbook(BytesIO(lead.get("/office/checkin/log.xlsx").data)).active
    assert whole.max_row == 1 + 7 + 2
    assert lead.get("/office/checkin/log.xlsx?day=2023-01-01").status_code == 404
    with app.app_context(), reading():
        noted = db.session.scalars(select(SecurityNote.subject).where(SecurityNote.kind == "export")).all()
    assert {"what": "checkin_log", "festival": fair.code} in noted


def test_people_let_in_with_a_pass_nobody_knows_stand_in_the_curve_and_the_log(app, client, fair, lead):
    gate = Phone(client, enrolment(app, fair, station="Cổng 1"))
    body = {"pass": "ab" * 16, "persons": None, "purpose": "entry", "how": "decided", "count": 2}
    body["force"] = {"reason": "Trưởng cổng nhận mặt"}
    gate.send(gate.write("scan", "ab" * 16, body, wall_ms=MORNING))
    page = lead.get("/office/checkin/curve?day=2024-06-14").get_data(as_text=True)
    assert "Số người đã đến theo giờ, tổng 2 người" in page
    sheet = openpyxl.load_workbook(BytesIO(lead.get("/office/checkin/log.xlsx?day=2024-06-14").data)).active
    lines = [tuple(cell.value for cell in row)[1:] for row in sheet.iter_rows(min_row=2)]
    assert [(line[4], line[5], line[7]) for line in lines] == [
        ("Không rõ tên, thẻ không có trong danh sách", "trưởng cổng quyết", "được tính")
    ] * 2


def test_the_screen_of_the_hall_tells_numbers_to_anybody_and_names_nobody(app, client, fair):
    arrived(app, client, fair)
    closed = client.get("/api/v1/public/arrivals").get_json()
    assert closed == {"people": 0, "here": 0, "delegations": 0, "complete": 0, "lines": [], "open": False}
    with app.app_context(), transaction():
        # a festival that is on
        db.session.execute(update(Festival).values(starts_on=today() - timedelta(1), ends_on=today() + timedelta(1)))
    gate = Phone(client, enrolment(app, fair, station="Cổng 1"))
    gate.send(gate.scan(fair.lists[HOA]))
    anybody = app.test_client()
    told = anybody.get("/api/v1/public/arrivals")
    assert told.get_json() == {
        "people": 10,
        "here": 2,
        "delegations": 1,
        "complete": 0,
        "lines": [{"name": "Đoàn huyện Hòn Đất", "people": 10, "here": 2}],
        "open": True,
    }
    again = anybody.get("/api/v1/public/arrivals", headers={"If-None-Match": told.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    page = anybody.get("/hall").get_data(as_text=True)
    assert "Đoàn huyện Hòn Đất" in page and "Đang đến" in page
    said = page + told.get_data(as_text=True)
    assert [name for name in ("Trương Mỹ Hoa", "Lâm Quốc Đạt", "Danh Chung", "0912") if name in said] == []


def test_the_list_of_a_gate_has_a_box_for_everybody_and_no_number(app, fair, lead, tmp_path):
    Phone(app.test_client(), enrolment(app, fair, station="Cổng 1"))
    page = lead.get("/office/checkin/paper").get_data(as_text=True)
    code = re.search(r'<option value="([0-9a-f]{16})">Đoàn huyện Hòn Đất \(10\)', page)
    assert code and '<option value="Cổng 1">' in page
    asked = {"gate": "Cổng 1", "day": "2024-06-14", "delegation": code[1]}
    answer = lead.get("/office/checkin/paper/list.pdf", query_string=asked)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    path = tmp_path / "list.pdf"
    path.write_bytes(answer.data)
    words = run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    names = ["Danh Chung", "Thị Ngọc Ánh", "Lâm Quốc Đạt", "Nguyễn Lê Bảo Ngọc", "Châu Văn Tài", "Cổng 1", "14/6/2024"]
    assert [name for name in names if name not in words] == []
    assert "0912" not in words
    assert lead.get("/office/checkin/paper/list.pdf?delegation=none").status_code == 404
    assert come_as(app, Role.STAGE_MANAGER)[0].get("/office/checkin/paper/list.pdf").status_code == 403
    with app.app_context(), reading():
        noted = db.session.scalars(select(SecurityNote.subject).where(SecurityNote.kind == "export")).all()
    assert {"what": "gate_list", "festival": fair.code} in noted
