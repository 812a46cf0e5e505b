"""Odd corners of the draft: a closed stage, an evening after midnight, a stage that is gone, a draw whose session is drawn first."""

from __future__ import annotations

import re
from pathlib import Path
from subprocess import run

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.schedule import planning, queries
from festival.schedule.conflicts import Clash
from festival.schedule.drawn.changed import DrawnInBlocks, block_order
from festival.schedule.editing import steps
from festival.schedule.models import Act, ActState, Session
from festival.schedule.moving.foreseen import place
from festival.schedule.moving.lying import lying
from festival.schedule.planning import LeftOut, Published
from festival.schedule.sessions import add_session
from festival.schedule.wishes.models import WishKind
from festival.schedule.wishing.deciding import WishValues, add_wish
from tests.demo.test_demo import csrf
from tests.harness.node import run_node_tests
from tests.schedule.test_draft_steps import act_of, put, undo
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, session_of
from tests.schedule.test_timetable_pages import OFFICE, asked_form, form_of, hashed, organiser

pytestmark = pytest.mark.either_database

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures


def test_acts_that_wait_on_a_closed_stage_are_said_and_asked_about(organiser: FlaskClient, planned: Ids) -> None:
    closed = (
        "Hội trường đã đóng nhưng «Biểu diễn nghệ thuật «Gia đình tài năng», buổi sáng» ở đó còn 7 tiết mục chưa thi"
    )
    with transaction():
        steps.close_stage(planned.festival, "hoi-truong", True, None)
    for address in (OFFICE, f"{OFFICE}/board"):
        assert closed in organiser.get(address).text, address
    token = {"csrf_token": csrf(organiser, OFFICE), "note": "mưa"}
    asked = organiser.post(f"{OFFICE}/publish", data=token)
    assert asked.status_code == 200
    for words in (closed, "Công bố khi còn tiết mục ở sân khấu đã đóng?", "Chưa công bố, dời các buổi đi"):
        assert words in asked.text, words
    # one of them has been on since: it is asked again, of those that wait
    with transaction():
        act_of("tai-nang-1").state = ActState.DONE
        assert isinstance(planning.publish(planned.festival, None, without=asked_form(asked.text)["without"]), LeftOut)
    again = organiser.post(f"{OFFICE}/publish", data=asked_form(asked.text))
    assert "còn 6 tiết mục chưa thi" in again.text
    done = organiser.post(f"{OFFICE}/publish", data=asked_form(again.text))
    assert done.headers["Location"].endswith("/versions/2")
    # opened again, or all over: nothing is asked
    talent = session_of(planned.talent)
    with transaction():
        for act in db.session.scalars(select(Act).where(Act.session_id == talent)):
            act.state = ActState.DONE
    with transaction():
        assert planning.publish(planned.festival, None) == Published(3)
        assert [each for each in queries.plan_conflicts(planned.festival) if each.kind is Clash.CLOSED] == []


def test_the_board_says_what_was_wished_before_an_act_is_put_down(organiser: FlaskClient, planned: Ids) -> None:
    with reading():
        entry_id = act_of("tai-nang-7").entry_id
    with transaction():
        add_wish(planned.festival, WishValues(WishKind.WINDOW, entry_id, starts_at=at(9)), None)
    talent = session_of(planned.talent)
    with reading():
        table = lying(planned.festival)
        session = table.sessions[talent]
        said = [str(each) for each in place(table, "tai-nang-7", session, "tai-nang-1").clashes]
        assert "«Gia đình 7» bắt đầu 7 giờ 30 ngày 28/6, sớm hơn giờ đã hẹn: không trước 9 giờ ngày 28/6." in said
    put(planned, "tai-nang-7", talent, "tai-nang-1")
    assert "sớm hơn giờ đã hẹn" in organiser.get(f"{OFFICE}/board").text


def test_an_evening_after_midnight_is_typed_as_people_write_it(organiser: FlaskClient, planned: Ids) -> None:
    new = {"csrf_token": csrf(organiser, OFFICE), "contest": str(planned.relay), "stage": str(planned.stages[0]),
           "day": "28/6/2024", "from": "22:00", "until": "0:30", "label": "đêm hội"}  # fmt: skip
    assert organiser.post(f"{OFFICE}/sessions", data=new).status_code == 302
    assert "Đã thêm buổi thi. Buổi kết thúc lúc 0 giờ 30 rạng sáng 29/6." in organiser.get(OFFICE).text
    with reading():
        session = db.session.scalars(select(Session).where(Session.label == "đêm hội")).one()
        session_id, ends = session.id, local(session.ends_at)
    assert f"{ends:%d %H:%M}" == "29 00:30"
    # its form shows it so, and takes it again
    address = f"{OFFICE}/sessions/{session_id}"
    form = form_of(organiser.get(address).text, address)
    assert (form["from"], form["until"]) == ("22:00", "0:30")
    assert organiser.post(address, data=form | {"until": "3 giờ"}).status_code == 302
    assert "rạng sáng 29/6" in organiser.get(OFFICE).text
    for until, said in (("3:30", "Giờ kết thúc phải sau giờ bắt đầu"), ("21:00", "Giờ kết thúc phải sau giờ bắt đầu")):
        answer = organiser.post(address, data=form_of(organiser.get(address).text, address) | {"until": until})
        assert answer.status_code == 422 and said in answer.text and f'value="{until}"' in answer.text
    # a pause and an hour that was agreed too
    wishes = f"{OFFICE}/wishes"
    token = {"csrf_token": csrf(organiser, wishes)}
    pause = token | {"note": "Nghỉ đêm", "day": "28/6/2024", "from": "23:30", "until": "0:15"}
    hours = token | {"act": "bao-bo-1", "day": "28/6/2024", "until": "0:30"}
    for kind, sent, words in (("pause", pause, "15 ngày 29/6"), ("window", hours, "30 ngày 29/6")):
        assert organiser.post(f"{wishes}/{kind}", data=sent).status_code == 302
        assert words in organiser.get(wishes).text


def test_a_stage_that_is_gone_from_the_draft_keeps_its_page_until_it_is_published(
    organiser: FlaskClient, planned: Ids
) -> None:
    with transaction():
        there = add_session(planned.stages[1], planned.talent, at(10), at(11)).id
    put(planned, "tai-nang-2", there, "")
    with transaction():
        steps.remove_stage(planned.festival, "hoi-truong", None)
    assert 'href="/office/stage/hoi-truong"' in organiser.get("/office/stage").text
    page = organiser.get("/office/stage/hoi-truong?day=20240628")
    assert page.status_code == 200
    for words in ("Sân khấu này đã bỏ khỏi lịch đang xếp", "Gia đình 2", "Gia đình 5"):
        assert words in page.text, words
    # who has a place elsewhere in the draft is called where it is published
    assert page.text.count('class="stage-large"') >= 1
    for address in ("/office/stage/hoi-truong/sound", "/office/stage/hoi-truong/mc", "/api/v1/stage/hoi-truong/news",
                    "/api/v1/stage/hoi-truong/day"):  # fmt: skip
        assert organiser.get(address).status_code == 200, address
    with transaction():
        left = planning.left_out(planned.festival)
        assert planning.publish(planned.festival, None, without=left.stamp) == Published(2)
    assert organiser.get("/office/stage/hoi-truong").status_code == 404
    assert "hoi-truong" not in organiser.get("/office/stage").text
    undo(planned)
    assert organiser.get("/office/stage/hoi-truong").status_code == 200


# ------------------------------------------------------------------------------------------------ the draw


def test_after_the_last_number_one_step_plans_and_prints_every_list(
    organiser: FlaskClient, sessions: Ids, tmp_path: Path
) -> None:
    """What is made, step by step; how long it takes is told by `python -m benchmarks draw`."""
    with transaction():
        planning.take_out(sessions.festival)  # the page is an organiser's, whose festival is planned
    draw = f"{OFFICE}/tai-nang/draw"
    numbers = {f"n-tai-nang-{n}": str(8 - n) for n in range(1, 8)}
    token = {"csrf_token": csrf(organiser, draw)}
    assert "Xác nhận thứ tự này" in organiser.post(draw, data=token | numbers | {"step": "read"}).text
    made = [organiser.post(draw, data=token | numbers | {"step": "confirm"})]
    page = organiser.get(f"{OFFICE}/draws").text
    assert "Chưa xếp lịch: danh sách chưa có giờ." in page
    made.append(organiser.post(f"{OFFICE}/plan", data=form_of(page, f"{OFFICE}/plan")))
    made.append(organiser.get(made[-1].headers["Location"]))
    assert [(answer.status_code, answer.mimetype) for answer in made] == [
        (302, "text/html"), (302, "text/html"), (200, "application/pdf"),
    ]  # fmt: skip
    (tmp_path / "all.pdf").write_bytes(made[-1].data)
    words = run(["pdftotext", "-layout", tmp_path / "all.pdf", "-"], check=True, capture_output=True, text=True).stdout
    assert re.findall(r"^ +(\d) +Gia đình (\d) +Đoàn", words, re.M) == [(str(n), str(8 - n)) for n in range(1, 8)]
    assert words.count("7 giờ 30, 28/6/2024") == 2
    assert words.count("Gia đình 7") == 2, "in the order of the contest, and on the page of its delegation"
    # with a plan nothing is planned anew by printing
    assert "Xếp lịch rồi in" not in organiser.get(f"{OFFICE}/draws").text


def test_the_wall_shows_what_is_typed_as_it_will_be_read_back() -> None:
    run_node_tests(Path(__file__).with_name("draw_order_js.test.mjs"))
    # the case of the script, by the rule of the server
    typed = {"a": ("7", "2"), "b": ("8", "1"), "c": ("7", "1")}
    assert block_order(typed, [7, 8]) == DrawnInBlocks(("c", "a", "b"), ((7, 2), (8, 1)))
