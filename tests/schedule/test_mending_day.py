"""On the day: a stage that stops, a family that comes later: seen first, then one step with a version of its own, announced, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.roles import Role
from festival.core import ledger
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule import queries
from festival.schedule.mending import answer
from festival.schedule.models import Act, ActState, Plan
from festival.schedule.planning import Published, publish
from tests.house.test_statements import statements
from tests.portal.test_delegation_page import MORNING, Head, come
from tests.registration.pages_kit import words
from tests.schedule.test_mending_pages import hidden, token
from tests.schedule.test_presence import signed_in

pytestmark = pytest.mark.either_database

MEND = "/office/schedule/mend"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the solver's process: what is found in a moment is enough here."""
    monkeypatch.setattr(answer, "SOLVER", False)


LATE = MORNING + timedelta(minutes=45)  # 7 giờ 45; the first act was to begin at 7 giờ 30, one every ten minutes


@pytest.fixture
def head(app: Flask) -> Iterator[Head]:
    with time_machine.travel(MORNING):
        made = come(app, 5, contests=1)
        with app.app_context(), transaction():
            for act in db.session.scalars(select(Act).order_by(Act.position)):
                act.session.ends_at = max(act.session.ends_at, act.starts_at + timedelta(hours=2))
            assert isinstance(publish(act.session.stage.festival_id, None), Published)
    with time_machine.travel(LATE, tick=False):
        yield made


def starts(app: Flask) -> list[str]:
    with app.app_context(), reading():
        return [f"{local(at):%H:%M}" for at in db.session.scalars(select(Act.starts_at).order_by(Act.position))]


def version(app: Flask) -> tuple[int, list[str]]:
    with app.app_context(), reading():
        plan = db.session.scalars(select(Plan).order_by(Plan.version.desc()).limit(1)).one()
        return plan.version, [each["starts_at"][11:16] for each in plan.content["acts"]]


def look(client: FlaskClient, **said: str) -> str:
    form = token(client.get(MEND).text) | {
        "do": "look",
        "kind": "stage",
        "of": "Sân khấu A",
        "begins": "7:50",
        "minutes": "25",
    }
    answered = client.post(MEND, data=form | {"cap": "20", "over": "0"} | said)
    assert answered.status_code == 200, answered.text
    return answered.text


def test_a_stage_that_stops_is_mended_published_announced_and_taken_back(app: Flask, head: Head) -> None:
    office, stage = signed_in(app, Role.ORGANISER), signed_in(app, Role.STAGE_MANAGER)
    assert stage.get(MEND).status_code == 403 and "Vá lịch" not in stage.get("/office/stage/a").text
    assert "Vá lịch" in office.get("/office/stage/a").text
    own = office.get("/office/stage/a").text
    first = re.search(r'id="act-(\d+)"', own)
    assert first is not None
    tap = token(own) | {"was": "waiting", "to": "on_stage"}
    assert office.post(f"/office/stage/acts/{first[1]}", data=tap).status_code == 302
    was, (number, _told) = starts(app), version(app)
    page = look(office)
    assert starts(app) == was and version(app)[0] == number
    assert "Nếu vá" in page and "muộn hơn" in page
    answered = office.post(MEND, data=hidden(page, "Vá như vậy và công bố"))
    assert answered.status_code == 302
    assert version(app) == (number + 1, starts(app))
    assert starts(app)[0] == was[0] and starts(app)[1] >= "08:15"
    shown = words(office.get(MEND))
    assert "Sân khấu A tạm ngừng 25 phút từ 7 giờ 50" in shown and f"Đã công bố thành phiên bản {number + 1}" in shown
    ready = re.search(r'href="/office/messages/new\?words=([^"]+)"', office.get(MEND).text)
    assert ready is not None and "Giờ mới:" in unquote(ready[1])
    assert unquote(ready[1]) in unescape(office.get(f"/office/messages/new?words={ready[1]}").text)
    step = re.search(r"/office/schedule/mend/(\d+)/undo", office.get(MEND).text)
    assert step is not None
    for status in (302, 409):
        assert office.post(f"{MEND}/{step[1]}/undo", data=token(office.get(MEND).text)).status_code == status
    assert starts(app) == was and version(app) == (number + 2, was)
    with app.app_context(), reading():
        festival = db.session.scalars(select(Festival)).one()
        assert ledger.verify(f"decisions:{festival.code}") == []
        assert queries.published_version(festival.id) == number + 2


def test_a_family_that_comes_later_goes_later_and_who_was_called_stays(app: Flask, head: Head) -> None:
    office = signed_in(app, Role.ORGANISER)
    with app.app_context(), transaction():
        acts = db.session.scalars(select(Act).order_by(Act.position)).all()
        acts[0].state, acts[0].began_at, acts[0].ended_at = ActState.DONE, MORNING, LATE - timedelta(minutes=1)
        acts[1].state = ActState.ABSENT
        acts[2].state = ActState.READY
        code, third = acts[1].entry.code, acts[2].entry.name
    page = look(office, kind="family", of=code, until="8:20", begins="", minutes="")
    assert "(chưa đến)" in page
    assert office.post(MEND, data=hidden(page, "Vá như vậy và công bố")).status_code == 302
    with app.app_context(), reading():
        rows = {row.entry.code: row for row in db.session.scalars(select(Act))}
        assert f"{local(rows[code].starts_at):%H:%M}" >= "08:20" and rows[code].state is ActState.WAITING
    called = unescape(look(office, begins="7:45", minutes="60", cap="0"))
    assert f"«{third}»" in called and "đã được mời chuẩn bị" in called and "Vá như vậy" not in called


def test_what_cannot_be_read_is_said_and_what_nobody_saw_is_not_published_along(app: Flask, head: Head) -> None:
    office = signed_in(app, Role.ORGANISER)
    form = token(office.get(MEND).text) | {
        "do": "look",
        "kind": "stage",
        "of": "Sân khấu A",
        "begins": "",
        "minutes": "25",
    }
    for wrong, said in (
        ({"of": "khác"}, "Chọn trong danh sách của hôm nay."),
        ({"minutes": ""}, "Số phút ngừng hoặc muộn là số từ 1 đến 240."),
        ({"begins": "lúc nãy"}, "Giờ viết như 7:30"),
        ({"over": "-1"}, "Số phút buổi thi được kéo dài"),
    ):
        answered = office.post(MEND, data=form | wrong)
        assert answered.status_code == 400 and said in answered.text
    assert office.post(MEND, data=form | {"kind": "act"}).status_code == 400
    assert office.post(MEND, data=form | {"do": "x"}).status_code == 400
    with app.app_context(), reading():
        code = db.session.scalars(select(Entry.code).join(Act).order_by(Act.position)).first()
    family = form | {"kind": "family", "of": str(code)}
    assert "bấm «Vắng mặt»" in unescape(office.post(MEND, data=family).text)
    assert "sau lúc này" in office.post(MEND, data=family | {"until": "7:00"}).text
    for kind in ("panel", "session", "family"):
        with statements(app) as seen:
            page = office.get(f"{MEND}?kind={kind}").text
        assert len(seen) <= 20
        of = re.search(r'<select[^>]*name="of".*?<option value="([^"]+)"', page, re.S)
        assert of is not None
        if kind != "family":
            assert "muộn hơn" in look(office, kind=kind, of=of[1], begins="7:50" if kind == "panel" else "")
    assert "Chưa cầm tiết mục nào" in office.get("/office/schedule/asked").text
    with statements(app) as seen:
        assert office.get(f"/office/schedule/asked?take={code}").status_code == 200
    assert len(seen) <= 20
    sent = hidden(look(office), "Vá như vậy và công bố")
    with app.app_context(), transaction():
        act = db.session.scalars(select(Act).order_by(Act.position.desc())).first()
        assert act is not None
        act.starts_at += timedelta(minutes=5)
    refused = office.post(MEND, data=sent)
    assert refused.status_code == 409 and "thay đổi chưa công bố" in refused.text
