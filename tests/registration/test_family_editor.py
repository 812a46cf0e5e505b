"""Does one editor change people and contests, lose nothing that was typed, show the reviewer exactly that, and take it back?"""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import and_, select

from festival.core.database import db
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.core.transaction import reading
from festival.registration.models import FormerRegistration, RegistrationDraft
from festival.roster import families, views
from tests.registration.conftest import World, household
from tests.registration.pages_kit import as_shown, only_family, post, with_link, words
from tests.registration.registered import approve, register

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

PAGE, KEEP = "/family/change", "/family/change/keep"
GRANDMOTHER = {
    "new1-name": "Thị Sà Rươne",
    "new1-relation": "parent",
    "new1-sex": "female",
    "new1-birth": "1951",
    "new1-contests": ["", "nau-an"],
}


def returned(world: World) -> tuple[FlaskClient, list[str], str]:
    """A family that was asked to change its people: its browser, the codes of its people, its page at the organiser's."""
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    reason = {"version": "1", "reason": "Xin thay cháu bằng bà và dự thi nấu ăn"}
    assert post(world.as_user(world.organiser), f"{one}/return", reason, page=one).status_code == 302
    return with_link(world, made.link), [person.code for person in only_family(world.app).members], one


def people(world: World) -> list[tuple[str, tuple[str, ...], str]]:
    """Who is in the family, in which contests, agreed by whom."""
    with world.app.app_context(), reading():
        family = families.family_by_id(only_family(world.app).id)
        return [(m.name, m.contests, m.agreement.by) for m in views.view(family, world.rules()).household.members]


def keep(client: FlaskClient, fields: dict[str, object]) -> int:
    return post(client, KEEP, {"version": "2", **fields}, page=PAGE).status_code


def test_a_returned_family_swaps_a_child_for_a_grandmother_and_the_reviewer_sees_exactly_that(world: World) -> None:
    client, codes, one = returned(world)
    # each button keeps all that was typed so far, and comes back by a page that can be refreshed
    assert keep(client, {"do": f"drop-{codes[2]}", f"{codes[0]}-contests": ["", "nau-an"]}) == 303
    assert keep(client, {"do": "add"}) == 303
    assert keep(client, {"do": "up-new1", **GRANDMOTHER}) == 303
    page = words(client.get(PAGE))
    for said in ("Bớt Danh Minh Khôi", "Thêm Thị Sà Rươne", "Thạch Thị Sa Rươl: thôi “Gia đình tài năng”"):
        assert said in page, page
    assert [name for name, _contests, _by in people(world)][2] == "Danh Minh Khôi", (
        "nothing is saved without the digits"
    )
    kept = {"version": "2", "tail": "0001", f"{codes[2]}-drop": "y"}
    assert post(client, PAGE, kept, page=PAGE).location == "/family/registration"
    assert people(world) == [
        ("Thạch Thị Sa Rươl", ("nau-an",), "Thạch Thị Sa Rươl"),
        ("Danh Chung", ("the-thao",), "Danh Chung"),
        ("Thị Sà Rươne", ("nau-an",), ""),
    ]
    seen = words(world.as_user(world.organiser).get(one)).partition("Đã thay đổi từ lần xem trước")[2]
    told = seen.partition("Đã xem các thay đổi")[0]
    for line in (
        "Bớt người Danh Minh Khôi (không) Gia đình, qua liên kết",
        "Thêm người (không) Thị Sà Rươne Gia đình, qua liên kết",
        "Phần thi – Thạch Thị Sa Rươl Gia đình tài năng (không)",
        "Phần thi – Thạch Thị Sa Rươl (không) Thi nấu ăn",
    ):
        assert line in told, told
    assert told.count("Gia đình, qua liên kết") == 4
    with world.app.app_context(), reading():
        assert db.session.scalars(select(RegistrationDraft)).all() == [], "what was saved is no draft any more"
        line = [each for each in db.session.scalars(select(LedgerPayload.content)) if each and "joined" in str(each)]
        assert len(line) == 1 and "Rươne" not in str(line), (
            "the ledger tells what was changed, not how anybody is called"
        )
    office = world.as_user(world.organiser)
    assert post(office, f"{one}/seen", {"version": "3"}, page=one).status_code == 302
    assert "Đã thay đổi từ lần xem trước" not in words(office.get(one))


def test_a_change_is_taken_back_and_that_too(world: World) -> None:
    client, codes, _one = returned(world)
    before = people(world)
    change: dict[str, object] = {"version": "2", "tail": "0001", f"{codes[2]}-drop": "y", "address": "Ấp Mới"}
    post(client, PAGE, change, page=PAGE)
    changed = people(world)
    assert len(changed) == 2
    assert "Thêm Danh Minh Khôi" in words(client.get("/family/registration"))
    back = {"version": "3", "tail": "0001"}
    wrong = post(client, f"{PAGE}/back", {**back, "tail": "9999"}, page="/family/registration")
    assert (wrong.status_code, people(world)) == (303, changed)
    post(client, f"{PAGE}/back", back, page="/family/registration")
    name, contests, _by = before[2]
    assert people(world) == [*before[:2], (name, contests, "")], "who comes back is asked for an agreement anew"
    assert only_family(world.app).address == "Ấp Hòn Me"
    post(client, f"{PAGE}/back", back, page="/family/registration")
    assert len(people(world)) == 3, "a second tap of one button brings nothing back twice"
    post(client, f"{PAGE}/back", {**back, "version": "4"}, page="/family/registration")
    assert people(world) == changed
    with world.app.app_context(), reading():
        assert db.session.scalars(select(FormerRegistration.version).order_by(FormerRegistration.id)).all() == [2, 3, 4]


def test_the_officer_too_is_told_of_by_name_and_takes_a_change_back(world: World) -> None:
    client, _codes, one = returned(world)
    officer = world.as_user(world.officer)
    page = f"/delegation/{world.hon_dat}/families/{one.rpartition('/')[2]}"
    assert "Lấy lại bản trước" not in words(officer.get(page))
    typed = as_shown(officer.get(page)) | {"address": "Ấp Mới", "act": "save"}
    assert officer.post(page, data=typed).status_code == 302
    assert "Địa chỉ: “Ấp Mới” thành “Ấp Hòn Me”" in words(officer.get(page))
    assert "Địa chỉ: “Ấp Mới” thành “Ấp Hòn Me”" in words(client.get("/family/registration")), (
        "the family sees the same"
    )
    back = as_shown(officer.get(page)) | {"act": "former"}
    for _tap in range(2):
        assert officer.post(page, data=back).status_code in (302, 303)
        assert only_family(world.app).address == "Ấp Hòn Me"
    stranger = world.as_user(world.other_officer)
    theirs = post(
        stranger, page, {key: back[key] for key in back if key != "csrf_token"}, page=f"/delegation/{world.kien_luong}"
    )
    assert theirs.status_code == 404
    with world.app.app_context(), reading():
        lines = [LedgerEntry.stream == LedgerPayload.stream, LedgerEntry.seq == LedgerPayload.seq]
        changed = select(LedgerPayload.content).join(LedgerEntry, and_(*lines))
        told = db.session.scalars(changed.where(LedgerEntry.kind == "registration.changed")).all()
    said = [(line["by"], line["what"]) for line in map(json.loads, told)]
    assert said == [(world.officer, [["address", ""]])] * 2


def test_an_approved_family_goes_from_the_same_button_to_its_request(world: World) -> None:
    made = register(world, household(1))
    client, codes = with_link(world, made.link), [person.code for person in only_family(world.app).members]
    assert "Sửa hồ sơ: người, phần thi, liên lạc" in words(client.get("/family/registration"))
    assert keep(client, {"version": "1", f"{codes[1]}-name": "Danh Chương"}) == 204
    approve(world, made.family_id)
    assert "Sửa hồ sơ: người, phần thi, liên lạc" in words(client.get("/family/registration"))
    late = {"version": "1", "tail": "0001"}
    assert post(client, PAGE, late, page=PAGE).location == PAGE
    page = client.get(PAGE)
    assert "Danh Chung” thành “Danh Chương" in words(page), "what was typed before the approval is still to be read"
    assert 'href="/family/changes"' in page.text
    assert only_family(world.app).members[1].name == "Danh Chung"
    assert keep(client, {"do": "discard"}) == 303
    assert client.get(PAGE).location == "/family/changes"


def test_what_nobody_can_read_stays_as_typed_and_is_named(world: World) -> None:
    client, codes, _one = returned(world)
    assert keep(client, {f"{codes[1]}-birth": "31/2/1950", "email": "không có"}) == 204
    page = client.get(PAGE)
    assert ('value="31/2/1950"' in page.text, 'value="không có"' in page.text) == (True, True)
    assert "Không có ngày" not in page.text, "nobody has asked for it to be saved yet"
    assert post(client, PAGE, {"version": "2", "tail": "0001"}, page=PAGE).status_code == 303
    for _time in range(2):  # a refresh says the same
        page = client.get(PAGE)
        assert ('value="31/2/1950"' in page.text, "Không có ngày 31/2/1950" in words(page)) == (True, True)
    assert keep(client, {"do": "discard"}) == 303
    assert 'value="31/2/1950"' not in client.get(PAGE).text
    other = with_link(world, register(world, household(2)).link)
    assert "không có" not in other.get(PAGE).text


def test_two_at_once_both_see_what_the_other_wrote_and_lose_nothing(world: World) -> None:
    client, codes, _one = returned(world)
    assert keep(client, {f"{codes[1]}-name": "Danh Chương", "address": "Ấp Hòn Me"}) == 204
    officer = world.as_user(world.officer)
    with world.app.app_context(), reading():
        code = only_family(world.app).code
    sheet = {"phone": "0900000001", "address": "Ấp Mới", "version": "2"}
    for at, (person, member) in enumerate(zip(codes, household(1).members, strict=True)):
        sheet |= {
            f"members-{at}-code": person, f"members-{at}-name": member.name, f"members-{at}-relation": str(member.relation),
            f"members-{at}-sex": str(member.sex), f"members-{at}-birth": str(member.birth), f"members-{at}-signed": "y",
            f"members-{at}-contests": member.contests[0], f"members-{at}-needs": member.needs,
        }  # fmt: skip
    sheet |= {"members-2-guardian": household(1).members[0].name, "members-2-own": "y"}
    edit = f"/delegation/{world.hon_dat}/families/{code}"
    assert post(officer, edit, sheet).status_code == 302
    late: dict[str, object] = {
        "version": "2",
        "tail": "0001",
        f"{codes[1]}-name": "Danh Chương",
        "address": "Ấp Hòn Me",
    }
    assert post(client, PAGE, late, page=PAGE).location == PAGE
    assert only_family(world.app).address == "Ấp Mới", "nothing is written over"
    page = client.get(PAGE)
    assert "Địa chỉ: “Ấp Hòn Me” thành “Ấp Mới”" in words(page), "it says what was changed elsewhere"
    assert ('value="Danh Chương"' in page.text, 'value="Ấp Mới"' in page.text) == (True, True)
    post(client, PAGE, late | {"version": "3", "address": "Ấp Mới"}, page=PAGE)
    family = only_family(world.app)
    assert (family.address, family.members[1].name) == ("Ấp Mới", "Danh Chương")


def test_somebody_typed_over_another_brings_no_agreement_along(world: World) -> None:
    client, codes, _one = returned(world)
    change: dict[str, object] = {
        "version": "2", "tail": "0001", f"{codes[1]}-name": "Trần Văn Bảy", f"{codes[1]}-birth": "1990",
    }  # fmt: skip
    post(client, PAGE, change, page=PAGE)
    assert people(world)[1] == ("Trần Văn Bảy", ("the-thao",), "")
    two = {"version": "3", "tail": "0001", f"{only_family(world.app).members[1].code}-relation": "representative"}
    post(client, PAGE, two, page=PAGE)
    assert "nhiều hơn một người đại diện" in words(client.get(PAGE))
