"""What does an organiser see who says what the timetable has to keep: typed, refused, changed, taken back, had again?"""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.acts.models import ActVersion
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.models import Act
from festival.schedule.versions.orders import OrderKind, orders_of, values_of
from festival.schedule.wishes.models import Wish
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned
from tests.schedule.test_timetable_pages import form_of, hashed, organiser

__all__ = ["hashed", "ids", "inside", "organiser", "planned", "sessions"]  # fixtures

pytestmark = pytest.mark.either_database

PAGE = "/office/schedule/wishes"
LUNCH = {"note": "Nghỉ trưa", "stage": "", "day": "28/6/2024", "from": "8:00", "until": "8:30"}


def said(client: FlaskClient, address: str, data: dict[str, str]) -> str:
    """What the page says after a form was taken."""
    answer = client.post(address, data=data)
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def on_paper(festival_id: int) -> str:
    """What the printed orders of the stages say."""
    with reading():
        return str(values_of(orders_of(db.session.get_one(Festival, festival_id), now()), [OrderKind.STAGES]))


def test_a_pause_is_typed_shown_where_it_is_broken_printed_changed_and_taken_back(
    organiser: FlaskClient, planned: Ids
) -> None:
    assert f'href="{PAGE}"' in organiser.get("/office/schedule").text
    page = organiser.get(PAGE).text
    assert "Chưa ghi điều nào" in page
    token = form_of(page, f"{PAGE}/pause")
    page = said(organiser, f"{PAGE}/pause", token | LUNCH)
    assert "«Nghỉ trưa», mọi sân khấu, từ 8 giờ đến 8 giờ 30 ngày 28/6" in page
    assert "đứng trong giờ nghỉ «Nghỉ trưa»" in page
    assert page.count("Nghỉ trưa: 8 giờ – 8 giờ 30") == 0
    assert on_paper(planned.festival).count("Nghỉ trưa: 8 giờ – 8 giờ 30") == 2
    with reading():
        wish = db.session.scalars(select(Wish.id)).one()
    one = f"{PAGE}/{wish}"
    form = form_of(organiser.get(one).text, one)
    assert {name: form[name] for name in LUNCH} == LUNCH
    page = said(organiser, one, form | {"from": "11 giờ 30", "until": "13:00", "stage": "san"})
    assert "«Nghỉ trưa», Sân vận động, từ 11 giờ 30 đến 13 giờ ngày 28/6" in page
    assert "Lịch đang xếp theo đúng mọi điều đã ghi." in page
    late = organiser.post(one, data=form | {"note": "Nghỉ khác"})
    assert late.status_code == 409
    assert "Có người vừa sửa hoặc rút điều này" in late.text
    back = f"{one}/back"
    page = said(organiser, back, form_of(organiser.get(PAGE).text, back))
    assert "Đã rút (1)" in page
    assert "Nghỉ trưa" not in on_paper(planned.festival)
    assert "Lấy lại rồi mới sửa được" in organiser.get(one).text
    page = said(organiser, back, form_of(page, back))
    assert "Đang giữ (1)" in page


@pytest.mark.parametrize(
    ("kind", "typed", "words", "kept"),
    [
        (
            "away",
            {"who": "Bà Tư", "day": "28/6/2024", "from": "8", "until": "9:00"},
            "Không thấy ai khớp «Bà Tư»",
            "Bà Tư",
        ),
        ("away", {"who": "Gia đình 2", "day": "28/6/2024", "from": "tám", "until": "9:00"}, "Giờ viết như 7:30", "tám"),
        ("away", {"who": "", "note": "việc nhà"}, "Ghi ai vắng mặt", "việc nhà"),
        ("before", {"act": "tai-nang-1", "other": "Gia đình 2"}, "Có 2 khớp «Gia đình 2»", "tai-nang-1"),
        ("minutes", {"act": "tai-nang-1", "minutes": "mười"}, "Số phút viết bằng chữ số", "mười"),
        ("window", {"act": "tai-nang-1", "day": "30/2/2024", "from": "8:00"}, "Ngày viết như 14/6/2024", "30/2/2024"),
        ("change", {"contest": "khong-co", "minutes": "7"}, "Phần thi", "7"),
    ],
)
def test_what_is_refused_is_said_and_stays_in_its_box(
    organiser: FlaskClient, kind: str, typed: dict[str, str], words: str, kept: str
) -> None:
    address = f"{PAGE}/{kind}"
    answer = organiser.post(address, data=form_of(organiser.get(PAGE).text, address) | typed)
    assert answer.status_code == 400
    assert words in answer.text
    assert kept in form_of(answer.text, address).values()


def test_a_stage_takes_what_is_ticked_and_all_when_nothing_is(organiser: FlaskClient, planned: Ids) -> None:
    address = f"{PAGE}/stages/san"
    token = form_of(organiser.get(address).text, address)["csrf_token"]
    page = said(organiser, address, {"csrf_token": token, "takes": "tai-nang", "seen": ""})
    assert "nơi được ghi là không nhận phần thi này" in page
    refused = organiser.post(address, data={"csrf_token": token, "seen": ""})
    assert refused.status_code == 409
    assert "nay nhận mọi phần thi" in said(organiser, address, {"csrf_token": token, "seen": "tai-nang"})
    assert organiser.get(f"{PAGE}/stages/khong-co").status_code == 404
    assert organiser.get(f"{PAGE}/99").status_code == 404
    assert organiser.post(f"{PAGE}/gi-do", data={"csrf_token": token}).status_code == 404


def test_minutes_told_of_an_act_are_given_with_one_tap(organiser: FlaskClient, planned: Ids) -> None:
    with transaction():
        act = db.session.scalars(select(Entry).where(Entry.code == "tai-nang-2")).one()
        for version, minutes in ((1, act.contest.duration_min), (2, 4)):
            db.session.add(
                ActVersion(entry_id=act.id, version=version, minutes=minutes, told_how="office", told_at=now())
            )
        other = db.session.scalars(select(Entry.id).where(Entry.code == "tai-nang-3")).one()
        usual = act.contest.duration_min
        db.session.add(ActVersion(entry_id=other, version=1, minutes=usual, told_how="office", told_at=now()))
    page = organiser.get(PAGE).text
    assert page.count("Dành 4 phút") == 2  # what is seen, and what is heard
    tapped = re.findall(r"<form[^>]*minutes[^>]*>.*?</form>", page, re.S)[-1]
    page = said(organiser, f"{PAGE}/minutes", dict(re.findall(r'name="([^"]+)" value="([^"]*)"', tapped)))
    assert "4 phút (phần thi dành" in page
    assert "Dành 4 phút" not in page


def test_what_no_plan_can_keep_and_who_is_away_are_said_on_the_page(organiser: FlaskClient, planned: Ids) -> None:
    with reading():
        first = db.session.scalars(select(Act).order_by(Act.starts_at, Act.session_id).limit(1)).one().entry
        name, code = first.name, first.code
    token = form_of(organiser.get(PAGE).text, f"{PAGE}/away")
    typed = {"who": name, "day": "28/6/2024", "from": "7:00", "until": "10:00", "note": "về quê"}
    page = said(organiser, f"{PAGE}/away", token | typed)
    assert "2 điều không lịch nào theo được" in page
    assert "chỉ còn liền nhau 0 phút" in page
    assert "về quê" in page
    office = organiser.get("/office/schedule").text
    assert f"«{name}» vắng mặt từ 7 giờ" in office
    assert "về quê" not in office
    public = organiser.get("/programme").text
    assert "vắng mặt" not in public
    assert "về quê" not in public
    assert code.startswith("tai-nang")
