"""Mixed teams by the pages of officer and organiser: what is said, what stays typed, and every way back."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Phase
from festival.roster.models import Entry
from tests.house.test_statements import statements
from tests.registration.conftest import World, household
from tests.registration.pages_kit import token_of, words
from tests.registration.registered import kinds, register
from tests.registration.team_kit import SPORT, codes, ruled, sealed, stands, two

pytestmark = pytest.mark.either_database


def send(client: FlaskClient, address: str, fields: dict[str, object]) -> str:
    opened = client.get(address.removesuffix("/dissolve"))
    assert opened.status_code == 200, opened.text
    sent = client.post(address, data={"csrf_token": token_of(opened), **fields}, follow_redirects=True)
    return sent.text


def test_officer_and_organiser_by_their_pages(world: World) -> None:
    ruled(world, {"what": "families", "least": 2}, {"what": "men", "most": 0, "otherwise": "warn"})
    first, second = two(world)
    one, other = codes(world, first, second)
    officer, organiser = world.as_user(world.officer), world.as_user(world.organiser)
    desk = f"/delegation/{world.hon_dat}"
    assert "2 người được cử mà chưa vào đội nào" in words(officer.get(desk))
    new = f"{desk}/teams/{SPORT}/new"
    assert "Đội ghép" in words(officer.get(f"{desk}/teams"))
    # refused: everything ticked and typed is still there
    page = send(officer, new, {"version": 0, "people": one, "name": "Đội biển", "reason": "vì biển"})
    assert "ít nhất 2 gia đình, đang có 1" in page and 'value="Đội biển"' in page and 'value="vì biển"' in page
    assert [f'value="{code}" checked' in page for code in (*one, *other)] == [True] * 3 + [False] * 3
    page = send(officer, new, {"version": 0, "people": [one[0], other[1]], "name": "Đội biển"})
    assert "nhiều nhất 0 nam, đang có 1" in page and "ghi lý do" in page
    page = send(officer, new, {"version": 0, "people": [one[0], other[1]], "name": "Đội biển", "reason": "thiếu nữ"})
    assert "Đã lập đội của Gia đình thể thao" in page
    listed = words(officer.get(f"{desk}/teams"))
    assert "Đội biển 2 người · 0 người đã được duyệt" in listed and "Lý do giữ đội như vậy: thiếu nữ" in listed
    with world.app.app_context(), reading():
        team = db.session.scalars(select(Entry.code).where(Entry.family_id.is_(None))).one()
    # another's delegation is not found
    stranger = world.as_user(world.other_officer)
    assert [stranger.get(f"{desk}/teams{rest}").status_code for rest in ("", f"/{SPORT}/{team}")] == [404, 404]
    # the organiser changes it; the officer who had it open is told
    office = f"/office/teams/{world.hon_dat}"
    assert "Gia đình thể thao: 1/1" in words(organiser.get("/office/teams"))
    page = send(organiser, f"{office}/{SPORT}/{team}", {"version": 1, "people": [one[0], other[0]], "name": "Đội biển"})
    assert "Đã lưu đội" in page
    late = send(officer, f"{desk}/teams/{SPORT}/{team}", {"version": 1, "people": one, "name": "Đội biển"})
    assert "Có người vừa thay đổi trước" in late
    page = send(organiser, f"{office}/{SPORT}/{team}/dissolve", {"version": 2, "why": ""})
    assert "vì sao giải thể" in page
    page = send(organiser, f"{office}/{SPORT}/{team}/dissolve", {"version": 2, "why": "trùng giờ"})
    assert "Đã giải thể đội" in page and "Vì: trùng giờ" in page
    page = officer.get(f"{desk}/teams/{SPORT}/{team}").text
    assert [f'value="{code}" checked' in page for code in (one[0], other[0], one[1])] == [True, True, False]
    page = send(officer, f"{desk}/teams/{SPORT}/{team}", {"version": 3, "people": [one[0], other[0]], "name": ""})
    assert "Đã lưu đội" in page and stands(world)[0][:2] == ("Đội biển", "proposed")
    assert [kind for kind in kinds(world) if kind.startswith("team.")] == [
        "team.made", "team.changed", "team.dissolved", "team.restored",
    ]  # fmt: skip
    assert sealed(world)


def test_without_teams_or_time_the_pages_say_so(world: World, app: Flask) -> None:
    officer = world.as_user(world.officer)
    desk = f"/delegation/{world.hon_dat}/teams"
    assert "Chưa có ai để chọn" in words(officer.get(f"{desk}/{SPORT}/new"))
    assert officer.get(f"{desk}/{SPORT}/khong-co").status_code == 404
    assert officer.get(f"{desk}/tai-nang/new").status_code == 404
    with app.app_context(), transaction():
        db.session.execute(update(Phase).values(closes_at=now()))
    assert "Đăng ký đang đóng" in words(officer.get(desk))
    assert "Chỉ xem" in words(officer.get(f"{desk}/{SPORT}/new"))
    with app.app_context(), transaction():
        db.session.execute(update(Contest).values(entrant="family"))
    assert "Không có phần thi nào của đội ghép" in words(officer.get(desk))
    assert "Không có phần thi nào của đội ghép" in words(world.as_user(world.organiser).get("/office/teams"))


def test_pages_ask_as_much_for_six_families_as_for_two(world: World) -> None:
    two(world)
    officer, organiser = world.as_user(world.officer), world.as_user(world.organiser)
    pages = [
        (officer, f"/delegation/{world.hon_dat}"),
        (officer, f"/delegation/{world.hon_dat}/teams"),
        (officer, f"/delegation/{world.hon_dat}/teams/{SPORT}/new"),
        (organiser, "/office/teams"),
        (organiser, f"/office/teams/{world.hon_dat}"),
    ]

    def counts() -> list[int]:
        found = []
        for client, path in pages:
            client.get(path)  # a look is noted once an hour
            with statements(world.app) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    before = counts()
    for number in (3, 4, 5, 6):
        register(world, household(number))
    assert counts() == before and max(before) <= 20
