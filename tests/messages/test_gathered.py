"""Does a message for a group hold what a family has to know, nothing that may not wander, and say when it is not the newest?"""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from PIL import Image

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.work import jobs, making
from festival.editions.models import Festival
from festival.logistics import arriving, meals
from festival.logistics.models import DelegationStay, MealKind, MealPortions
from festival.messages.gathered import pictures
from festival.messages.gathered.parts import picture_of, text_of
from festival.messages.gathered.reading import festival_facts, notices
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, Family
from festival.schedule.models import Plan
from tests.messages.scene import Desk, make_desk

pytestmark = pytest.mark.either_database

GROUPS = "/office/messages/groups"
LONG = "Gia đình bà Nguyễn Hoàng Thị Ngọc Bích Phương Uyên Thảo Nguyên Hương Giang"


@pytest.fixture(autouse=True)
def seven_in_the_morning() -> Iterator[None]:
    with time_machine.travel(datetime(2024, 6, 14, 0, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(app)


def test_a_message_says_turns_and_a_picture_leaves_out_what_may_not_wander(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        festival = db.session.get_one(Festival, desk.scene.festival_id)
        festival.help_line = "Bàn tiếp đón: 0297 3812 345"
        family = db.session.get_one(Family, desk.scene.families[0])
        link = link_code(family)
    with desk.app.test_request_context(), reading():
        festival = db.session.get_one(Festival, desk.scene.festival_id)
        facts, every = festival_facts(festival), notices(festival)
        assert [each["kind"][0] for each in every] == ["d", "f", "d", "f", "d", "f", "d"]
        whole, own = every[0], every[1]
        texts = [text_of(facts, whole), text_of(facts, own)]
        drawn = [picture_of(facts, whole), picture_of(facts, own)]
    for text in texts:
        assert "- 7 giờ 30, 14/6: Gia đình tài năng, Sân khấu A, thứ tự 1" in text
        assert "0297 3812 345" in text and "/programme" in text
    assert f"/g/{link}" in texts[1] and link not in texts[0]
    for values in map(str, drawn):
        assert "Gia đình tài năng, Sân khấu A" in values
        assert not any(hidden in values for hidden in ("0297", "0900000000", "http", link, "Bí Mật"))
    assert "Bí Mật" not in "".join(texts), "the representative's name only"


def test_pictures_are_made_by_the_worker_resumed_and_known_to_be_old(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        db.session.get_one(Family, desk.scene.families[1]).name = LONG
    assert "7 tin có ảnh" in desk.office.get(GROUPS).get_data(as_text=True)
    assert desk.post(GROUPS)[0] == 303
    with desk.app.app_context():
        maker = desk.app.extensions["makers"][pictures.KIND]
        desk.app.extensions["makers"][pictures.KIND] = making.Maker(
            maker.kind, maker.plan, maker.whole, maker.make, steps_a_piece=3
        )
        assert making.work(pieces=1) == 1
        desk.app.extensions["jobs_begun"].clear()  # the worker was killed and started anew
        while making.work():
            pass
    assert desk.office.get(f"{GROUPS}/state").json == {"state": "ready", "done": 7, "whole": 7}
    archive = zipfile.ZipFile(BytesIO(desk.office.get(f"{GROUPS}.zip").get_data()))
    names = archive.namelist()
    assert len(names) == 14
    assert names[2:4] == [
        "doan-huyen-hon-dat/01-gia-dinh-danh-chung.txt", "doan-huyen-hon-dat/01-gia-dinh-danh-chung.png",
    ]  # fmt: skip
    for name in names:
        if name.endswith(".png"):
            picture = Image.open(BytesIO(archive.read(name)))
            assert picture.size[0] == 840 and 300 < picture.size[1] < 2400
    assert LONG in archive.read(next(name for name in names if "nguyen-hoang" in name)).decode()
    assert "Nội dung đã đổi" not in desk.office.get(GROUPS).get_data(as_text=True)
    with desk.app.app_context(), transaction():
        plan = db.session.get_one(Plan, 1)
        acts = [{**act, "stage_name": "Hội trường"} for act in plan.content["acts"]]
        db.session.add(
            Plan(festival_id=plan.festival_id, version=2, content={"acts": acts}, published_at=plan.published_at)
        )
    assert "Nội dung đã đổi từ lúc làm" in desk.office.get(GROUPS).get_data(as_text=True)
    with desk.app.app_context(), reading():
        assert jobs.latest(pictures.KIND, "kg-thu", "vi") is not None


def test_a_delegation_sees_its_own_and_is_told_when_what_was_sent_has_changed(desk: Desk) -> None:
    with desk.app.app_context(), reading():
        code, other = (db.session.get_one(Delegation, row).code for row in desk.scene.delegations[:2])
        family = db.session.get_one(Family, desk.scene.families[0]).code
        strange = db.session.get_one(Family, desk.scene.families[1]).code
    officer = desk.officer(0)
    own, office = f"/delegation/{code}/message", f"{GROUPS}/{code}"
    assert officer.get(f"/delegation/{other}/message").status_code == 404
    assert officer.get(f"{own}?of={strange}").status_code == 404
    assert officer.get(f"{own}/picture.png?of={family}").mimetype == "image/png"
    page = html.unescape(officer.get(own).get_data(as_text=True))
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    assert len(digest) == 64 and "Đã gửi lúc" not in page
    assert desk.post(office, step="tick", digest=digest, seen=1)[0] == 303
    assert "Đã gửi lúc 7 giờ" in officer.get(own).get_data(as_text=True)
    with desk.app.app_context(), transaction():
        db.session.get_one(Festival, desk.scene.festival_id).venue = "Nhà văn hóa"
    assert "Nội dung đã đổi từ khi gửi" in officer.get(own).get_data(as_text=True)
    assert "nội dung đã đổi từ khi gửi" in desk.office.get(GROUPS).get_data(as_text=True)
    assert desk.post(office, step="untick")[0] == 303
    assert "từ khi gửi" not in officer.get(own).get_data(as_text=True)


def test_bus_bags_and_meals_stand_in_every_message(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        festival = db.session.get_one(Festival, desk.scene.festival_id)
        own = db.session.get_one(Delegation, desk.scene.delegations[0])
        arriving.save_edition(festival, "- Áo mưa\n- Thuốc riêng", "Xe về lúc 17 giờ ngày 16/6", 0, None)
        db.session.add(
            DelegationStay(delegation_id=own.id, arrives_at=datetime(2024, 6, 14, 0, 30, tzinfo=UTC), place="Cổng số 2")
        )
        for at, (kind, portions) in enumerate(((MealKind.DINNER, 21), (MealKind.LUNCH, 24), (MealKind.BREAKFAST, 0))):
            meal = meals.name_meal(festival, date(2024, 6, 15), kind, datetime(2024, 6, 14 - at, tzinfo=UTC), None)
            db.session.add(MealPortions(meal_id=meal.id, delegation_id=own.id, portions=portions))
        db.session.flush()
        facts, every = festival_facts(festival), notices(festival)
    with desk.app.test_request_context(), reading():
        whole, family, other = (text_of(facts, each) for each in every[:3])
        drawn = str(picture_of(facts, every[0]))
    for text in (whole, family):
        assert "- 7 giờ 30, 14/6: Cổng số 2\n• Xe về lúc 17 giờ ngày 16/6" in text
        assert "• Áo mưa\n• Thuốc riêng" in text and "đạo cụ" not in text
    assert "- 15/6: Bữa trưa (24 suất), Bữa tối (21 suất)" in whole and "Bữa tối (21 suất)" in drawn
    assert "- 15/6: Bữa trưa, Bữa tối\n" in family
    # another delegation said nothing of its own: it hears what the edition says
    assert "Cổng số 2" not in other and "BỮA ĂN" not in other and "• Áo mưa" in other and "Xe về" in other
