"""The stage manager's page and what every other page says of a delay: one act, three taps, an order changed and put back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import transaction
from festival.roster.links.of_families import link_code
from festival.roster.models import Family
from festival.schedule.models import Act
from festival.schedule.planning import Published, left_out, publish
from festival.schedule.stage_day.models import TurnChange
from tests.demo.test_demo import csrf
from tests.house.test_statements import statements
from tests.portal.test_delegation_page import MORNING, Head, come
from tests.registration.pages_kit import words
from tests.schedule.test_presence import signed_in

pytestmark = pytest.mark.either_database

STAGE = "/office/stage/a"
LATE = MORNING + timedelta(minutes=45)  # 7 giờ 45; the first act was to begin at 7 giờ 30


@pytest.fixture
def head(app: Flask) -> Iterator[Head]:
    with time_machine.travel(MORNING):
        made = come(app, 5, contests=1)
    with time_machine.travel(LATE, tick=False):
        yield made


def acts(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Act.id).order_by(Act.position)))


def tap(client: FlaskClient, act: int, was: str, to: str) -> int:
    form = {"csrf_token": csrf(client, STAGE), "was": was, "to": to}
    return client.post(f"/office/stage/acts/{act}", data=form).status_code


def test_one_act_three_taps_the_two_behind_it_and_the_way_back(app: Flask, head: Head) -> None:
    stage, own = signed_in(app, Role.STAGE_MANAGER), acts(app)
    page = stage.get(STAGE)
    large = re.search(r'<form [^>]*class="stage-large">.*?</form>', page.text, re.S)
    assert large is not None
    assert re.findall(r"<button ([^>]*)>", large[0])[2].endswith("disabled")
    assert [name.strip() for name in re.findall(r"<button[^>]*>([^<]*)<", large[0])] == [
        "Mời chuẩn bị", "Bắt đầu", "Thi xong",
    ]  # fmt: skip
    assert re.findall(r'id="act-(\d+)"', page.text) == [str(each) for each in own]
    assert "Hai lượt kế tiếp" in page.text and "data-clock" not in page.text
    for was, to in (("waiting", "ready"), ("ready", "on_stage"), ("on_stage", "ready"), ("ready", "on_stage")):
        assert tap(stage, own[0], was, to) == 302
    page = stage.get(STAGE)
    assert "lên sân khấu lúc 7 giờ 45, được 10 phút" in words(page)
    assert "Bấm nhầm, chưa bắt đầu" in page.text
    assert tap(stage, own[0], "ready", "absent") == 409  # what the screen showed is old
    assert tap(stage, own[0], "on_stage", "done") == 302
    assert tap(stage, own[1], "waiting", "absent") == 302
    said = words(stage.get(STAGE))
    assert "Vắng mặt 7 giờ 40" in said and "Đã thi và đã rút: 1" in said and "Bấm nhầm, chưa thi xong" in said
    assert "3. " in said.partition("Thi xong")[0]
    for bad in ("?day=20300101&page=99", "?day=x&over=0&page=-1", "?over=7"):
        assert stage.get(STAGE + bad).status_code == 200


def test_every_page_says_the_expected_time_beside_the_published_one(
    app: Flask, client: FlaskClient, head: Head
) -> None:
    stage, own = signed_in(app, Role.STAGE_MANAGER), acts(app)
    mc = signed_in(app, Role.MC)
    asked = "/api/v1/public/expected"
    assert client.get(asked).json == {"expected": {}}
    mark = (stage.get("/api/v1/stage/a/day").json or {})["mark"]
    assert tap(stage, own[0], "waiting", "on_stage") == 302
    told = {
        str(act): f"{at // 60} giờ {at % 60:02d}" if at % 60 else f"{at // 60} giờ"
        for act, at in zip(own[1:], range(475, 515, 10), strict=True)
    }
    assert client.get(asked).json == {"expected": told}
    fresh = stage.get("/api/v1/stage/a/day")
    assert (fresh.json or {})["expected"] == told and (fresh.json or {})["mark"] != mark
    assert mc.get("/api/v1/stage/a/day").json == fresh.json
    assert signed_in(app, Role.JUDGE).get("/api/v1/stage/a/day").status_code == 404
    again = stage.get("/api/v1/stage/a/day", headers={"If-None-Match": fresh.headers["ETag"]})
    assert again.status_code == 304
    for page in (stage.get(STAGE), client.get("/programme"), mc.get("/office/stage/a/mc")):
        assert "7 giờ 40 dự kiến 7 giờ 55" in words(page) and "7 giờ 30 dự kiến" not in words(page)
    assert "Dự kiến 7 giờ 55" in words(client.get("/"))
    now = (client.get("/api/v1/public/now").json or {})["stages"][0]
    assert [(each["at"], each["expected"]) for each in now["then"]] == [("7:40", "7 giờ 55"), ("7:50", "8 giờ 05")]
    assert "7 giờ 40 dự kiến 7 giờ 55" in words(head.phone.get("/head"))
    with app.app_context(), transaction():
        family = db.session.get_one(Family, head.scene.families[3])
        link = link_code(family)
        family.link_hash = look_up_hash(link)
    phone = app.test_client()
    phone.get(f"/g/{link.lower()}")
    (turn,) = (phone.get("/api/v1/family/turns").json or {})["turns"]
    assert (turn["state"], turn["before"], turn["expected"]) == ("soon", 3, "8 giờ 15")
    assert "dự kiến 8 giờ 15" in words(phone.get("/family")) and "Còn 3 lượt nữa" in words(phone.get("/family"))


def test_an_act_goes_later_as_it_was_shown_and_back(app: Flask, client: FlaskClient, head: Head) -> None:
    stage, own = signed_in(app, Role.STAGE_MANAGER), acts(app)
    tap(stage, own[0], "waiting", "on_stage")
    address = f"/office/stage/acts/{own[1]}/later"
    shown = stage.get(address)
    assert "Gia đình Trần Thị Ngọc Bích Phương Uyên (đổi lượt) 7 giờ 40 7 giờ 55 8 giờ 05" in words(shown).replace(
        "2. ", ""
    )
    assert "Giờ đã công bố giữ nguyên" in words(shown)
    further = stage.get(f"{address}?after={own[3]}")
    seen = re.search(r'name="seen" value="([^"]+)"', further.text)
    assert seen is not None
    form = {"csrf_token": csrf(stage, STAGE), "after": str(own[3]), "seen": seen[1]}
    assert stage.post(address, data=form | {"after": str(own[4])}).status_code == 409
    assert stage.post(address, data=form).status_code == 302
    page = stage.get(STAGE)
    assert re.findall(r'id="act-(\d+)"', page.text) == [str(own[at]) for at in (0, 2, 3, 1, 4)]
    assert "Hoàn tác lần đổi này" in page.text and "Soạn thông báo" not in page.text
    office = signed_in(app, Role.ORGANISER)
    ready = re.search(r'href="(/office/messages/new\?words=[^"]+)"', office.get(STAGE).text)
    assert ready is not None
    assert "Phương Uyên lên sân khấu muộn hơn" in office.get(ready[1]).text
    now = (client.get("/api/v1/public/now").json or {})["stages"][0]
    assert [each["number"] for each in now["then"]] == [3, 4]
    with app.app_context():
        change = db.session.scalars(select(TurnChange.id)).one()
    undo = f"/office/stage/turns/{change}/undo"
    assert stage.post(undo, data={"csrf_token": form["csrf_token"]}).status_code == 302
    assert stage.post(undo, data={"csrf_token": form["csrf_token"]}).status_code == 409
    assert re.findall(r'id="act-(\d+)"', stage.get(STAGE).text) == [str(each) for each in own]


def test_the_page_asks_the_same_of_few_and_many_and_stays_light(app: Flask) -> None:
    found = []
    for families in (3, 60):
        with time_machine.travel(MORNING):
            if families == 3:
                come(app, families, contests=1)
                stage = signed_in(app, Role.STAGE_MANAGER)
            else:
                with app.app_context(), transaction():
                    first = db.session.scalars(select(Act)).first()
                    assert first is not None
                    _many(first, families)
                    festival_id = first.session.stage.festival_id
                    assert isinstance(publish(festival_id, None, without=left_out(festival_id).stamp), Published)
            counts = []
            for address in (
                STAGE,
                f"/office/stage/acts/{acts(app)[0]}/later",
                "/api/v1/stage/a/day",
                "/api/v1/stage/a/here",
            ):
                with statements(app) as seen:
                    page = stage.get(address)
                assert (page.status_code, len(page.data) < 60_000) == (200, True), address
                counts.append(len(seen))
            found.append(counts)
    assert found[0] == found[1]
    assert max(found[0]) <= 20


def _many(first: Act, families: int) -> None:
    entry = first.entry
    for number in range(families):
        more = type(entry)(contest_id=entry.contest_id, delegation_id=entry.delegation_id,
                           code=f"more-{number}", name=f"Gia đình số {number}", number=100 + number)  # fmt: skip
        db.session.add(more)
        db.session.flush()
        db.session.add(Act(session_id=first.session_id, entry_id=more.id, position=100 + number,
                           starts_at=first.starts_at + timedelta(minutes=60 + 10 * number), duration_min=5))  # fmt: skip


def test_the_clock_of_the_stage_is_proposed_to_the_secretary_and_written_by_a_tap(app: Flask, head: Head) -> None:
    stage, office, own = signed_in(app, Role.STAGE_MANAGER), signed_in(app, Role.SECRETARY), acts(app)
    with app.app_context(), transaction():
        user = db.session.scalars(select(User.id).where(User.login == "secretary")).one()
        db.session.add(Judge(contest_id=head.scene.contests[0], user_id=user, seat=PanelSeat.SECRETARY, marks=False))
        db.session.execute(update(Contest).values(overtime_penalty_milli=1000, grace_s=30))
        code = db.session.scalars(select(Contest.code)).one()
        db.session.execute(update(Act).where(Act.id == own[1]).values(
            state="done", began_at=LATE, ended_at=LATE + timedelta(minutes=10, seconds=20)))  # fmt: skip
    tap(stage, own[0], "waiting", "on_stage")
    with time_machine.travel(LATE + timedelta(minutes=12, seconds=10), tick=False):
        tap(stage, own[0], "on_stage", "done")
    address = f"/panel/{code}/measures"
    page = office.get(address)
    assert page.status_code == 200
    assert "Đồng hồ sân khấu: kéo dài 12:10 trên 10 phút. Nếu ghi thì trừ 2 điểm." in words(page)
    assert page.text.count("Đồng hồ sân khấu") == 1  # twenty seconds are within the grace
    form = {"csrf_token": csrf(office, address), "entry": f"e{head.scene.contests[0]}-{head.scene.families[0]}"}
    written = office.post(f"/panel/{code}/overtime", data=form | {"was": "0", "seconds": "2:10"}, follow_redirects=True)
    assert "quá giờ 2:10, trừ 2 điểm" in words(written) and "Đồng hồ sân khấu" not in written.text
    back = office.post(f"/panel/{code}/overtime", data=form | {"was": "130", "seconds": "0"}, follow_redirects=True)
    assert "Đồng hồ sân khấu" in back.text
