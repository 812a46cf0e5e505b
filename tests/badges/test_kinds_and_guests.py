"""May a class in use go, and does the MC read the guests in their order?"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.badges import kinds, queries
from festival.badges.kinds import KindWish
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from tests.badges.cast import DRIVER, GUEST, add, desk, make_list, remove, sealed_differences
from tests.registration.conftest import World
from tests.registration.pages_kit import post, words

pytestmark = pytest.mark.either_database

MEDICAL = KindWish("Y tế", "service", "shield", "good")


def make_kind(world: World, wish: KindWish = MEDICAL) -> str:
    with world.app.app_context(), transaction():
        return kinds.make_kind(world.rules().festival, wish, world.organiser).code


def test_a_class_in_use_is_not_removed_and_the_page_says_how_many_and_what_to_do(world: World) -> None:
    guests, medical = make_list(world), make_kind(world)
    doctor = replace(GUEST, name="Lâm Thị Mai", badge="service", kind=medical, rank=None)
    (mai,) = add(world, guests, doctor)
    add(world, guests, replace(doctor, name="Kim Sơn"))
    remove(world, guests, mai)
    with pytest.raises(Conflict):
        make_kind(world, replace(MEDICAL, word="y TẾ"))
    with pytest.raises(Conflict):
        make_kind(world, replace(MEDICAL, word="Khách mời"))
    client = world.as_user(world.organiser)
    page = f"/office/badges/kinds/{medical}"
    refused = post(client, f"{page}/remove", {"version": 1}, page="/office/badges/kinds")
    assert refused.status_code == 409
    assert "2 người đang có lớp thẻ “Y tế”, kể cả người đã rút, nên chưa bỏ được. Bấm “Chuyển về lớp Phục vụ”" in words(
        refused
    )
    changed = {"version": 1, "word": "Quân y", "symbol": "home", "colour": "bad"}
    assert post(client, f"{page}/change", changed, page="/office/badges/kinds").status_code == 303
    assert (
        post(client, f"{page}/change", changed, page="/office/badges/kinds").status_code == 409
    )  # seen before the change
    with world.app.app_context(), reading():
        counts = queries.counts_by_class(world.rules().festival.id)
        assert [(each.look.word, each.look.tone, each.people) for each in counts] == [("Quân y", "bad", 1)]
    assert sealed_differences(world) == []
    assert post(client, f"{page}/hand-over", {"version": 2}, page="/office/badges/kinds").status_code == 303
    assert post(client, f"{page}/remove", {"version": 3}, page="/office/badges/kinds").status_code == 303
    with world.app.app_context(), reading():
        assert {line.look.word for line in queries.on_list(desk(world, guests).list_id)} == {"Phục vụ"}
    assert sealed_differences(world) == []


def test_the_mc_reads_the_guests_in_order_of_rank_and_has_them_on_paper(world: World, tmp_path: Path) -> None:
    guests = make_list(world)
    add(world, world.hon_dat, DRIVER)
    _first, seen_code, *_rest = add(
        world,
        guests,
        replace(GUEST, name="Đặng Ữ", rank=10, seat="B2"),
        GUEST,
        replace(GUEST, name="Ân Khách", rank=None, honorific="", title=""),
        replace(GUEST, name="Lâm Bình", badge="committee", rank=2, honorific="bà", title="Trưởng Ban Tổ chức"),
    )
    with world.app.app_context(), transaction():
        mc = create_user("mc", "Người dẫn", "", [Role.MC]).id
    client = world.as_user(mc)
    assert "/mc/guests" in client.get("/panel").text
    told = words(client.get("/mc/guests"))
    order = ["Nguyễn Văn An, Phó Chủ tịch", "bà Lâm Bình, Trưởng Ban Tổ chức", "Đặng Ữ", "Ân Khách"]
    assert sorted(order, key=told.index) == order and "Châu Văn Tài" not in told
    assert "1 khách mời chưa có thứ tự" in told
    paper = client.get("/mc/guests.pdf")
    (tmp_path / "a.pdf").write_bytes(paper.data)
    read = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], check=True, capture_output=True, text=True)
    printed = " ".join(read.stdout.split())
    assert sorted(order, key=printed.index) == order and "Kính thưa đồng chí Nguyễn Văn An" in printed
    assert client.get(f"/badges/{guests}").status_code == 404
    assert world.as_user(world.officer).get("/mc/guests").status_code == 404

    for way in ("", f"?person={seen_code}"):
        badges = world.as_user(world.organiser).get(f"/badges/{guests}/badges.pdf{way}")
        (tmp_path / "c.pdf").write_bytes(badges.data)
        read = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "c.pdf", "-"], check=True, capture_output=True, text=True
        )
        printed = " ".join(read.stdout.split())
        assert ("Lâm Bình" in printed, "Nguyễn Văn An" in printed) == (not way, True)
        assert "đồng chí" in printed and "Phó Chủ tịch Ủy ban nhân dân" in printed and "KHÁCH MỜI" in printed.upper()
    signed = world.as_user(world.organiser).get(f"/badges/{guests}/sign.pdf")
    (tmp_path / "b.pdf").write_bytes(signed.data)
    read = subprocess.run(["pdftotext", "-layout", tmp_path / "b.pdf", "-"], check=True, capture_output=True, text=True)
    assert all(text in " ".join(read.stdout.split()) for text in ("Ký nhận", "Đặng Ữ", "B2", "bà Lâm Bình"))


def test_of_three_thousand_guests_a_page_shows_the_first_in_order(world: World) -> None:
    guests = make_list(world)
    many = [replace(GUEST, name=f"Khách {chr(0x41 + n // 20)}{chr(0x61 + n % 20)}", rank=n + 1) for n in range(201)]
    add(world, guests, *many)
    client = world.as_user(world.organiser)
    first, last = client.get("/mc/guests"), client.get("/mc/guests?page=2")
    assert len(first.data) < 60_000 and "Đang xem 1–60 trên 201." in words(first)
    assert [each.name in words(first) for each in (many[0], many[59], many[60])] == [True, True, False]
    assert many[60].name in words(last) and many[0].name not in words(last)
