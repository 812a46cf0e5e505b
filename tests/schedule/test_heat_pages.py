"""What does everybody read of a heat: organiser, stage, device, public, family, papers? One walk, from the draw to the last tap."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.accounts.actions import create_user
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.demo import build
from festival.editions.queries import the_festival
from festival.portal.turns import turns_of
from festival.programme.queries import view_of
from festival.roster.models import Entry, EntryState
from festival.schedule import drawing, planning
from festival.schedule.changes import changes
from festival.schedule.drawn import changing
from festival.schedule.models import Act, Plan, Stage
from festival.schedule.stage_day.device_state import _of_the_stage
from festival.schedule.versions.orders import OrderKind, orders_of, values_of
from tests.demo.test_demo import csrf, sign_in
from tests.schedule.test_programme import Ids, at, ids, inside, sessions

__all__ = ["ids", "inside", "sessions"]  # fixtures

pytestmark = pytest.mark.either_database


@pytest.fixture
def organiser(app: Flask, sessions: Ids, client: FlaskClient) -> Iterator[FlaskClient]:
    """Seven run in three lanes: 1 2 3, 4 5, 6 7."""
    app.teardown_request(lambda _error: db.session.remove())
    with time_machine.travel(at(7), tick=False):
        with transaction():
            create_user("btc", "Ban Tổ chức", hash_password(build.PASSWORD), [Role.ORGANISER])
            db.session.execute(update(Contest).where(Contest.id == sessions.relay).values(lanes=3))
            drawing.draw_by_hand(sessions.relay, {f"bao-bo-{number}": str(number) for number in range(1, 8)}, None)
        sign_in(client, "btc")
        yield client


def read(client: FlaskClient, path: str) -> str:
    """The words of a page."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    assert len(answer.data) < 60_000
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def tap(client: FlaskClient, number: int, was: str, to: str) -> None:
    with reading():
        act = db.session.scalars(select(Act.id).join(Entry).where(Entry.code == f"bao-bo-{number}")).one()
    form = {"csrf_token": csrf(client, "/office/stage/san"), "was": was, "to": to}
    assert client.post(f"/office/stage/acts/{act}", data=form).status_code == 302


def test_from_the_draw_to_the_last_tap(organiser: FlaskClient, sessions: Ids) -> None:
    draw = read(organiser, "/office/schedule/bao-bo/draw")
    assert "mỗi đợt nhiều nhất 3 đường" in draw and "đợt 1, đường 3" in draw and "đợt 3, đường 2" in draw
    token = csrf(organiser, "/office/schedule")
    assert (
        organiser.post("/office/schedule/plan", data={"csrf_token": token, "gap": "15", "order": "yes"}).status_code
        == 302
    )
    assert "đợt 2, đường 1" in read(organiser, "/office/schedule")
    assert "đợt 1: Gia đình 1, Gia đình 2, Gia đình 3" in read(organiser, "/office/schedule/board")
    with transaction():
        planning.publish(sessions.festival, None)

    # everybody reads heat and lane
    assert read(organiser, "/programme/2024-06-28").count("đợt 1, đường ") == 3
    searched = organiser.post(
        "/programme/search", data={"csrf_token": token, "search": "Gia đình 7"}, follow_redirects=True
    )
    assert "đợt 3, đường 2" in searched.text
    acts = organiser.get("/api/v1/public/programme").get_json()["days"][0]["sessions"]
    told = {act["entry"]: (act.get("heat"), act.get("lane")) for row in acts for act in row["acts"]}
    assert (told["bao-bo-5"], told["tai-nang-5"]) == ((2, 2), (None, None))
    assert "đợt 1, đường 1" in read(organiser, "/office/schedule/versions/1")
    with reading():
        turn = next(each for each in turns_of(view_of(the_festival()), frozenset({"bao-bo-7"}), now()))
        assert turn.line.at is not None and (str(turn.line.at.words), turn.before) == ("đợt 3, đường 2", 2)
        papers = repr(values_of(orders_of(the_festival(), now()), list(OrderKind)))
        assert papers.count("đợt 2, đường 1") == 4  # by stage, panel, delegation, for the MC

    # the stage: one card, one tap, absent alone
    stage = read(organiser, "/office/stage/san")
    assert stage.count("Bắt đầu") == 1 and "đường 3" in stage and "Bấm một lần cho cả đợt" in stage
    tap(organiser, 2, "waiting", "absent")
    tap(organiser, 1, "waiting", "on_stage")
    assert "đợt 1 : " not in (stage := read(organiser, "/office/stage/san")) and "Vắng mặt" in stage
    assert stage.count("Thi xong") == 1 and "Bấm nhầm, chưa bắt đầu" in stage
    assert "1. Gia đình 1 · 3. Gia đình 3" in read(organiser, "/")
    assert "1. Gia đình 1 · 3. Gia đình 3" in read(organiser, "/office")
    assert "đợt 1, đường 1" in read(organiser, "/office/stage/san/mc")
    assert "đợt 1, đường 1" in read(organiser, "/office/stage/san/sound")
    with reading():
        state = _of_the_stage(db.session.get_one(Stage, sessions.stages[1]))["acts"]
        assert [(each["heat"], each["lane"], each["state"]) for each in state[:3]] == [
            (1, 1, "on_stage"), (1, 2, "absent"), (1, 3, "on_stage"),
        ]  # fmt: skip
        turn = next(each for each in turns_of(view_of(the_festival()), frozenset({"bao-bo-5"}), now()))
        assert turn.before == 1  # the heat that is on, not its two families
    tap(organiser, 3, "on_stage", "done")
    assert "Đã thi và đã rút: 2" in read(organiser, "/office/stage/san")


def test_a_version_that_changes_only_a_lane_says_so_and_a_withdrawal_none(
    organiser: FlaskClient, sessions: Ids
) -> None:
    with transaction():
        planning.make_plan(sessions.festival)
        planning.publish(sessions.festival, None)
        changing.swap(sessions.relay, ("bao-bo-4", "bao-bo-5"), ("Danh Văn Một", "Thị Hai"), "bận việc nhà", None)
        db.session.execute(update(Entry).where(Entry.code == "bao-bo-1").values(state=EntryState.WITHDRAWN))
        planning.publish(sessions.festival, None)
    with reading():
        first, second = (plan.content for plan in db.session.scalars(select(Plan).order_by(Plan.version)))
        said = [str(each) for each in changes(first, second)]
    assert said == [
        "«Gia đình 5» (Nhảy bao bố tiếp sức): đợt 2, đường 1, trước là đợt 2, đường 2; giờ không đổi.",
        "«Gia đình 4» (Nhảy bao bố tiếp sức): đợt 2, đường 2, trước là đợt 2, đường 1; giờ không đổi.",
        "Bỏ «Gia đình 1» (Nhảy bao bố tiếp sức), trước là 8 giờ 21 ngày 28/6.",
    ]
    assert "đợt 1, đường 2" in read(organiser, "/programme/2024-06-28")  # nobody moves up
