"""Do the pages of a list say what happened and what to do, and keep what was typed?"""

from __future__ import annotations

import pytest

from festival.badges import lists, queries
from festival.core.transaction import reading
from tests.badges.cast import DRIVER, GUEST, add, desk, make_list, officer, seen
from tests.registration.conftest import World
from tests.registration.pages_kit import post, words

pytestmark = pytest.mark.either_database


def test_an_officer_adds_corrects_removes_and_takes_back(world: World) -> None:
    client = world.as_user(world.officer)
    page = f"/badges/{world.hon_dat}"
    assert f'href="{page}"' in client.get(f"/delegation/{world.hon_dat}").text
    assert "Chưa có ai trong danh sách" in words(client.get(page))
    typed = {"name": "Châu Văn Tài", "badge": "crew", "title": "Lái xe", "phone": "0912 345 678", "birth": ""}
    refused = post(client, f"{page}/people/new", typed)
    assert refused.status_code == 422 and "Hãy ghi năm sinh" in words(refused) and 'value="Lái xe"' in refused.text
    child = post(client, f"{page}/people/new", {**typed, "birth": "2012"})
    assert child.status_code == 422 and "Hãy ghi cháu vào một gia đình của đoàn" in words(child)
    # A class, a rank and a seat that are not an officer's to give are not taken.
    wrong = post(client, f"{page}/people/new", {**typed, "birth": "1980", "badge": "guest"})
    assert wrong.status_code == 422 and "Chưa chọn lớp thẻ" in words(wrong)
    assert post(client, f"{page}/people/new", {**typed, "birth": "1980", "rank": "1", "seat": "A1"}).status_code == 303
    with world.app.app_context(), reading():
        (line,) = queries.on_list(lists.desk_of(officer(world), world.hon_dat).list_id)
        assert (line.who.rank, line.who.seat, line.who.phone) == (None, "", "0912345678")
    again = post(client, f"{page}/people/new", {**typed, "birth": "1980", "another": "y"})
    assert again.status_code == 409 and "đã có trong danh sách" in words(again)

    one = f"{page}/people/{line.code}"
    told = post(client, f"{page}/people/new", {**typed, "birth": "1980", "phone": ""})
    assert told.status_code == 409 and "Đúng là người khác cùng tên" in words(told)
    changed = {**typed, "name": "Châu Văn Tài Em", "birth": "1980", "version": 1}
    assert post(client, one, changed).status_code == 303
    overtaken = post(client, one, {**changed, "title": "Trưởng xe"})
    assert overtaken.status_code == 409 and "Trưởng xe" in words(overtaken)  # what was typed is not lost
    assert post(client, f"{one}/remove", {"version": 2, "reason": ""}, page=one).status_code == 400
    assert post(client, f"{one}/remove", {"version": 2, "reason": "đổi xe"}, page=one).status_code == 303
    listed = client.get(page)
    assert "Đã rút: 1 người" in words(listed) and "Chưa có ai trong danh sách" in words(listed)
    assert post(client, f"{one}/restore", {"version": 3}, page=page).status_code == 303
    assert seen(world, world.hon_dat, line.code).version == 4


def test_the_organiser_moves_somebody_and_the_words_of_consent_stand_on_the_page(world: World) -> None:
    guests = make_list(world)
    (an,) = add(world, guests, GUEST)
    add(world, world.hon_dat, DRIVER)
    client = world.as_user(world.organiser)
    index = words(client.get("/office/badges"))
    assert "Khách mời 1" in index and "Hỗ trợ đoàn 1" in index
    assert "xóa sau ngày 16/6/2025" in index
    one = f"/badges/{guests}/people/{an}"
    typed = {
        "name": "Nguyễn Văn An",
        "badge": "guest",
        "title": "Chủ tịch",
        "rank": "3",
        "version": 1,
        "list": world.hon_dat,
    }
    assert post(client, one, typed).status_code == 303
    with world.app.app_context(), reading():
        names = [line.name for line in queries.on_list(desk(world, world.hon_dat).list_id)]
    assert names == ["Nguyễn Văn An", "Châu Văn Tài"]
    searched = post(
        client, f"/badges/{world.hon_dat}/search", {"search": "chau"}, page=f"/badges/{world.hon_dat}/import"
    )
    found = words(client.get(searched.location))
    assert "Châu Văn Tài" in found and "Nguyễn Văn An" not in found
