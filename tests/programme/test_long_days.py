"""Is a day of a thousand acts a small page, an evening after midnight still its evening, and is somebody found by any words?"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.programme.search_page import found_lines
from festival.roster.models import Entry, EntryState
from festival.schedule.models import Plan
from tests.house.test_statements import statements
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

FIRST = date(2024, 6, 14)
LATE = "2024-06-14T22:00:00+07:00"


def publish(app: Flask, acts: list[dict[str, Any]], version: int = 2) -> None:
    with app.app_context(), transaction():
        festival = db.session.scalars(select(Festival)).one()
        db.session.add(
            Plan(
                festival_id=festival.id,
                version=version,
                content={"acts": acts},
                published_at=datetime(2024, 6, version, tzinfo=UTC),
            )
        )


def first_acts(app: Flask) -> list[dict[str, Any]]:
    with app.app_context(), transaction():
        plan = db.session.scalars(select(Plan).where(Plan.version == 1)).one()
        acts = [
            act | {"starts_at": local(datetime.fromisoformat(act["starts_at"])).isoformat()}
            for act in plan.content["acts"]
        ]
        plan.content = {"acts": acts}
        return acts


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.get_data(as_text=True))


def test_an_evening_that_goes_on_after_midnight_belongs_to_its_evening(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make_festival(families=3, contests=1, first_day=FIRST)
    starts = datetime.fromisoformat("2024-06-14T23:30:00+07:00")
    acts = first_acts(app)
    publish(
        app, [act | {"starts_at": (starts + timedelta(minutes=40 * at)).isoformat()} for at, act in enumerate(acts)]
    )
    page = text(client, "/programme/2024-06-14")
    assert "Buổi này kéo dài qua nửa đêm." in page and page.count("rạng sáng 15/6") == 2
    assert client.get("/programme/2024-06-15").status_code == 404, "no day of its own"
    with time_machine.travel(datetime(2024, 6, 14, 17, 15, tzinfo=UTC), tick=False):  # a quarter past midnight
        (stage,) = client.get("/api/v1/public/now").get_json()["stages"]
        assert stage["now"]["number"] == 2
        assert "23 giờ 30" in text(client, "/programme")
    with time_machine.travel(datetime(2024, 6, 14, 20, 1, tzinfo=UTC), tick=False):  # three in the morning: it is over
        assert client.get("/api/v1/public/now").get_json()["stages"] == []


def test_a_thousand_acts_are_small_pages_with_as_many_statements_as_three(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make_festival(families=3, contests=1, first_day=FIRST)
    (few, *_rest) = first_acts(app)
    text(client, "/programme/2024-06-14")
    with statements(app) as seen:
        text(client, "/programme/2024-06-14")
    three = len(seen)
    with app.app_context(), transaction():
        entry = db.session.scalars(select(Entry).where(Entry.code == few["entry"])).one()
        for number in range(1000):
            db.session.add(
                Entry(contest_id=entry.contest_id, delegation_id=entry.delegation_id, code=f"x{number}",
                      name="Gia đình Trần Thị Ngọc Bích Phương Uyên", number=number + 10)
            )  # fmt: skip
    starts = datetime.fromisoformat("2024-06-14T07:00:00+07:00")
    acts = [
        few | {"entry": f"x{number}", "stage": f"s{number % 4}", "stage_name": f"Sân {number % 4}", "session": number % 4,
               "title": "Hòa tấu đàn ca tài tử", "starts_at": (starts + timedelta(minutes=number // 2)).isoformat()}
        for number in range(1000)
    ]  # fmt: skip
    publish(app, acts)
    with statements(app) as seen:
        page = text(client, "/programme/2024-06-14")
    assert len(seen) == three <= 20
    assert len(page.encode()) < 60_000 and "Đang xem 1–100 trên 1000" in page
    own = text(client, "/programme/2024-06-14?stage=s2&page=3")
    assert "Đang xem 201–250 trên 250" in own and "Sân 2" in own and "(tiếp)" in own
    shown = re.findall(r'<span class="running-number">(\d+)</span>', own)
    assert len(shown) == 50
    assert text(client, "/programme/2024-06-14?stage=khong&page=999") == text(client, "/programme/2024-06-14?page=10")


def test_somebody_is_found_by_words_in_any_order_without_marks_and_no_name_stands_in_the_address(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        make_festival(families=6, contests=2, first_day=FIRST)
    form = text(client, "/programme/search")
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None

    def found(asked: str) -> tuple[str, str]:
        answer = client.post("/programme/search", data={"csrf_token": token[1], "search": asked})
        assert answer.status_code == 303
        place = answer.headers["Location"]
        return place, text(client, place.partition("#")[0])

    place, page = found("uyên  NGOC trang")
    assert "1 lượt thi." in page and "Trang phục gia đình · Sân khấu A" in page and "uyen" not in place.lower()
    assert "2 lượt thi." in found("sa ray")[1]
    assert "Không thấy trong chương trình" in found("Lê Lợi")[1]
    assert "lượt thi." not in found("   ")[1]
    assert list(found_lines([], "x")) == []


def test_the_list_of_changes_names_nobody_who_left_and_says_the_rest(app: Flask, client: FlaskClient) -> None:
    assert "Chưa có ngày hội nào" in text(client, "/programme/changes")
    with app.app_context(), transaction():
        scene = make_festival(families=4, contests=1, first_day=FIRST)
    assert "Lần công bố đầu tiên." in text(client, "/programme/changes")
    assert "/programme/changes" not in text(client, "/programme/2024-06-14")
    acts = first_acts(app)
    hall = {"stage": "b", "stage_name": "Hội trường", "starts_at": LATE}
    publish(app, [acts[0] | hall, acts[1] | {"starts_at": LATE}, acts[3]])
    with app.app_context(), transaction():
        for entry_id in scene.entries[scene.contests[0]][1:3]:
            db.session.get_one(Entry, entry_id).state = EntryState.WITHDRAWN
    page = text(client, "/programme/changes")
    said = re.findall(r"<li>(.*?)</li>", page.partition('<section class="card flow">')[2].partition("</ul>")[0])
    assert said == [
        "«Gia đình Danh Chung» (Gia đình tài năng) chuyển sang Hội trường lúc 22 giờ ngày 14/6; trước là 7 giờ 30 ngày 14/6, Sân khấu A.",
        "«tiết mục không còn dự thi» (Gia đình tài năng) muộn hơn 860 phút: 22 giờ ngày 14/6, trước là 7 giờ 40 ngày 14/6.",
        "Bỏ «tiết mục không còn dự thi» (Gia đình tài năng), trước là 7 giờ 50 ngày 14/6.",
    ]
    assert "Sô Phia" not in page and "Phương Uyên" not in page
    assert "Lần công bố đầu tiên." in text(client, "/programme/changes/1")
    assert [client.get(f"/programme/changes/{wrong}").status_code for wrong in (0, 3)] == [404, 404]


def test_the_programme_as_json_keeps_its_form(app: Flask, client: FlaskClient) -> None:
    assert client.get("/api/v1/public/programme").status_code == 404
    with app.app_context(), transaction():
        make_festival(families=2, contests=2, first_day=FIRST)
    answer = client.get("/api/v1/public/programme")
    said = answer.get_json()
    assert {key: said[key] for key in ("format", "festival", "version")} == {
        "format": "festival-programme 1", "festival": "kg-thu", "version": 1,
    }  # fmt: skip
    assert [day["day"] for day in said["days"]] == ["2024-06-14", "2024-06-15"]
    (session,) = said["days"][0]["sessions"]
    assert {key: session[key] for key in session if key != "acts"} == {
        "stage": "a", "stage_name": "Sân khấu A", "contest": "phan-thi-1", "contest_name": "Gia đình tài năng",
        "label": "Buổi sáng",
    }  # fmt: skip
    assert session["acts"][0] == {
        "entry": session["acts"][0]["entry"], "number": 1, "name": "Gia đình Danh Chung", "title": "",
        "unit": "Đoàn huyện Hòn Đất", "starts_at": "2024-06-14T07:30:00+07:00", "duration_min": 10,
    }  # fmt: skip
    assert client.get("/api/v1/public/programme", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
