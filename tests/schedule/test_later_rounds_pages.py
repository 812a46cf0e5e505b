"""What an organiser, the leader of a stage, a family and everybody read of a match whose pair is not known, and then is."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest, Secrecy
from festival.core.clock import from_local, now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.handlers import Applied, ConflictKept, Incoming, Rejected
from festival.editions.queries import the_festival
from festival.judging.matches.playing import take_back_match
from festival.office.gates.coming import coming_acts
from festival.portal.calendar_addresses import family_address
from festival.roster.models import Entry, Family
from festival.schedule import planning
from festival.schedule.moving.shifting import Shift, shift
from festival.schedule.rounds.adding import add_later_rounds
from festival.schedule.sessions import add_session, add_stage
from festival.schedule.stage_day.sync import KIND, apply_steps, step_words
from festival.schedule.versions.orders import OrderKind, orders_of, values_of
from tests.judging.bracket_cast import BADMINTON, bracket, drawn, knock_out, won
from tests.judging.panel_cast import Panel
from tests.portal.test_calendars import events
from tests.results.test_pages_of_the_panel import Desk, people
from tests.schedule.test_later_rounds import FINAL, MORNING, SEMI, THIRD, hours, sealed, session_of, told

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
        with transaction():
            planning.make_plan(panel.festival_id)
        drawn(panel)
    page = told_text(office.get(ROUNDS))
    assert "chưa theo bảng đấu" in page and "Tứ kết, trận 1: Gia đình ông Danh Chung" in page
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
        # the list of stages counts it, and a line of the menu leads there
        assert "0 /12" in told_text(manager.get("/office/stage"))
        assert 'href="/office/stage"' in manager.get("/office").partition("</nav>")[0]
    with app.app_context():
        assert sealed() == []


def in_the_semi(app: Flask, side: str) -> tuple[int, str, str]:
    """What the calendar of a family says of it: SEQUENCE, STATUS, SUMMARY."""
    with app.app_context(), reading():
        entry = db.session.scalars(select(Entry).where(Entry.code == side)).one()
        path = "/calendars" + family_address(db.session.get_one(Family, entry.family_id)).partition("/calendars")[2]
    found = [each for each in events(app.test_client(), path) if each["UID"].startswith(SEMI[1])]
    assert len(found) <= 1
    return (int(found[0]["SEQUENCE"]), found[0]["STATUS"], found[0]["SUMMARY"]) if found else (0, "", "")


def test_a_calendar_hears_that_a_turn_is_off_or_has_gone_to_another_stage(app: Flask, panel: Panel) -> None:
    """A result that is corrected moves a family out of a match, and back; an evening goes to another stage, as a whole."""

    def corrected(work: Callable[[], object]) -> None:
        with app.app_context():
            work()

    def open_to_all(secrecy: Secrecy) -> None:
        with transaction():
            db.session.get_one(Contest, panel.sport_id).secrecy = secrecy

    def taken_back() -> None:
        with transaction():
            take_back_match(panel.sport_id, (1, 2), 2, None)

    def rain() -> None:
        with transaction():
            add_stage(panel.festival_id, "nha", "Nhà thi đấu")
            shift(panel.festival_id, Shift((session_of(panel).id,), "nha"), None)
            planning.publish(panel.festival_id, None, without=planning.left_out(panel.festival_id).stamp)

    with time_machine.travel(DAY, tick=False):
        with app.app_context():
            planned(panel)
            match = bracket(panel).tree.rounds[0][1]
        assert match.a and match.b
        assert in_the_semi(app, match.a)[1] == ""
        corrected(lambda: (won(panel, (1, 1)), won(panel, (1, 2))))
        with app.app_context(), reading():  # the gate awaits who plays it, as soon as that is known
            coming = {each.act.entry.code: each for each in coming_acts(panel.festival_id, now())}
        assert {SEMI[1], SEMI[2], THIRD, FINAL} <= set(coming) and len(coming) == 12
        first = in_the_semi(app, match.a)
        assert first[1] == "CONFIRMED" and "Bán kết" in first[2] and in_the_semi(app, match.b)[1] == ""
        corrected(lambda: won(panel, (1, 2), match.b, 1))
        off, on = in_the_semi(app, match.a), in_the_semi(app, match.b)
        assert (off[1:], on[1]) == (("CANCELLED", "Ném bóng vào rổ (không còn lượt này)"), "CONFIRMED")
        assert first[0] < off[0] == on[0]
        corrected(taken_back)
        assert in_the_semi(app, match.b)[1] == in_the_semi(app, match.a)[1] == "CANCELLED"
        corrected(lambda: won(panel, (1, 2), None, 3))
        again = in_the_semi(app, match.a)
        assert again[1:] == first[1:] and in_the_semi(app, match.b)[1] == "CANCELLED"
        assert first[0] < off[0] < again[0]
        # nobody reads of a pair that is sealed, whatever it was
        corrected(lambda: open_to_all(Secrecy.SECRET))
        assert in_the_semi(app, match.a)[1] == in_the_semi(app, match.b)[1] == ""
        corrected(lambda: open_to_all(Secrecy.AT_ONCE))
        # rain: all of it in the hall, in the next version
        before = {each["UID"]: int(each["SEQUENCE"]) for each in events(app.test_client(), "/programme/stages/san.ics")}
        corrected(rain)
        after = events(app.test_client(), "/programme/stages/san.ics")
        assert {each["UID"] for each in after} == set(before) and len(after) == 12
        assert {each["STATUS"] for each in after} == {"CANCELLED"}
        assert {each["SUMMARY"] for each in after} == {"Ném bóng vào rổ (đã chuyển sang Nhà thi đấu)"}
        assert all(int(each["SEQUENCE"]) > before[each["UID"]] for each in after)
        there = events(app.test_client(), "/programme/stages/nha.ics")
        assert [each["STATUS"] for each in there] == ["CONFIRMED"] * 12
        assert in_the_semi(app, match.a)[1] == "CONFIRMED"


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
