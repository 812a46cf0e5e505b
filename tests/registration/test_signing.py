"""Is a list printed, signed, sent back and asked for, and has every step its way back?"""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from festival.core.clock import today
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.editions.models import Unit, UnitLevel
from festival.papers.signing_lists import SigningList
from festival.registration import changing, decisions
from festival.registration.outcomes import NotSigned
from festival.registration.signing import communes, lists, units
from festival.registration.signing.listed import ListedFamily, ListedPerson, meant_by, since
from festival.roster import families, views
from festival.roster.outcomes import Done
from tests.house.filling_signing import picture, printed, signed
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, token_of, words
from tests.registration.registered import approve, race, register
from tests.registration.signing_kit import HERE, delegation_id, home, office, photo, rows, sealed, send

pytestmark = pytest.mark.either_database


def test_since_tells_who_joined_changed_and_left() -> None:
    one = ListedFamily(
        1, "A", "Gia đình bà A", "09", "", (ListedPerson("A", "representative", "female", "1986", ("x",)),)
    )
    two, three = replace(one, code="B", name="Gia đình bà B"), replace(one, code="C", name="Gia đình bà C")
    kept = [[each.code, each.name, each.digest] for each in (one, two)]
    found = since(kept, [replace(one, people=(replace(one.people[0], birth="1987"),)), three])
    assert (found.joined, found.changed, found.left, found.to_print) == (
        (("C", "Gia đình bà C"),), (("A", "Gia đình bà A"),), (("B", "Gia đình bà B"),), 2,
    )  # fmt: skip
    assert since(kept, [one, two]).to_print == 0
    assert meant_by("Ấp 3, xã Bình Sơn", [("b", "Bình Sơn"), ("t", "Thổ Sơn")]) == "b"
    assert meant_by("Bình Sơn, Thổ Sơn", [("b", "Bình Sơn"), ("t", "Thổ Sơn")]) == ""


def test_officer_prints_sends_the_signed_pages_and_the_organiser_sees_them(world: World) -> None:
    register(world, household(1))
    officer, organiser = world.as_user(world.officer), world.as_user(world.organiser)
    assert officer.get(f"/delegation/{world.hon_dat}/signing").location == home(world)
    assert "Chưa in" in words(organiser.get("/office/signing"))
    for _twice in range(2):  # printed again without a change it is the same sheet
        assert post(officer, f"{home(world)}/print", {}, page=home(world)).status_code == 303
    assert rows(world) == [(1, "printed", 0)]
    pdf = officer.get(f"{home(world)[: -len(HERE)]}lists/1/list.pdf")
    word = officer.get(f"{home(world)[: -len(HERE)]}lists/1/list.docx").data
    with world.app.app_context(), reading():
        row = db.session.get_one(SigningList, 1)
        assert (pdf.data, sha256(word).hexdigest()) == (row.content, row.editable_sha256)
    with ZipFile(BytesIO(word)) as archive:
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
    said = " ".join(parts["word/document.xml"].itertext())
    for text in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN", "HUYỆN HÒN ĐẤT", "Nơi nhận:",
                 "Thạch Thị Sa Rươl", "Tổng số: 1 gia đình, 3 người; nữ 1 người; trẻ em dưới 16 tuổi 1 người; từ 60 tuổi trở lên 1 người."):  # fmt: skip
        assert text in said
    answer = send(officer, home(world), [photo(), picture("black")])
    assert answer.status_code == 303, words(answer)
    page = words(organiser.get(office(world)))
    assert ("Đã ký" in page, "12/DS-UBND" in page, "Nguyễn Văn Chủ" in page, "Cán bộ Hòn Đất" in page) == (True,) * 4
    kept = organiser.get(f"{office(world)[: -len(HERE)]}lists/1/1-1")
    assert (kept.mimetype, b"SECRET" in kept.data, b"script" in kept.data) == ("image/jpeg", False, False)
    assert organiser.get(f"{office(world)[: -len(HERE)]}lists/1/1-3").status_code == 404
    # another officer sees nothing of it, under no address
    theirs = world.as_user(world.other_officer)
    for address in (home(world), f"/delegation/{world.kien_luong}/signing/lists/1/list.pdf"):
        assert theirs.get(address).status_code == 404
    assert sealed(world) == []


def test_every_step_has_its_way_back(world: World) -> None:
    register(world, household(1))
    mine = delegation_id(world)
    with world.app.app_context():
        signed(mine, world.officer)
    register(world, household(2))
    officer, page = world.as_user(world.officer), home(world)
    text = words(officer.get(page))
    assert ("Đổi sau khi ký, cần in lại" in text, "Mới thêm: Gia đình bà" in text) == (True, True)
    # a wrong number is put right, other pages are sent, the first ones come back
    assert send(officer, page, [], "correct", number="13/DS-UBND").status_code == 303
    assert send(officer, page, [picture("red")], "correct", number="13/DS-UBND").status_code == 303
    assert rows(world) == [(1, "signed", 2)]
    assert send(officer, page, [], "correct", number="13/DS-UBND", turn="1").status_code == 303
    assert rows(world) == [(1, "signed", 1)]
    assert send(officer, page, [], "correct", number="14", version="1").status_code == 409
    # printed anew, signed, taken back: the one before is in force; taken back by mistake: in force again
    post(officer, f"{page}/print", {}, page=page)
    assert send(officer, page, [picture("blue")]).status_code == 303
    assert rows(world) == [(1, "replaced", 1), (2, "signed", 1)]
    back = {"list": "2", "version": "1", "reason": ""}
    assert post(officer, f"{page}/take-back", back, page=page).status_code == 400
    assert post(officer, f"{page}/take-back", back | {"reason": "nhầm tờ"}, page=page).status_code == 303
    assert rows(world) == [(1, "signed", 1), (2, "annulled", 1)]
    assert post(officer, f"{page}/take-back", back | {"reason": "nhầm tờ"}, page=page).status_code == 409
    assert post(officer, f"{page}/reinstate", {"list": "2", "version": "2"}, page=page).status_code == 303
    assert rows(world) == [(1, "replaced", 1), (2, "signed", 1)]
    assert sealed(world) == []


def test_the_paper_that_was_printed_before_may_be_the_signed_one(world: World) -> None:
    register(world, household(1))
    officer, page = world.as_user(world.officer), home(world)
    post(officer, f"{page}/print", {}, page=page)
    register(world, household(2))
    assert "Đã đổi từ khi in tờ này, cần in lại" in words(officer.get(page))
    post(officer, f"{page}/print", {}, page=page)
    assert rows(world) == [(1, "replaced", 0), (2, "printed", 0)]
    assert send(officer, page, [picture()], list="1").status_code == 303
    assert rows(world) == [(1, "signed", 1), (2, "printed", 0)]
    assert "Đổi sau khi ký" in words(officer.get(page))


def test_who_changed_what_since_the_print_stands_beside_the_family(world: World) -> None:
    register(world, household(1))
    with world.app.app_context():
        signed(delegation_id(world), world.officer)
    with world.app.app_context(), transaction():
        family = families.family_by_id(only_family(world.app).id)
        home_now = views.view(family, world.rules()).household
        members = (*home_now.members[:2], replace(home_now.members[2], name="Danh Minh Khang"))
        done = changing.change_family(world.rules(), family, replace(home_now, members=members), family.version)
        assert isinstance(done, Done)
    page = words(world.as_user(world.organiser).get(office(world)))
    assert ("Ai đã đổi gì" in page, "Danh Minh Khang" in page) == (True, True)


def test_an_edition_may_ask_for_the_signed_list_before_it_approves(world: World) -> None:
    made = register(world, household(1))
    organiser, page = world.as_user(world.organiser), "/office/signing"
    one = f"/office/registrations/{made.code}"
    assert post(organiser, f"{page}/rule", {"required": "yes", "version": "0"}, page=page).status_code == 303
    assert post(organiser, f"{page}/rule", {"required": "no", "version": "0"}, page=page).status_code == 409
    assert "chưa có trong danh sách đã ký" in words(organiser.get(one))
    assert approve(world, made.family_id) == NotSigned()
    post(
        organiser,
        f"/office/registrations/delegations/{world.hon_dat}/approve",
        {},
        page=f"/office/registrations?delegation={world.hon_dat}",
    )
    assert "Đơn vị in lại, ký rồi gửi lên." in words(organiser.get("/office/registrations"))
    with world.app.app_context():
        list_id = signed(delegation_id(world), world.officer)
    assert "gia đình có trong bản đã ký" in words(organiser.get(one))
    with world.app.app_context(), transaction():
        lists.take_back_list(world.delegation().id, list_id, 1, "thiếu dấu", None)
    # with this remark the list is back with the officer
    page_of_officer = words(world.as_user(world.officer).get(home(world)))
    assert ("Bản đã ký của tờ số 1 đã bị bỏ" in page_of_officer, "thiếu dấu" in page_of_officer) == (True, True)
    assert approve(world, made.family_id) == NotSigned()
    assert post(organiser, f"{page}/rule", {"required": "no", "version": "1"}, page=page).status_code == 303
    assert isinstance(approve(world, made.family_id), Done)
    assert sealed(world) == []


def naive(family: object) -> bool:
    """What nobody may do: look first, and hold nothing."""
    return not units.stands_signed(family)  # type: ignore[arg-type]


@pytest.mark.both_databases
@pytest.mark.parametrize("ask", [units.not_signed_yet, naive])
def test_a_list_taken_back_meanwhile_approves_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, ask: object
) -> None:
    """The approval looks, the list is taken back and committed, the approval writes: only where nothing was held."""
    made = register(world, household(1))
    mine = delegation_id(world)
    with world.app.app_context():
        list_id = signed(mine, world.officer)
    with world.app.app_context(), transaction():
        communes.ask_for_signing(world.delegation().festival, True, 0, None)
        on_sqlite = db.engine.dialect.name == "sqlite"
    looked, gone = threading.Event(), threading.Event()
    order: list[str] = []

    def asked(family: object) -> bool:
        found: bool = ask(family)  # type: ignore[operator]
        looked.set()
        # whoever holds the row is waited for; who holds none is overtaken
        gone.wait(1 if ask is units.not_signed_yet or on_sqlite else 20)
        return found

    monkeypatch.setattr(decisions, "not_signed_yet", asked)

    def take_back() -> None:
        looked.wait(20)
        with world.app.app_context():
            with transaction():
                lists.take_back_list(mine, list_id, 1, "nhầm", None)
            order.append("taken back")
        gone.set()

    other = threading.Thread(target=take_back)
    other.start()
    outcome = approve(world, made.family_id)
    order.append("approved")
    other.join()
    assert isinstance(outcome, Done)
    overtaken = ask is naive and not on_sqlite  # SQLite has one writer at a time, whoever looks how
    assert order == (["taken back", "approved"] if overtaken else ["approved", "taken back"])


@pytest.mark.both_databases
def test_of_two_who_send_the_signed_sheet_at_once_one_is_told(world: World) -> None:
    register(world, household(1))
    with world.app.app_context():
        list_id = printed(delegation_id(world), None)
    letter = lists.Letter("1", today(), "Nguyễn Văn Chủ")
    sent = lists.SentPages(())
    mine = delegation_id(world)

    def sign() -> object:
        try:
            return lists.sign_list(mine, list_id, letter, sent, None)
        except Overtaken as told:
            return told

    said = race(world.app, 4, sign)
    assert sorted(type(each).__name__ for each in said) == ["NoneType", "Overtaken", "Overtaken", "Overtaken"]
    assert rows(world) == [(1, "signed", 1)]


def test_a_delegation_of_several_communes_needs_one_of_each(world: World) -> None:
    one, two = register(world, household(1, address="Ấp 2, xã Bình Sơn")), register(world, household(2))
    with world.app.app_context(), transaction():
        for name, key in (("Bình Sơn", "x-1"), ("Thổ Sơn", "x-2"), ("Bình Sơn", "x-3")):
            above = world.delegation().unit_id if key != "x-3" else None
            db.session.add(
                Unit(key=key, level=UnitLevel.COMMUNE, kind="Xã", name=name, folded=fold(name), parent_id=above)
            )
    organiser, page = world.as_user(world.organiser), f"/office/signing/{world.hon_dat}"

    def name(lines: str, was: str = "") -> TestResponse:
        return post(organiser, f"{page}/communes", {"communes": lines, "was": was}, page=page)

    refused = name("xa binh son\nXã Không Có")
    assert (
        refused.status_code,
        "Không có xã, phường «Xã Không Có»" in words(refused),
        "xa binh son" in refused.text,
    ) == (400, True, True)
    assert name("xa binh son\nThổ Sơn").status_code == 303
    assert name("Thổ Sơn").status_code == 409  # seen before the other was named
    text = organiser.get(page).text
    assert "2 gia đình chưa thuộc danh sách" in words(organiser.get(page))
    assert re.search(rf'name="of-{one.code}">.*?value="x-1" selected', text, re.DOTALL)  # its address says so
    assert not re.search(rf'name="of-{two.code}">(?:(?!</select>).)*selected', text, re.DOTALL)
    chosen = {f"of-{one.code}": "x-1", f"of-{two.code}": "x-2", f"was-{one.code}": "", f"was-{two.code}": ""}
    assert post(organiser, f"{page}/families", chosen, page=page).status_code == 303
    assert post(organiser, f"{page}/families", {f"of-{one.code}": "x-3"}, page=page).status_code == 404
    assert post(organiser, f"{page}/families", {f"of-{one.code}": "x-2"}, page=page).status_code == 409
    with world.app.app_context():
        signed(delegation_id(world), None, key="x-1")
        with transaction():
            communes.ask_for_signing(world.delegation().festival, True, 0, None)
    assert (type(approve(world, one.family_id)), approve(world, two.family_id)) == (Done, NotSigned())
    assert name("", "x-1,x-2").status_code == 303  # its own unit again: the sheet of the commune stays readable
    assert "không còn ký cho đoàn này" in words(organiser.get(page))
    assert name("Xã Bình Sơn\nThổ Sơn").status_code == 303
    assert sealed(world) == []


def test_nothing_is_printed_of_nobody_and_a_strange_step_is_none(world: World) -> None:
    officer, page = world.as_user(world.officer), home(world)
    assert "Chưa có gia đình nào để in" in words(officer.get(page))
    token = token_of(officer.get(page))
    assert officer.post(f"{page}/print", data={"csrf_token": token}).status_code == 409
    for step in ("burn", "sign"):
        assert officer.post(f"{page}/{step}", data={"csrf_token": token, "list": "7"}).status_code in (400, 404)
    assert officer.get(f"/delegation/{world.hon_dat}/signing/kg-1").status_code == 404


def test_what_was_printed_is_the_same_on_another_day(world: World) -> None:
    register(world, household(1))
    mine = delegation_id(world)
    with world.app.app_context():
        with reading():
            rules = world.rules()
            first = lists.draw_list(world.delegation(), HERE, rules)
            again = lists.draw(world.delegation(), world.delegation().unit, first.families, rules, 1, first.at)
            later = lists.draw(
                world.delegation(), world.delegation().unit, first.families, rules, 1, first.at + timedelta(days=1)
            )
        assert (first.pdf, first.editable, first.drawn) == (again.pdf, again.editable, again.drawn)
        assert later.drawn == first.drawn and later.pdf != first.pdf
        with transaction():
            kept = lists.print_list(mine, HERE, first, None)
            assert lists.print_list(mine, HERE, later, None).id == kept.id
