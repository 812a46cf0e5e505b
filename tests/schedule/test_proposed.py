"""Is a timetable typed in few strokes: does each form go on where the last one ended?"""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.contests.queries import contests
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.schedule.editing.proposed import added_last, next_session, stage_code
from festival.schedule.models import Stage
from festival.schedule.sessions import add_session
from festival.schedule.timetable import sessions_alone
from tests.demo.test_demo import csrf
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_timetable_pages import hashed, organiser, planned

pytestmark = pytest.mark.either_database

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures

OPENING = date(2024, 6, 28)


def proposed(festival_id: int) -> dict[str, str]:
    with reading():
        return next_session(sessions_alone(festival_id), contests(festival_id), OPENING)


def test_the_next_session_goes_on_after_the_one_added_last(ids: Ids) -> None:
    assert proposed(ids.festival) == {"day": "28/6/2024"}
    with transaction():
        add_session(ids.stages[1], ids.relay, at(13), at(14, 5))
    # not the last of the day: the last one typed
    with transaction():
        add_session(ids.stages[0], ids.relay, at(7, 30), at(10))
    assert proposed(ids.festival) == {
        "contest": str(ids.talent), "stage": str(ids.stages[0]), "day": "28/6/2024", "from": "10:00",
    }  # fmt: skip
    with transaction():
        last = add_session(ids.stages[1], ids.talent, at(9), at(9, 30))
        assert added_last(sessions_alone(ids.festival)) == last
    with reading():
        there, every = sessions_alone(ids.festival), contests(ids.festival)
        held = [each for each in every if each.id in (ids.talent, ids.relay)]
        free = [each for each in every if each not in held]
        assert next_session(there, every, OPENING)["contest"] == str(free[0].id)
        # all of these have one: the last one goes on
        assert next_session(there, held, OPENING)["contest"] == str(ids.talent)


def test_a_stage_gets_its_code_from_its_name() -> None:
    assert stage_code("Sân khấu Trung tâm Văn hóa", ()) == "san-khau-trung-tam-van-hoa"
    assert stage_code("Nhà thi đấu", {"nha-thi-dau", "nha-thi-dau-2"}) == "nha-thi-dau-3"
    assert stage_code("☆", {"san"}) == "san-2"
    assert stage_code("ấp " * 40, ()) == "ap-" * 12 + "a"


def test_a_stage_is_added_by_its_name_alone_and_the_page_stays_at_the_form(organiser: FlaskClient, ids: Ids) -> None:
    token = csrf(organiser, "/office/schedule")
    for name in ("Khu ẩm thực", "Khu ẩm thực!"):
        answer = organiser.post("/office/schedule/stages", data={"csrf_token": token, "name": name, "code": ""})
        assert answer.location == "/office/schedule#add-stage"
    with reading():
        codes = db.session.scalars(select(Stage.code).order_by(Stage.position)).all()
    assert codes[-2:] == ["khu-am-thuc", "khu-am-thuc-2"]
    nameless = organiser.post("/office/schedule/stages", data={"csrf_token": token, "name": "", "code": ""})
    assert nameless.status_code == 422
    form = {
        "csrf_token": token,
        "contest": ids.relay,
        "stage": ids.stages[0],
        "day": "28/6/2024",
        "from": "15:00",
        "until": "16:00",
    }
    answer = organiser.post("/office/schedule/sessions", data=form)
    assert answer.location == "/office/schedule#add-session"
    page = organiser.get("/office/schedule").get_data(as_text=True)
    form_shown = page[page.index('id="add-session"') : page.index('id="add-stage"')]
    assert 'name="from"\n    value="16:00"' in form_shown
    assert re.search(rf'value="{ids.stages[0]}" selected', form_shown)
    assert "Thêm sau cùng: " in form_shown
