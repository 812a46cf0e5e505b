"""What does an organiser see who changes sessions, stages and the draft on the pages, and who publishes with acts left out?"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.demo import build
from festival.roster.models import Entry
from festival.schedule import planning, queries
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.planning import LeftOut, Published
from tests.demo.test_demo import csrf, sign_in
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, session_of, times

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

OFFICE = "/office/schedule"


@pytest.fixture(scope="session")
def hashed() -> str:
    return hash_password(build.PASSWORD)


@pytest.fixture
def organiser(app: Flask, planned: Ids, client: FlaskClient, hashed: str) -> FlaskClient:
    # the tests stand in an application context themselves, so a request does not end the session it used
    app.teardown_request(lambda _error: db.session.remove())
    with transaction():
        create_user("btc", "Ban Tổ chức", hashed, [Role.ORGANISER])
    sign_in(client, "btc")
    return client


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form that is sent there, as they stand on the page."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert found is not None, page
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*\bvalue="([^"]*)"', found[1]))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', found[1], re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: value.replace("&#34;", '"').replace("&#39;", "'") for name, value in fields.items()}


def asked_form(page: str) -> dict[str, str]:
    """The hidden fields of the question."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {name: value.replace("&#34;", '"').replace("&#39;", "'") for name, value in fields.items()}


def test_a_session_is_moved_on_its_page_after_the_names_were_read(organiser: FlaskClient, planned: Ids) -> None:
    session = session_of(planned.talent)
    address = f"{OFFICE}/sessions/{session}"
    assert f'href="{address}"' in organiser.get(OFFICE).text
    form = form_of(organiser.get(address).text, address)
    assert (form["day"], form["from"], form["until"], form["label"]) == ("28/6/2024", "7:30", "10:00", "buổi sáng")
    before = times(planned.talent)
    asked = organiser.post(address, data=form | {"from": "14 giờ", "until": "15:10"})
    assert asked.status_code == 200
    for words in ("2 tiết mục mất chỗ trong lịch đang xếp", "5 thay đổi giờ hoặc sân khấu", "vẫn thấy phiên bản 1",
                  "Chưa ghi gì"):  # fmt: skip
        assert words in asked.text, words
    assert times(planned.talent) == before
    # back to the form, with what was typed
    again = organiser.post(address, data=asked_form(asked.text) | {"back": "1"})
    assert form_of(again.text, address)["from"] == "14 giờ"
    done = organiser.post(address, data=asked_form(asked.text))
    assert done.status_code == 302 and done.headers["Location"].endswith(f"#session-{session}")
    assert len(times(planned.talent)) == 5
    # only the name of the session: nothing follows, nothing is asked
    form = form_of(organiser.get(address).text, address)
    assert organiser.post(address, data=form | {"label": "chiều"}).status_code == 302


def test_what_is_refused_keeps_what_was_typed_and_says_the_field(organiser: FlaskClient, planned: Ids) -> None:
    session = session_of(planned.talent)
    address = f"{OFFICE}/sessions/{session}"
    form = form_of(organiser.get(address).text, address)
    for wrong, said in (
        ({"until": "7:00"}, "Giờ kết thúc phải sau giờ bắt đầu"),
        ({"day": "29/6/2024"}, "Ngày viết như"),
        ({"day": "27/6/2024"}, "Buổi thi phải nằm trong ngày hội"),
        ({"from": "bảy rưỡi"}, "Giờ viết như 7:30"),
        ({"contest": ""}, "Chọn phần thi và sân khấu"),
        ({"stage": "9999"}, "Chọn phần thi và sân khấu"),
        ({"stage": str(planned.stages[1])}, "Sân vận động đã có"),
    ):
        answer = organiser.post(address, data=form | {"label": "tên mới gõ"} | wrong)
        assert answer.status_code == 422, (wrong, answer.text)
        assert said in answer.text and 'value="tên mới gõ"' in answer.text, wrong
    new = {"csrf_token": form["csrf_token"], "contest": str(planned.relay), "stage": str(planned.stages[0]),
           "day": "28/6/2024", "from": "9:00", "until": "11:00", "label": "chồng giờ"}  # fmt: skip
    answer = organiser.post(f"{OFFICE}/sessions", data=new)
    assert answer.status_code == 422
    assert "Hội trường đã có «Biểu diễn nghệ thuật «Gia đình tài năng», buổi sáng» từ 7 giờ 30" in answer.text
    assert 'value="chồng giờ"' in answer.text
    # the same contest on another stage at that hour is asked, and the form can be had back
    free = new | {"from": "10:00", "until": "11:00"}
    assert organiser.post(f"{OFFICE}/sessions", data=free).status_code == 302
    twice = free | {"stage": str(planned.stages[1]), "from": "10:30"}
    asked = organiser.post(f"{OFFICE}/sessions", data=twice)
    assert "Cùng lúc đó phần thi này còn" in asked.text
    back = organiser.post(f"{OFFICE}/sessions", data=asked_form(asked.text) | {"back": "1"})
    assert back.status_code == 200 and form_of(back.text, f"{OFFICE}/sessions")["from"] == "10:30"
    assert organiser.post(f"{OFFICE}/sessions", data=asked_form(asked.text)).status_code == 302


@pytest.mark.both_databases
def test_the_second_of_two_who_change_a_session_sees_both(organiser: FlaskClient, planned: Ids) -> None:
    session = session_of(planned.talent)
    address = f"{OFFICE}/sessions/{session}"
    form = form_of(organiser.get(address).text, address)
    assert organiser.post(address, data=form | {"label": "buổi của người thứ nhất"}).status_code == 302
    second = organiser.post(address, data=form | {"label": "buổi của người thứ hai"})
    assert second.status_code == 409
    rows = re.findall(r'<tr class="tone-warn">(.*?)</tr>', second.text, re.S)
    assert len(rows) == 1
    assert "buổi của người thứ nhất" in rows[0] and "buổi của người thứ hai" in rows[0]
    assert "Có người vừa sửa buổi thi này" in second.text
    # who has seen both may write
    assert organiser.post(address, data=form_of(second.text, address)).status_code == 302
    with reading():
        assert db.session.get_one(Session, session).label == "buổi của người thứ hai"
    # and of one that is gone both are told so
    token = {"csrf_token": form["csrf_token"]}
    asked = organiser.post(f"{address}/remove", data=token)
    assert organiser.post(f"{address}/remove", data=asked_form(asked.text)).status_code == 302
    for gone in (
        organiser.get(address),
        organiser.post(address, data=form),
        organiser.post(f"{address}/remove", data=token),
    ):
        assert gone.status_code == 404 and "không còn trong lịch" in gone.text


def test_a_stage_is_renamed_and_taken_out_on_its_page(organiser: FlaskClient, planned: Ids) -> None:
    address = f"{OFFICE}/stages/hoi-truong"
    assert f'href="{address}"' in organiser.get(OFFICE).text
    page = organiser.get(address).text
    assert "Phiên bản 1 đã công bố giữ tên cũ" in page and "1 buổi thi trên đó" in page
    form = form_of(page, address)
    taken = organiser.post(address, data=form | {"name": "Sân vận động"})
    assert (taken.status_code, 'value="Sân vận động"' in taken.text) == (409, True)
    assert organiser.post(address, data=form | {"name": "Nhà hát"}).status_code == 302
    late = organiser.post(address, data=form | {"name": "Nhà văn hóa"})
    assert late.status_code == 409 and "Tên đang có: Nhà hát. Tên vừa nhập: Nhà văn hóa." in late.text
    asked = organiser.post(f"{address}/remove", data={"csrf_token": form["csrf_token"]})
    assert "7 tiết mục mất chỗ" in asked.text and "Nhà hát" in asked.text
    assert organiser.post(f"{address}/remove", data=asked_form(asked.text)).status_code == 302
    assert organiser.get(address).status_code == 404
    # on the day: what has been on a stage is not taken from under it
    with transaction():
        act = db.session.scalars(select(Act).order_by(Act.id)).first()
        assert act is not None
        act.state = ActState.DONE
    refused = organiser.post(f"{OFFICE}/stages/san/remove", data={"csrf_token": form["csrf_token"]})
    assert refused.status_code == 409 and "đã có tiết mục lên sân khấu, không bỏ được" in refused.text
    with reading():
        assert db.session.scalars(select(Stage.code)).all() == ["san"]


def test_a_draft_is_thrown_away_and_brought_back_on_its_page(organiser: FlaskClient, planned: Ids) -> None:
    address = f"{OFFICE}/draft"
    before = times(planned.talent)
    token = {"csrf_token": csrf(organiser, address)}
    assert "Giống phiên bản 1 đã công bố." in organiser.get(address).text
    asked = organiser.post(address, data=token | {"step": "discard"})
    assert "14 tiết mục mất chỗ" in asked.text
    assert organiser.post(address, data=asked_form(asked.text)).status_code == 302
    page = organiser.get(address).text
    assert "14 tiết mục dự thi chưa có giờ" in page and "14 thay đổi chưa công bố so với phiên bản 1" in page
    nothing = organiser.post(address, data=token | {"step": "discard"})
    assert nothing.status_code == 409 and "không có gì để bỏ" in nothing.text
    assert organiser.post(address, data=token | {"step": "back"}).status_code == 302
    assert times(planned.talent) == before
    assert organiser.post(address, data=token | {"step": "x"}).status_code == 400
    for step in ("published", "fill"):
        assert organiser.post(address, data=token | {"step": step}).status_code == 302
    assert times(planned.talent) == before
    with seals.snapshot():
        named = seals.inspect().named()
    assert [difference for seal, difference in named if seal == "schedule"] == []


def test_who_is_left_out_is_asked_by_name_before_the_plan_is_published(organiser: FlaskClient, planned: Ids) -> None:
    session = session_of(planned.talent)
    with transaction():
        acts = db.session.scalars(select(Act).where(Act.session_id == session).order_by(Act.position)).all()
        gone = acts[-1].entry.name
        db.session.delete(acts[-1])
    token = {"csrf_token": csrf(organiser, OFFICE), "note": "bản thử"}
    asked = organiser.post(f"{OFFICE}/publish", data=token)
    assert asked.status_code == 200
    for words in (gone, "Biểu diễn nghệ thuật «Gia đình tài năng»", "Lịch thi sẽ không có 1 tiết mục"):
        assert words in asked.text, words
    # another one falls out meanwhile: asked again, by both names
    with transaction():
        act = db.session.scalars(select(Act).where(Act.session_id == session).order_by(Act.position.desc())).first()
        assert act is not None
        also = act.entry.name
        db.session.delete(act)
    again = organiser.post(f"{OFFICE}/publish", data=asked_form(asked.text))
    assert again.status_code == 200 and gone in again.text and also in again.text
    with reading():
        assert queries.published_version(planned.festival) == 1
    done = organiser.post(f"{OFFICE}/publish", data=asked_form(again.text))
    assert done.headers["Location"].endswith("/versions/2")
    with reading():
        plan = queries.published_plan(planned.festival)
        assert plan is not None and (len(plan.content["acts"]), plan.note) == (12, "bản thử")


def test_a_contest_without_a_session_is_left_out_too_and_the_command_says_so(app: Flask, planned: Ids) -> None:
    def run(*words: str, code: int = 0) -> str:
        db.session.remove()
        done = app.test_cli_runner().invoke(args=["schedule", words[0], "hon-quan-2024", *words[1:]])
        assert done.exit_code == code, done.output
        return done.output

    with reading():
        assert planning.left_out(planned.festival) == LeftOut(())
    said = run("remove-session", "bao-bo", "san", "2024-06-28T07:30", code=1)
    assert said.count("mất chỗ") == 7 and "--yes" in said
    run("remove-session", "bao-bo", "san", "2024-06-28T07:30", "--yes")
    with reading():
        missing = planning.left_out(planned.festival).acts
        assert {(act.has_session, act.contest) for act in missing} == {(False, missing[0].contest)} and len(
            missing
        ) == 7
    said = run("publish", code=1)
    assert said.count("chưa có giờ: Gia đình") == 7 and "--leave-out" in said
    assert "phiên bản 2" in run("publish", "--leave-out")
    assert "Không có sân khấu" in run("session", "bao-bo", "xa", "2024-06-28T07:30", "2024-06-28T08:30", code=1)
    run("session", "bao-bo", "san", "2024-06-28T08:30", "2024-06-28T10:30")
    assert "thêm 7 tiết mục" in run("fill", "--yes")
    assert "mất chỗ" in run(
        "change-session", "bao-bo", "san", "2024-06-28T08:30", "--until", "2024-06-28T08:40", code=1
    )
    run("change-session", "bao-bo", "san", "2024-06-28T08:30", "--from", "2024-06-28T09:00", "--label", "muộn", "--yes")
    run("rename-stage", "san", "Sân mới")
    assert "mất chỗ" in run("discard-draft", code=1)
    run("discard-draft", "--yes")
    assert "Đã lấy lại 14 tiết mục" in run("restore-draft")
    run("discard-draft", "--yes")
    assert "Đã lấy lại 7 tiết mục" in run("restore-draft", "--published", "--yes")
    run("remove-stage", "san", "--yes")
    assert "không còn trong lịch" in run("remove-stage", "san", code=1)
    with reading():
        assert db.session.scalars(select(Stage.code)).all() == ["hoi-truong"]
        assert db.session.scalars(select(Entry.id).where(Entry.contest_id == planned.relay)).all() != []
    with transaction():
        left = planning.left_out(planned.festival)
        assert planning.publish(planned.festival, None, without=left.stamp) == Published(3)
