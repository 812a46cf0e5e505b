"""What a family sees of its own festival, and that nobody sees another's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import transaction
from festival.documents.calendar import CalendarTurn, calendar
from festival.passes import tokens
from festival.passes.models import Pass
from festival.programme.queries import festival_day
from festival.roster.links.of_families import link_code
from festival.roster.models import Family, FamilyState
from festival.schedule.models import Act, ActState
from tests.programme.scene import Scene, make_festival

pytestmark = pytest.mark.either_database


@pytest.fixture(autouse=True)
def seven_in_the_morning() -> Iterator[None]:
    """Half an hour before the first act of the scene."""
    with time_machine.travel(datetime(2024, 6, 14, 0, 0, tzinfo=UTC)):
        yield


def _make(app: Flask) -> Scene:
    with app.app_context(), transaction():
        scene = make_festival(families=3, contests=2, first_day=festival_day(now()))
        for family_id in scene.families:
            values = tokens.new_pass_values("family", family_id, 1)
            db.session.add(Pass(festival_id=scene.festival_id, family_id=family_id, issue=1, issued_at=now(), **values))
        return scene


def _enter(app: Flask, client: FlaskClient, family_id: int) -> None:
    """Come in by the family's own link."""
    with app.app_context(), transaction():
        family = db.session.get(Family, family_id)
        assert family is not None
        code = link_code(family)
        family.link_hash = look_up_hash(code)
    assert client.get(f"/g/{code}").status_code == 302


def test_the_page_shows_pass_turns_and_members(app: Flask, client: FlaskClient) -> None:
    scene = _make(app)
    _enter(app, client, scene.families[1])
    text = client.get("/family").get_data(as_text=True)
    for words in ("Phương Uyên", "Bí Mật", "Gia đình tài năng", "7 giờ 40", "Còn 1 lượt nữa", "Lưu ảnh"):
        assert words in text, words
    assert "Danh Chung" not in text


def test_the_picture_holds_the_code_of_the_pass(app: Flask, client: FlaskClient) -> None:
    scene = _make(app)
    _enter(app, client, scene.families[0])
    answer = client.get("/family/pass.png")
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(answer.data)))
    with app.app_context():
        row = db.session.query(Pass).filter_by(family_id=scene.families[0]).one()
        assert found.text == tokens.qr_text(row)


def test_a_family_that_is_not_approved_has_no_pass(app: Flask, client: FlaskClient) -> None:
    scene = _make(app)
    with app.app_context(), transaction():
        family = db.session.get(Family, scene.families[0])
        assert family is not None
        family.state, family.return_reason = FamilyState.RETURNED, "Thiếu năm sinh của con."
    _enter(app, client, scene.families[0])
    text = client.get("/family").get_data(as_text=True)
    assert "Thiếu năm sinh của con." in text
    assert "Lưu ảnh" not in text
    assert client.get("/family/pass.png").status_code == 404


def test_turns_follow_the_stage(app: Flask, client: FlaskClient) -> None:
    scene = _make(app)
    _enter(app, client, scene.families[2])
    before = client.get("/api/v1/family/turns").get_json()["turns"]
    assert [turn["before"] for turn in before] == [2, 2]
    with app.app_context(), transaction():
        first = db.session.query(Act).order_by(Act.id).first()
        assert first is not None
        first.state = ActState.DONE
    after = client.get("/api/v1/family/turns").get_json()["turns"]
    assert [turn["before"] for turn in after] == [1, 2]


def test_without_a_link_nothing_is_shown(app: Flask, client: FlaskClient) -> None:
    _make(app)
    for path in ("/family", "/family/pass.png", "/family/turns.ics", "/api/v1/family/turns"):
        answer = client.get(path)
        assert answer.status_code in {302, 401, 403}, path
        assert b"Danh Chung" not in answer.data, path


def test_the_family_page_is_never_kept_by_a_shared_cache(app: Flask, client: FlaskClient) -> None:
    scene = _make(app)
    _enter(app, client, scene.families[0])
    assert client.get("/family").headers["Cache-Control"] == "no-store"
    assert "private" in client.get("/api/v1/family/turns").headers["Cache-Control"]


def test_the_calendar_holds_each_turn_once(app: Flask, client: FlaskClient) -> None:
    scene = _make(app)
    _enter(app, client, scene.families[0])
    answer = client.get("/family/turns.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.data.count(b"BEGIN:VEVENT") == 2
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


def test_calendar_lines_are_folded_between_letters_and_escaped() -> None:
    start = datetime(2024, 6, 14, 0, 30, tzinfo=UTC)
    name = "Gia đình Trần Thị Ngọc Bích Phương Uyên, huyện U Minh Thượng; phần thi «Gia đình tài năng»"
    file = calendar("Ngày hội", [CalendarTurn("e1@kg", name, start, timedelta(minutes=10), "Sân khấu A")], start)
    unfolded = file.replace(b"\r\n ", b"").decode()
    assert f"SUMMARY:{name.replace(',', chr(92) + ',').replace(';', chr(92) + ';')}\r\n" in unfolded
    assert "DTSTART:20240614T003000Z\r\nDTEND:20240614T004000Z" in unfolded
