"""Does the organiser review, and is everybody else kept out?"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote_plus

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading
from festival.passes import queries
from festival.roster import families, outcomes
from festival.roster.models import Family, FamilyState
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, token_of, with_link, words
from tests.registration.registered import approve, register

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


def test_organiser_finds_approves_and_prints(world: World) -> None:
    made = register(world, household(1, email="nha@example.vn"))
    organiser = world.as_user(world.organiser)
    assert "Thạch Thị Sa Rươl" in organiser.get("/office/registrations").text
    for search, there in (("thach thi sa ruol", True), ("KHOI", True), ("0000001", True), ("nguyen", False)):
        answer = post(organiser, "/office/registrations/search", {"search": search}, page="/office/registrations")
        address = answer.headers["Location"]
        assert (answer.status_code, search in unquote_plus(address)) == (303, False)
        assert (search, "Thạch Thị Sa Rươl" in organiser.get(address).text) == (search, there)
        assert f'value="{search}"' in organiser.get(address).text, "what was typed stands in the field"
    for query, there in (
        ("s=khong-mo-duoc&state=all", True),
        ("state=approved", False),
        (f"delegation={world.kien_luong}", False),
    ):
        assert (query, "Thạch Thị Sa Rươl" in organiser.get(f"/office/registrations?{query}").text) == (query, there)
    one = f"/office/registrations/{made.code}"
    assert post(organiser, f"{one}/approve", {"version": "1"}, page=one).status_code == 302
    page = organiser.get(one)
    assert "Đã duyệt" in page.text and "<svg" in page.text
    with world.app.app_context(), reading():
        _receipt, letter = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert [item["mime"] for item in letter.attachments] == ["image/png"]
    assert organiser.get(f"/office/passes?delegation={world.hon_dat}").text.count("In lại</a>") == 2
    assert organiser.get("/office/passes").status_code == 200
    assert organiser.get(f"/office/passes/pdf?family={made.code}").data.startswith(b"%PDF")


def test_a_reviewer_goes_on_to_the_one_who_waits_longest(world: World) -> None:
    first, second, third = (register(world, household(number)) for number in (1, 2, 3))
    organiser = world.as_user(world.organiser)

    def following(code: str) -> list[str]:
        page = organiser.get(f"/office/registrations/{code}").text
        return re.findall(r'href="/office/registrations/(\w+)"[^>]*>(?:<svg.*?</svg>)?Hồ sơ chờ tiếp theo', page)

    assert [following(made.code) for made in (first, second, third)] == [[second.code], [first.code], [first.code]]
    for made in (second, third):
        post(organiser, f"/office/registrations/{made.code}/approve", {"version": "1"}, page="/office/registrations")
    assert [following(made.code) for made in (first, second)] == [[], [first.code]]


def test_second_reviewer_gets_a_conflict_page(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    first, second = world.as_user(world.organiser), world.as_user(world.organiser)
    seen = token_of(second.get(one))
    post(first, f"{one}/approve", {"version": "1"}, page=one)
    late = second.post(f"{one}/return", data={"csrf_token": seen, "version": "1", "reason": "Xin bổ sung địa chỉ"})
    assert late.status_code == 409
    assert "Người khác vừa xử lý hồ sơ này, hiện là “Đã duyệt”" in html.unescape(late.text)
    assert "Lý do vừa gõ: Xin bổ sung địa chỉ" in words(late)
    assert only_family(world.app).state is FamilyState.APPROVED


def test_a_refusal_by_mistake_is_taken_back(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    organiser = world.as_user(world.organiser)
    post(organiser, f"{one}/reject", {"version": "1", "reason": "Trùng"}, page=one)
    assert only_family(world.app).state is FamilyState.REJECTED
    assert post(organiser, f"{one}/undo", {"version": "1", "reason": "Từ chối nhầm"}, page=one).status_code == 409
    post(organiser, f"{one}/undo", {"version": "2", "reason": "Từ chối nhầm, xin lỗi gia đình"}, page=one)
    assert only_family(world.app).state is FamilyState.SUBMITTED
    for page in ("/family", "/family/registration"):
        assert "Từ chối nhầm, xin lỗi gia đình" in with_link(world, made.link).get(page).text
    assert "Từ chối nhầm" in world.as_user(world.officer).get(f"/delegation/{world.hon_dat}").text
    post(organiser, f"{one}/approve", {"version": "3"}, page=one)
    assert only_family(world.app).state is FamilyState.APPROVED


def test_return_needs_a_reason_and_the_family_reads_it(world: World) -> None:
    made = register(world, household(1))
    one = f"/office/registrations/{made.code}"
    organiser = world.as_user(world.organiser)
    assert post(organiser, f"{one}/return", {"version": "1", "reason": " "}, page=one).status_code == 422
    post(organiser, f"{one}/return", {"version": "1", "reason": "Xin ghi lại ngày sinh của cháu"}, page=one)
    assert "Xin ghi lại ngày sinh của cháu" in with_link(world, made.link).get("/family/registration").text
    assert "Xin ghi lại ngày sinh của cháu" in world.as_user(world.officer).get(f"/delegation/{world.hon_dat}").text


def test_bulk_approval_undo_and_reissue(world: World) -> None:
    first, second = register(world, household(1)), register(world, household(2))
    organiser = world.as_user(world.organiser)
    post(
        organiser,
        f"/office/registrations/delegations/{world.hon_dat}/approve",
        {},
        page=f"/office/registrations?delegation={world.hon_dat}",
    )
    with world.app.app_context(), reading():
        assert set(db.session.scalars(select(Family.state))) == {FamilyState.APPROVED}
        before = queries.family_pass(first.family_id)
    one = f"/office/registrations/{first.code}"
    post(organiser, f"{one}/pass", {}, page=one)
    with world.app.app_context(), reading():
        after = queries.family_pass(first.family_id)
        assert before and after and (before.issue, after.issue, before.list_id != after.list_id) == (1, 2, True)
    two = f"/office/registrations/{second.code}"
    post(organiser, f"{two}/undo", {"version": "2", "reason": "duyệt nhầm"}, page=two)
    assert "Chờ duyệt" in organiser.get(two).text
    post(organiser, f"{two}/withdraw", {"version": "3"}, page=two)
    assert "Khôi phục hồ sơ đã rút" in organiser.get(two).text
    post(organiser, f"{two}/come-back", {"version": "4", "reason": "rút nhầm gia đình"}, page=two)
    assert "hồ sơ như trước khi rút: Chờ duyệt" in organiser.get(two).text
    post(organiser, f"{two}/withdraw", {"version": "5"}, page=two)
    post(organiser, f"{two}/come-back", {"version": "6", "reason": "bỏ bớt phần thi", "to": "draft"}, page=two)
    assert "Đã khôi phục thành bản nháp" in organiser.get(two).text
    with world.app.app_context(), reading():
        assert families.family_by_code(second.code).state is FamilyState.DRAFT


def test_officer_may_not_review(world: World) -> None:
    made = register(world, household(1))
    officer = world.as_user(world.officer)
    assert officer.get("/office/registrations").status_code == 403
    assert officer.get(f"/office/registrations/{made.code}").status_code == 403
    assert approve(world, made.family_id) == outcomes.Done(2)


def test_owner_comes_before_the_file(world: World) -> None:
    theirs = world.as_user(world.other_officer)
    token = token_of(theirs.get(f"/delegation/{world.kien_luong}/import"))
    assert theirs.post(f"/delegation/{world.hon_dat}/import", data={"csrf_token": token}).status_code == 404
    assert theirs.post(f"/delegation/{world.kien_luong}/import", data={"csrf_token": token}).status_code == 400


def test_officers_are_given_and_taken_away_by_the_organiser(world: World) -> None:
    organiser = world.as_user(world.organiser)
    address, other = "/office/delegations", str(world.other_officer)
    newcomer = world.as_user(world.other_officer)
    assert newcomer.get(f"/delegation/{world.hon_dat}").status_code == 404
    assert post(organiser, address, {"delegation": world.hon_dat, "user": other}).status_code == 303
    assert newcomer.get(f"/delegation/{world.hon_dat}").status_code == 200
    assert post(organiser, address, {"off": f"{world.hon_dat}:{other}"}).status_code == 303
    assert newcomer.get(f"/delegation/{world.hon_dat}").status_code == 404
    for nobody in ("", str(world.organiser), "99999999999999999999"):
        refused = post(organiser, address, {"delegation": world.hon_dat, "user": nobody})
        assert (refused.status_code, "Chưa chọn cán bộ" in refused.text) == (400, True)
        assert f'<option value="{world.hon_dat}" selected>' in refused.text, "the delegation that was chosen stays"
    unsaid = post(organiser, address, {"delegation": "", "user": other})
    assert (unsaid.status_code, "Chưa chọn đoàn" in unsaid.text) == (400, True)


def test_pages_ask_as_many_questions_for_three_families_as_for_one(world: World) -> None:
    officer, organiser = world.as_user(world.officer), world.as_user(world.organiser)
    addresses = [(officer, f"/delegation/{world.hon_dat}"), (organiser, "/office/registrations?state=all")]
    register(world, household(1))
    one = [statements(world, client, address) for client, address in addresses]
    for number in (2, 3):
        register(world, household(number))
    assert [statements(world, client, address) for client, address in addresses] == one


def statements(world: World, client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
