"""Why has not everything a place, in words, each wish with its page?"""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, update

from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.schedule.filling.chosen import FillState
from festival.schedule.models import Session
from tests.house.filling_searches import found
from tests.schedule.test_board import token
from tests.schedule.test_filling import FILL, begin, turned_until, words
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned
from tests.schedule.test_timetable_pages import hashed, organiser

pytestmark = pytest.mark.either_database

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures


def wish(client: FlaskClient, kind: str, **said: str) -> int:
    answer = client.post(
        f"/office/schedule/wishes/{kind}", data=token(client.get(FILL).text) | {"day": "28/6/2024"} | said
    )
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rpartition("-")[2])


def test_every_reason_has_its_words_and_its_page(organiser: FlaskClient, planned: Ids) -> None:
    number = wish(organiser, "window", act="tai-nang-1", until="8:00")
    with transaction():
        found(db.session.get_one(Festival, planned.festival), None, number)
    page = organiser.get(FILL).text
    shown = words(page)
    assert "các gia đình chờ 90 phút Ít nhất có thể 75 phút" in shown
    assert "các gia đình chờ 120 phút, nhưng chưa giữ hết các điều đã chọn và đã ghi" in shown
    assert "Còn 1 tiết mục chưa có chỗ." in shown and "Máy dừng giữa chừng" in shown
    assert "Những điều sau không thể cùng giữ: bỏ một điều bất kỳ là mọi tiết mục có chỗ." in shown
    assert "giữ thứ tự bốc thăm làm các gia đình chờ thêm khoảng 14 phút." in shown
    act = "Gia đình 1, Biểu diễn nghệ thuật «Gia đình tài năng»"
    for href, said in (
        (f"/office/schedule/wishes/{number}", f"«{act}» xong trước 8 giờ ngày 28/6"),
        ("/office/schedule/board?take=tai-nang-1#hand", f"«{act}» giữ nguyên chỗ đang có"),
        ("/office/schedule/fill#start", "giữ thứ tự bốc thăm"),
    ):
        assert f'<a href="{href}">{said}</a>' in unescape(page)
    assert len(page) < 60_000
    count = 0

    def counted(*_args: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", counted)
    try:
        organiser.get(FILL)
    finally:
        event.remove(db.engine, "before_cursor_execute", counted)
    assert count <= 20


def test_what_contradicts_itself_is_said_with_each_wish_and_its_page(organiser: FlaskClient, planned: Ids) -> None:
    first = wish(organiser, "window", act="tai-nang-1", until="8:00")
    second = wish(organiser, "window", act="bao-bo-1", until="8:00")
    away = wish(organiser, "away", **{"who": "Gia đình 1", "from": "7:00", "until": "7:50"})
    wish(organiser, "away", **{"who": "Gia đình 2", "from": "7:00", "until": "7:50"})  # in nobody's way
    begin(planned)
    run = turned_until(FillState.FOUND)
    assert run.found["unplaced"] != []
    page = organiser.get(FILL).text
    assert "«Gia đình 1» không thể thi đủ: những điều sau không thể cùng đúng, bỏ một điều là được." in words(page)
    linked = {int(each) for each in re.findall(r'href="/office/schedule/wishes/(\d+)"', page)}
    assert linked == {away, second} or linked == {away, first} or linked == {away, first, second}
    assert "Gia đình 1" not in str(run.found)  # codes of acts alone
    organiser.post(f"/office/schedule/wishes/{away}/back", data=token(page) | {"step": "take", "version": "1"})
    begin(planned)
    run = turned_until(FillState.FOUND)
    assert (len(run.found["unplaced"]) > 0) is (linked == {first, second})


def test_minutes_that_are_not_there_are_named_with_the_acts_to_leave_out(organiser: FlaskClient, planned: Ids) -> None:
    with transaction():
        db.session.execute(update(Session).values(ends_at=at(7, 55)))
    begin(planned)
    run = turned_until(FillState.FOUND)
    page = words(organiser.get(FILL).text)
    assert re.search(r"«[^»]+» cần \d+ phút sân khấu mà chỉ có \d+ phút\. Bỏ bớt \d+ tiết mục dưới đây", page)
    assert f"{len(run.found['unplaced'])} tiết mục chưa có chỗ trong lịch này" in page
