"""Does a long timetable show every act once over its pages, days and stages, and does a moved act stay in sight?"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading
from festival.schedule import timetable
from festival.schedule.models import Act, Session, Stage
from festival.schedule.stage_day import day_pages
from festival.schedule.versions import version_pages
from tests.demo.test_demo import csrf, sign_in

pytestmark = pytest.mark.either_database

OFFICE = "/office/schedule"
BAD = ("abc", "-3", "0", "1.5", "9" * 40, "%00", "khong-co")


@pytest.fixture
def organiser(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(timetable, "ACTS_A_PAGE", 7)
    monkeypatch.setattr(version_pages, "ACTS_A_PAGE", 7)
    client = demo_app.test_client()
    sign_in(client, "bantochuc")
    return client


def acts_in_order(app: Flask, stage: str = "") -> list[int]:
    with app.app_context(), reading():
        query = select(Act.id).join(Session, Session.id == Act.session_id).join(Stage, Stage.id == Session.stage_id)
        if stage:
            query = query.where(Stage.code == stage)
        return list(
            db.session.scalars(query.order_by(Session.starts_at, Stage.position, Session.id, Act.position, Act.id))
        )


def shown(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="act-(\d+)"', page)]


def walked(client: FlaskClient, address: str) -> list[int]:
    """All pages, by the links themselves."""
    found: list[int] = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        found += shown(answer.text)
        following = re.search(r'href="([^"]+)" rel="next"', answer.text)
        address = following[1].replace("&amp;", "&").split("#")[0] if following else ""
    return found


def test_every_act_stands_on_one_page(demo_app: Flask, organiser: FlaskClient) -> None:
    every = acts_in_order(demo_app)
    assert len(every) > 50
    assert walked(organiser, OFFICE) == every
    first = organiser.get(OFFICE).text
    assert f"Đang xem 1–7 trên {len(every)}." in first
    days = sorted(set(re.findall(r'href="/office/schedule\?day=(\d+)#plan"', first)))
    stages = sorted(set(re.findall(r'href="/office/schedule\?stage=([a-z-]+)#plan"', first)))
    assert (len(days), len(stages)) == (3, 5)
    assert sorted(act for day in days for act in walked(organiser, f"{OFFICE}?day={day}")) == sorted(every)
    assert [walked(organiser, f"{OFFICE}?stage={stage}") for stage in stages] == [
        acts_in_order(demo_app, stage) for stage in stages
    ]
    both = [act for day in days for act in walked(organiser, f"{OFFICE}?day={day}&stage=san-khau-chinh")]
    assert both == acts_in_order(demo_app, "san-khau-chinh")


def test_what_an_address_cannot_mean_shows_all(demo_app: Flask, organiser: FlaskClient) -> None:
    every = acts_in_order(demo_app)
    for bad in BAD:
        for name in ("day", "stage", "page"):
            assert shown(organiser.get(f"{OFFICE}?{name}={bad}").text) == every[:7]


def test_a_moved_act_stays_in_sight(demo_app: Flask, organiser: FlaskClient) -> None:
    stage = acts_in_order(demo_app, "san-khau-chinh")
    with demo_app.app_context(), reading():
        waiting = set(db.session.scalars(select(Act.id).where(Act.state == "waiting")))
    # the last act of a page whose follower in the same session may move too
    at = next(
        at for at in range(6, len(stage), 7) if {stage[at], stage[at + 1]} <= waiting and _together(demo_app, stage, at)
    )
    view = f"{OFFICE}?stage=san-khau-chinh"
    token = csrf(organiser, view)
    answer = organiser.post(
        f"{OFFICE}/acts/{stage[at]}/move?stage=san-khau-chinh", data={"csrf_token": token, "to": "later"}
    )
    page = (at + 1) // 7 + 1
    assert answer.headers["Location"] == f"{view}&page={page}#act-{stage[at]}"
    assert shown(organiser.get(f"{view}&page={page}").text)[0] == stage[at]


def _together(app: Flask, stage: list[int], at: int) -> bool:
    with app.app_context(), reading():
        return db.session.get_one(Act, stage[at]).session_id == db.session.get_one(Act, stage[at + 1]).session_id


def test_the_stage_manager_reads_a_long_day_in_parts(
    demo_app: Flask, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_pages, "LINES_A_PAGE", 5)
    monkeypatch.setattr(day_pages, "OVER_SHOWN", 3)
    stage = "/office/stage/san-khau-chinh"
    first = organiser.get(stage).text
    days = sorted(set(re.findall(r"\?day=(\d{8})\"", first)))
    found: list[int] = []
    for day in days:
        over, later = walked(organiser, f"{stage}?day={day}&over=1"), walked(organiser, f"{stage}?day={day}")
        found += [*over, *later]
    assert len(days) > 1
    assert sorted(set(found)) == sorted(acts_in_order(demo_app, "san-khau-chinh"))
    for bad in BAD:
        for asked in ("page", "over", "day"):
            assert organiser.get(f"{stage}?{asked}={bad}").status_code == 200


def test_a_published_version_is_read_in_parts(demo_app: Flask, organiser: FlaskClient) -> None:
    address = OFFICE + "/versions/1"
    rows = []
    for number in range(1, -(-len(acts_in_order(demo_app)) // 7) + 1):
        rows += re.findall(r'<th scope="row">(.*?)<br>', organiser.get(f"{address}?page={number}").text)
    assert len(rows) == len(acts_in_order(demo_app))
