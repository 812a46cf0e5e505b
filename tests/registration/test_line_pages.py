"""The pages of a line: the organiser opens it, moves, takes back; a family sees its place, accepts, declines, asks again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from festival.core.database import db
from festival.core.transaction import reading
from festival.registration.queueing.models import WaitingList
from festival.roster.models import Delegation
from tests.house.test_statements import statements
from tests.registration.conftest import World, household
from tests.registration.line_kit import (
    code_of,
    families_sent,
    given,
    late,
    offers,
    opened,
    places,
    sealed,
    state_of,
    version,
)
from tests.registration.pages_kit import post, token_of, with_link, words
from tests.registration.registered import register

pytestmark = pytest.mark.either_database

OFFICE = "/office/waiting-list"
SETTINGS = {"version": "0", "self": "y", "open": "y", "hours": "24", "people": ""}


def send(client: FlaskClient, address: str, page: str, **fields: str) -> TestResponse:
    answer = post(client, address, dict(fields), page)
    return client.get(answer.location) if answer.status_code in (302, 303) else answer


def test_the_organiser_opens_a_line_and_closes_it(world: World) -> None:
    client = world.as_user(world.organiser)
    page = f"{OFFICE}/{world.hon_dat}"
    assert "Không mở" in words(client.get(OFFICE)) and "Danh sách chờ" in words(client.get("/office/registrations"))
    assert "Không có gia đình nào đang chờ" in words(client.get(page))
    assert "Nếu số gia đình đông hơn số chỗ" not in words(world.app.test_client().get("/register"))
    said = words(send(client, page, page, **SETTINGS))
    assert "Danh sách chờ của Đoàn huyện Hòn Đất đang mở." in said and "Mời ngay theo thứ tự" in said
    assert "Nếu số gia đình đông hơn số chỗ" in words(world.app.test_client().get("/register"))
    # somebody who saw the page before is told, and nothing is overwritten
    overtaken = send(client, page, page, **SETTINGS)
    assert overtaken.status_code == 409 and "Có người vừa thay đổi trước" in words(overtaken)
    without = {key: value for key, value in SETTINGS.items() if key not in ("open", "self")}
    closed = words(send(client, page, page, **{**without, "version": "1"}))
    assert "Danh sách chờ của Đoàn huyện Hòn Đất đã đóng." in closed
    with world.app.app_context(), reading():
        assert db.session.scalars(select(WaitingList.open)).all() == [False]
        assert [bool(each) for each in db.session.scalars(select(Delegation.self_registration).order_by(Delegation.id))] == [
            False, True,
        ]  # fmt: skip
    assert sealed(world)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"hours": "0"}, "Thời gian trả lời: ghi số giờ từ 1 đến 336."),
        ({"hours": "hai ngày"}, "Thời gian trả lời: ghi số giờ từ 1 đến 336."),
        ({"hours": "337"}, "Thời gian trả lời: ghi số giờ từ 1 đến 336."),
        ({"people": "nhiều"}, "Số người nhiều nhất: ghi một số từ 1, hoặc để trống nếu không giới hạn."),
        ({"people": "0"}, "Số người nhiều nhất: ghi một số từ 1, hoặc để trống nếu không giới hạn."),
    ],
)
def test_a_number_nobody_means_is_refused_and_stays(world: World, fields: dict[str, str], told: str) -> None:
    client = world.as_user(world.organiser)
    page = f"{OFFICE}/{world.hon_dat}"
    refused = send(client, page, page, **{**SETTINGS, **fields})
    assert refused.status_code == 400 and told in words(refused)
    assert f'value="{next(iter(fields.values()))}"' in refused.text


def test_the_organiser_offers_moves_and_takes_back(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first, second, third = families_sent(world, 3)
    client = world.as_user(world.organiser)
    page = f"{OFFICE}/{world.hon_dat}"
    listed = words(client.get(page))
    assert "Đang chờ (3)" in listed and listed.index("Thạch Thị") < listed.index("Nguyễn Thị") < listed.index(
        "Trần Thị"
    )
    said = words(send(client, f"{page}/offer", page))
    assert "Đã mời 1 gia đình: Gia đình bà Thạch Thị Sa Rươl." in said and "Giữ chỗ đến" in said
    assert "Chưa mời thêm ai" in words(send(client, f"{page}/offer", page))
    one, three = (f"{page}/{code_of(world, each)}" for each in (first, third))

    def told(address: str, do: str, reason: str = "họ hàng xa, về sớm", **more: str) -> str:
        return words(send(client, address, address, version=str(version(world)), do=do, reason=reason, **more))

    assert "Hãy ghi lý do" in told(one, "out", reason=" ")
    assert "Ghi chỗ mới từ 1 đến 2." in told(three, "move", place="9")
    assert "nay ở chỗ thứ 1." in told(three, "move", place="1") and "Đã chuyển chỗ" in words(client.get(page))
    assert "không còn đứng trong hàng chờ." in told(one, "out") and places(world) == (0, 0)
    assert "Ban Tổ chức thu lại" in words(client.get(one))
    assert "Ban Tổ chức đưa ra khỏi hàng" in words(client.get(f"{page}?show=out"))
    assert given(world) == ([third], [])
    assert "đứng lại trong hàng chờ." in told(one, "in")
    assert "không đứng trong hàng chờ nên" in told(three, "move", place="1")
    late(world)
    assert "Hết giờ trả lời: Gia đình bà Trần Thị Sa Rươl." in words(send(client, f"{page}/offer", page))
    assert offers(world)[-1] == (first, "offered")
    # approving by hand is not offered, and would not go
    desk = f"/office/registrations/{code_of(world, second)}"
    shown = client.get(desk)
    assert "Đứng trong danh sách chờ: xem thứ tự và lời mời" in words(shown) and f"{desk}/approve" not in shown.text
    assert "không duyệt tay" in words(send(client, f"{desk}/approve", desk, version="1"))
    bulk = f"/office/registrations/delegations/{world.hon_dat}/approve"
    listed = words(send(client, bulk, f"/office/registrations?delegation={world.hon_dat}"))
    assert "2 gia đình đứng trong danh sách chờ nên không duyệt tay." in listed and places(world) == (0, 1)
    assert client.get(f"{OFFICE}/{world.kien_luong}/{code_of(world, first)}").status_code == 404


def test_a_family_sees_its_place_accepts_declines_and_asks_again(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    made = [register(world, household(number)) for number in (1, 2, 3)]
    links = [with_link(world, each.link) for each in made]
    page = "/family/registration"

    def answer(at: int, do: str, tail: str = "") -> str:
        return words(send(links[at], f"/family/line/{do}", page, tail=tail or f"000{at + 1}"))

    assert "Gia đình đứng thứ 3 trong danh sách chờ" in words(links[2].get(page))
    assert "Đang có 3 gia đình chờ." in words(links[2].get(page))
    assert given(world)[0] == [made[0].family_id]
    assert "Đã có chỗ cho gia đình" in words(links[0].get(page)) and "Đã có chỗ cho gia đình" in words(
        links[0].get("/family")
    )
    assert "Gia đình đứng thứ 2 trong danh sách chờ" in words(links[2].get(page))
    assert "4 số cuối chưa đúng" in answer(0, "accept", "9999") and offers(world) == [(made[0].family_id, "offered")]
    assert "đã hết giờ hoặc đã được trả lời" in answer(1, "accept")
    assert "đã hết giờ hoặc đã được trả lời" in answer(1, "decline")
    assert "không tự xếp hàng lại được" in answer(1, "again")
    assert "Gia đình đã nhường chỗ" in answer(0, "decline")
    assert "Gia đình không còn đứng trong hàng chờ" in words(links[0].get(page))
    assert "ở cuối hàng" in answer(0, "again")
    assert "Gia đình đứng thứ 3 trong danh sách chờ" in words(links[0].get(page))
    given(world)
    late(world)
    assert "Lời mời đã hết giờ trả lời" in words(links[1].get(page))
    given(world)
    assert "Gia đình đã nhận chỗ và được duyệt." in answer(2, "accept")
    assert (state_of(world, made[2].family_id), places(world)) == ("approved", (1, 0))
    assert "danh sách chờ" not in words(links[2].get(page))
    assert "đã hết giờ hoặc đã được trả lời" in answer(2, "accept")


def test_the_pages_ask_the_same_for_three_families_and_for_many(make_world: Callable[..., World]) -> None:
    world = make_world(families=2)
    opened(world)
    families_sent(world, 4)
    given(world)
    client = world.as_user(world.organiser)
    page = f"{OFFICE}/{world.hon_dat}"
    addresses = (OFFICE, page, f"{page}?show=offered", "/office/figures")

    def asked() -> list[int]:
        found = []
        for address in addresses:
            with statements(world.app) as seen:
                answer = client.get(address)
            assert answer.status_code == 200 and len(answer.data) < 60_000
            found.append(len(seen))
        return found

    few = asked()
    families_sent(world, 42, first=5)
    assert asked() == few and max(few) <= 20
    shown = client.get(page)
    assert "Trang 1 trên 2" in words(shown) and len(re.findall(r"<tr>", shown.text)) == 41
    assert token_of(shown)
