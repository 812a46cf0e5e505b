"""What an organiser, the leader of a stage, a family and everybody read of a match whose pair is not known, and then is."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from festival.core.clock import from_local, now
from festival.core.transaction import reading, transaction
from festival.devices.handlers import Applied, ConflictKept, Incoming, Rejected
from festival.editions.queries import the_festival
from festival.schedule import planning
from festival.schedule.rounds.adding import add_later_rounds
from festival.schedule.sessions import add_session, add_stage
from festival.schedule.stage_day.sync import KIND, apply_steps, step_words
from festival.schedule.versions.orders import OrderKind, orders_of, values_of
from tests.judging.bracket_cast import BADMINTON, drawn, knock_out, won
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import Desk, people
from tests.schedule.test_later_rounds import FINAL, MORNING, SEMI, hours, sealed, told

pytestmark = pytest.mark.either_database

ROUNDS = "/office/schedule/bong-ro/rounds"
WAITS = "Bán kết, trận 1: bên thắng tứ kết, trận 1 – bên thắng tứ kết, trận 2"
DAY = from_local(MORNING + timedelta(minutes=5))


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = knock_out(8, BADMINTON)
        with transaction():
            stage = add_stage(made.festival_id, "san", "Sân cầu lông")
            begins = from_local(MORNING)
            add_session(stage.id, made.sport_id, begins, begins + timedelta(hours=2), "sáng")
        return made


def anybody(app: Flask, path: str) -> str:
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return answer.text


def told_text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def organiser(app: Flask, panel: Panel) -> Desk:
    (found,) = people(app, panel, "organiser")
    return found


def test_an_organiser_takes_them_in_puts_one_on_the_board_and_takes_them_out(app: Flask, panel: Panel) -> None:
    office = organiser(app, panel)
    assert "Các trận vòng sau" in office.get("/office/schedule")
    page = office.get(ROUNDS)
    assert "Đưa 4 trận vào lịch" in page and "Chưa bốc bảng đấu" in page
    office.post(ROUNDS, 302, to="add")
    office.post(ROUNDS, 409, to="add")
    office.post(ROUNDS, 400, to="x")
    page = office.get(ROUNDS)
    assert WAITS in page and page.count("chưa có giờ") == 4
    taken = office.get(f"/office/schedule/board?take={FINAL}")
    assert "Đang cầm: Ném bóng vào rổ, Chung kết" in taken
    place = re.findall(r'name="place" value="(\d+\.[^"]*)"', taken)[-1]
    office.post("/office/schedule/board", 302, take=FINAL, place=place, seen="0")
    with app.app_context():
        assert hours(panel)[FINAL] == "07:30" and sealed() == []
    board = office.get("/office/schedule/board")
    assert "Chung kết: bên thắng bán kết, trận 1 – bên thắng bán kết, trận 2" in board
    assert f'id="act-{FINAL}"' in board
    assert "Chung kết: bên thắng" in told_text(office.get("/office/schedule"))
    with app.app_context():
        drawn(panel)
    page = told_text(office.get(ROUNDS))
    assert "xếp cặp theo số bốc thăm, khác bảng đấu" in page and "Tứ kết, trận 1: Gia đình ông Danh Chung" in page
    office.post(ROUNDS, 302, to="drop")
    assert "Đưa 4 trận vào lịch" in office.get(ROUNDS)
    assert "Chỉ phần thi đấu loại" in office.get("/office/schedule/tai-nang/rounds", 404)


def planned(panel: Panel) -> None:
    """In the timetable, planned, published; the bracket drawn."""
    drawn(panel)
    with transaction():
        add_later_rounds(panel.festival_id, panel.sport_id, None)
        planning.make_plan(panel.festival_id)
    with transaction():
        planning.publish(panel.festival_id, None, without=planning.left_out(panel.festival_id).stamp)


def test_the_stage_the_papers_and_everybody_follow_the_bracket(app: Flask, panel: Panel) -> None:
    with time_machine.travel(DAY, tick=False):
        with app.app_context():
            planned(panel)
        assert WAITS in told_text(anybody(app, "/programme/2024-06-14"))
        with app.app_context():
            won(panel, (1, 1))
            won(panel, (1, 2))
            pair = told(panel)[SEMI[1]]
        assert pair != WAITS
        page = told_text(anybody(app, "/programme/2024-06-14"))
        assert pair in page and WAITS not in page
        assert pair in anybody(app, "/programme/stages/san.ics").replace("\r\n ", "").replace("\\,", ",")
        with app.app_context(), reading():
            parts = values_of(orders_of(the_festival(), now()), list(OrderKind))["parts"]
        lines = [cell for part in parts for table in part["tables"] for row in table["rows"] for cell in row]
        assert sum(cell == pair for cell in lines) == 4  # of the stage, of the panel, of both delegations
        assert any(cell.startswith(pair) for cell in lines if cell != pair)  # what is announced
    manager = organiser(app, panel)
    with time_machine.travel(DAY, tick=False):
        stage = manager.get("/office/stage/san")
        assert pair in told_text(stage)
        (action,) = set(re.findall(r"/office/stage/matches/\d+", stage.partition(pair)[2].partition("</li>")[0]))
        manager.post(action, 302, was="waiting", to="on_stage")
        assert pair in told_text(
            manager.get("/office/stage/san").partition('class="stage-now')[2].partition("</section>")[0]
        )
        manager.post(action, 409, was="waiting", to="ready")
        manager.post(action, 302, was="on_stage", to="done")
        manager.post(action, 302, was="done", to="on_stage")
        manager.post(action, 302, was="on_stage", to="ready")
    with app.app_context():
        assert sealed() == []


def test_a_device_at_the_stage_says_it_by_its_code(app: Flask, panel: Panel) -> None:
    def tapped(code: str, was: str, to: str) -> object:
        body = {"was": was, "to": to}
        incoming = Incoming(
            "m" + to, 1, "stage", None, 1, KIND, code, body, None, now(), now(), panel.festival_id, 9, "san"
        )
        with transaction():
            (verdict,) = apply_steps([incoming])
        return type(verdict)

    with app.app_context(), time_machine.travel(DAY, tick=False):
        planned(panel)
        assert tapped(SEMI[1], "waiting", "ready") is ConflictKept  # nobody knows yet who plays
        won(panel, (1, 1))
        won(panel, (1, 2))
        assert tapped(SEMI[1], "waiting", "ready") is Applied
        assert tapped(SEMI[1], "waiting", "absent") is ConflictKept
        assert tapped("bong-ro_5_1", "waiting", "ready") is Rejected
        with reading():
            assert step_words(panel.festival_id, [{"subject": SEMI[1]}]) == ["lượt của Bán kết, trận 1"]
        assert sealed() == []
