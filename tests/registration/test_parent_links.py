"""Does a father who is elsewhere agree by his own link, a child on its own screen, a sheet by its photo, and nobody else instead?"""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select, update

from festival.consent.models import Consent, ConsentRefusal
from festival.consent.rules import Agreement
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.papers.agreement_sheets import AgreementSheet
from festival.registration.agreements import parent_links
from festival.registration.agreements.models import ParentLink
from festival.roster.families import family_by_id
from festival.roster.models import Family, FamilyState
from festival.roster.shown.pictures import without_pictures
from tests.registration.conftest import World, household
from tests.registration.pages_kit import (
    AGREED,
    answered,
    answers,
    only_family,
    post,
    standing,
    token_of,
    with_link,
    words,
)
from tests.registration.registered import count, race, register
from tests.registration.test_family_form import filled

pytestmark = pytest.mark.either_database

AWAY = {"away": "Danh Văn Ba", "away-as": "father", "away-phone": "0987 654 321"}
PAGE = "/family/registration"


def silent(world: World, **changes: object) -> tuple[FlaskClient, list[str]]:
    """A family of which nobody has agreed yet, behind its link; the codes of its people."""
    home = household(1, **changes)
    members = tuple(replace(each, agreement=Agreement(), own_agreement=False) for each in home.members)
    made = register(world, replace(home, members=members), submit=False)
    return with_link(world, made.link), [person.code for person in only_family(world.app).members]


def father(world: World, client: FlaskClient, child: str) -> str:
    """The address of the link that the family makes for the father."""
    asked = {**AWAY, f"away-{child}": "y", "tail": "0001"}
    assert post(client, "/family/parents", asked, page=PAGE).status_code == 303
    return parent_address(client.get(PAGE).text)


def parent_address(text: str) -> str:
    found = re.search(r"/parent/[0-9A-Z]{26}", text)
    assert found
    return found[0]


def unseen(world: World) -> set[str]:
    """Of whom no picture may be published."""
    with world.app.app_context(), reading():
        family = family_by_id(1)
        held = without_pictures(family.festival_id)
        return {person.name for person in family.members if person.id in held}


def sealed(world: World) -> list[str]:
    with world.app.app_context(), snapshot():
        return [str(each) for each in inspect(["decisions:kg-2024"]).named()]


def test_a_grandmother_sends_and_the_father_agrees_by_his_own_link(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    # what was ticked before the phone goes to the child is kept
    handed = post(client, f"{form}/review", {"agree-0": "y", "child": "2"})
    assert (handed.location, client.get(f"{form}/review").text.count(" checked")) == (f"{form}/child/2", 1)
    answers(client, form, publish="no")
    alone = {key: value for key, value in AGREED.items() if key not in ("agree-2", "guardian", "guardian-as")}
    half = {"away": "Danh Văn Ba", "away-phone": "12", "away-2": "y"}
    page = answered(client, post(client, f"{form}/review", alone | half))
    assert "chưa đúng số điện thoại" in words(page)
    assert ('value="Danh Văn Ba"' in page.text, 'value="12"' in page.text) == (True, True)
    # what was agreed and answered, and for whom the link is, stays on the page that is opened again
    again = client.get(f"{form}/review").text
    assert (
        again.count(" checked"),
        bool(re.search(r'name="away-2"[^>]* checked|checked[^>]*name="away-2"', again)),
    ) == (4, True)
    assert post(client, f"{form}/review", alone | AWAY | {"away-2": "y"}).location == f"{form}/done"
    done = client.get(f"{form}/done")
    assert "còn chờ đồng ý" in words(done)
    family = only_family(world.app)
    assert family.state is FamilyState.DRAFT
    phone = world.app.test_client()
    address, child = parent_address(done.text), family.members[2].code
    for _twice in range(2):
        opened = phone.get(address)
        assert (opened.status_code, "Tôi, Danh Văn Ba, là cha của" in words(opened)) == (200, True)
    for name in ("Sa Rươl", "Danh Chung", "5678"):
        assert (name, name in words(opened).replace("Gia đình bà Danh Thị Sa Rươl", "")) == (name, False)
    ticked = {f"agree-{child}": "y", f"publish-{child}": "y", f"keep-{child}": "y"}
    wrong = post(phone, address, {**ticked, "tail": "5678"})
    assert (wrong.status_code, wrong.text.count(" checked"), only_family(world.app).state) == (422, 3, "draft")
    for _five in range(5):
        assert post(phone, address, {**ticked, "tail": "4321"}).status_code == 303
    assert only_family(world.app).state is FamilyState.SUBMITTED
    # nothing is left to be agreed to, so nothing asks for it
    settled = words(phone.get(address))
    assert ("trả lời xong" in settled, "Xác nhận đồng ý" in settled, "Tôi không đồng ý" in settled) == (
        True,
        False,
        False,
    )
    of_child = [row for row in standing(world) if row[0] == "Danh Minh Khôi"]
    assert of_child == [
        ("Danh Minh Khôi", "child_own", "Danh Minh Khôi", "self"),
        ("Danh Minh Khôi", "kept", "Danh Văn Ba", "father"),
        ("Danh Minh Khôi", "publish", "Danh Văn Ba", "father"),
        ("Danh Minh Khôi", "taking_part", "Danh Văn Ba", "father"),
    ]
    # the child said no, so the father's yes publishes nothing; asked again, it says yes
    assert "Danh Minh Khôi" in unseen(world)
    said = {"own": "yes", "publish": "yes", "tail": "4321"}
    assert post(phone, f"{address}/child/{child}", said).status_code == 303
    assert "Danh Minh Khôi" not in unseen(world)
    assert sealed(world) == []


def test_a_parent_elsewhere_lets_a_child_be_kept_and_takes_it_back(world: World) -> None:
    client, (_mother, _chung, child) = silent(world)
    phone, address = world.app.test_client(), father(world, client, child)
    alone = post(phone, address, {f"keep-{child}": "y", "tail": "4321"})
    assert "chỉ ghi được khi cũng đồng ý cho cháu tham gia" in words(phone.get(alone.location))
    both = {f"agree-{child}": "y", f"keep-{child}": "y", "tail": "4321"}
    assert post(phone, address, dict(both)).status_code == 303
    assert [row[1:] for row in standing(world)] == [
        ("kept", "Danh Văn Ba", "father"), ("taking_part", "Danh Văn Ba", "father"),
    ]  # fmt: skip
    back = {"person": child, "purpose": "kept", "tail": "4321"}
    assert post(phone, f"{address}/withdraw", dict(back), page=address).status_code == 303
    assert [row[1] for row in standing(world)] == ["taking_part"]
    assert f'name="keep-{child}"' in phone.get(address).text and sealed(world) == []


def test_four_digits_and_a_tick_of_paper_publish_no_child(world: World) -> None:
    client, codes = silent(world)
    ticks = {f"{what}-{code}": "y" for code in codes for what in ("agree", "publish")}
    post(
        client,
        "/family/consent",
        {**ticks, "guardian": "Danh Chung", "guardian-as": "father", "tail": "0001"},
        page=PAGE,
    )
    post(client, f"/family/child/{codes[2]}", {"own": "yes", "publish": "yes", "tail": "0001"})
    assert unseen(world) == {"Danh Minh Khôi"}
    address = father(world, client, codes[2])
    assert post(world.app.test_client(), address, {f"publish-{codes[2]}": "y", "tail": "4321"}).status_code == 303
    assert unseen(world) == set()
    taken = {"person": codes[2], "purpose": "publish", "tail": "4321"}
    assert post(world.app.test_client(), f"{address}/withdraw", taken, page=address).status_code == 303
    assert unseen(world) == {"Danh Minh Khôi"}


def test_a_childs_no_is_thanked_and_counts(world: World) -> None:
    client, codes = silent(world)
    screen = f"/family/child/{codes[2]}"
    page = client.get(screen)
    assert ("Chào bạn Khôi!" in page.text, "Danh Chung" in page.text) == (True, False)
    empty = post(client, screen, {"tail": "0001"})
    assert (empty.status_code, "Bạn chọn một câu trả lời nhé." in words(empty)) == (422, True)
    kept = post(client, screen, {"own": "no", "tail": "9999"})
    assert (kept.status_code, kept.text.count(" checked")) == (422, 1)
    said = post(client, screen, {"own": "no", "tail": "0001"})
    assert said.status_code == 303
    assert "Cảm ơn bạn Danh Minh Khôi đã trả lời" in words(client.get(PAGE))
    with world.app.app_context(), reading():
        refused = db.session.scalars(select(ConsentRefusal.purpose).where(ConsentRefusal.ended_at.is_(None)))
        assert sorted(refused) == ["child_own", "child_publish"]
        assert family_by_id(1).members[2].out
    # its parent cannot say yes instead of it; the child itself can
    ticks = {f"agree-{codes[2]}": "y", "guardian": "Danh Chung", "guardian-as": "father", "tail": "0001"}
    post(client, "/family/consent", ticks, page=PAGE)
    assert only_family(world.app).members[2].out
    post(client, screen, {"own": "yes", "publish": "no", "tail": "0001"})
    assert not only_family(world.app).members[2].out
    assert sealed(world) == []


def test_who_may_not_use_a_link(world: World) -> None:
    client, codes = silent(world)
    address = father(world, client, codes[2])
    stranger = world.app.test_client()
    for path in (f"/parent/{'0' * 26}", "/parent/ABC", f"{address}/child/{codes[0]}", f"{address}/child/XXXX"):
        assert (path, stranger.get(path).status_code) == (path, 404)
    # another's child in the form is nobody's
    ticks = {f"agree-{codes[0]}": "y", f"agree-{codes[1]}": "y", "tail": "4321"}
    post(stranger, address, ticks)
    assert standing(world) == []
    for _guess in range(10):
        assert post(stranger, address, {f"agree-{codes[2]}": "y", "tail": "0000"}).status_code == 422
    closed = stranger.get(address)
    assert ("Liên kết đã khóa" in words(closed), '<form method="post" action="/parent' in closed.text) == (True, False)
    # replaced, with another number: the old code leads nowhere, the new one opens
    asked = {"issue": "1", "act": "replace", "phone": "0987 654 999", "tail": "0001"}
    assert post(client, "/family/parents/1", asked, page=PAGE).status_code == 303
    assert post(client, "/family/parents/1", asked, page=PAGE).status_code == 409
    assert stranger.get(address).status_code == 404
    fresh = parent_address(client.get(PAGE).text)
    assert post(stranger, fresh, {f"agree-{codes[2]}": "y", "tail": "4999"}).status_code == 303
    assert len(standing(world)) == 1
    # refused by who holds it, taken back by who made it, and made again
    assert post(stranger, fresh, {"act": "refuse", "tail": "4999"}).status_code == 303
    assert "trả lời: không đồng ý" in words(client.get(PAGE))
    post(client, "/family/parents/1", {"issue": "2", "act": "replace", "tail": "0001"}, page=PAGE)
    post(client, "/family/parents/1", {"issue": "3", "act": "end", "tail": "0001"}, page=PAGE)
    assert "đã bỏ" in words(client.get(PAGE))
    assert sealed(world) == []


def test_nothing_is_agreed_to_after_the_end(world: World) -> None:
    client, codes = silent(world)
    address = father(world, client, codes[2])
    phone = world.app.test_client()
    form = {"csrf_token": token_of(phone.get(address)), f"agree-{codes[2]}": "y", "tail": "4321"}
    with world.app.app_context(), transaction():
        db.session.execute(update(ParentLink).values(expires_at=now()))
    assert "Liên kết đã hết hạn" in words(phone.get(address))
    assert phone.post(address, data=form).status_code == 409
    post(client, "/family/parents/1", {"issue": "1", "act": "replace", "tail": "0001"}, page=PAGE)
    fresh = parent_address(client.get(PAGE).text)
    post(client, "/family/withdraw", {"tail": "0001"}, page=PAGE)
    assert phone.post(fresh, data=form).status_code == 409
    assert "hồ sơ của gia đình đã kết thúc" in words(phone.get(fresh))
    assert count(world, Consent) == 0


@pytest.mark.both_databases
def test_sixteen_guesses_at_once_are_no_more_than_ten(world: World) -> None:
    client, codes = silent(world)
    father(world, client, codes[2])

    def one() -> ParentLink:
        return db.session.scalars(select(ParentLink)).one()

    told = race(world.app, 16, lambda: parent_links.digits_fit(one(), False))
    assert (told.count(False), told.count(None)) == (10, 6)
    with world.app.app_context(), reading():
        assert one().misses == 10


def picture(**exif: object) -> bytes:
    made = BytesIO()
    image = Image.new("RGB", (40, 30), "white")
    tags = Image.Exif()
    tags[0x010E] = "SECRET-PLACE"
    tags[0x8825] = {1: "N", 2: (10.0, 1.0, 1.0)}
    image.save(made, "JPEG", exif=tags)
    return made.getvalue() + b"<script>alert(1)</script>"


def test_one_sheet_counts_once_its_photo_is_there(world: World) -> None:
    _client, codes = silent(world)
    officer = world.as_user(world.officer)
    home = f"/delegation/{world.hon_dat}/families/{only_family(world.app).code}/agreements"
    assert officer.get(f"{home}/sheet.pdf").data.startswith(b"%PDF")
    signed = {f"taking_part-{codes[0]}": "y", f"publish-{codes[0]}": "y", f"child_own-{codes[2]}": "y", f"child_publish-{codes[2]}": "y",
              f"agree-{codes[2]}": "y", f"publish-{codes[2]}": "y", "guardian": "Danh Chung", "guardian-as": "father"}  # fmt: skip

    def send(content: bytes, **more: str) -> int:
        page = officer.get(home)
        fields = {"csrf_token": token_of(page), **signed, **more, "photo": (BytesIO(content), "phieu.jpg")}
        return officer.post(f"{home}/sheet", data=fields, content_type="multipart/form-data").status_code

    assert [send(b""), send(b"PK\x03\x04 no picture"), send(picture(), guardian="")] == [400, 400, 400]
    assert standing(world) == []
    assert send(picture()) == 303
    assert send(picture()) == 409
    photo = officer.get(f"{home}/photo").data
    assert (photo[:3], b"SECRET" in photo, b"script" in photo) == (b"\xff\xd8\xff", False, False)
    assert len(standing(world)) == 6 and "Danh Minh Khôi" not in unseen(world)
    # an export says signed of what was signed, and never of what came by a link
    with world.app.app_context(), reading():
        assert set(db.session.scalars(select(Consent.method))) == {"sheet"}
    other = f"/delegation/{world.kien_luong}/families/{only_family(world.app).code}/agreements/photo"
    assert world.as_user(world.other_officer).get(other).status_code == 404
    back = post(officer, f"{home}/sheet/back", {"sheet": "1", "reason": ""}, page=home)
    assert back.status_code == 400
    assert post(officer, f"{home}/sheet/back", {"sheet": "1", "reason": "Nhầm nhà"}, page=home).status_code == 303
    assert (standing(world), officer.get(f"{home}/photo").status_code) == ([], 404)
    assert send(picture()) == 303
    assert count(world, AgreementSheet) == 2
    assert sealed(world) == []


def test_all_who_are_missing_are_reminded_in_one_act_and_not_twice(world: World) -> None:
    silent(world, email="nha@example.vn")
    home = household(2)
    members = tuple(replace(each, agreement=Agreement()) for each in home.members)
    register(world, replace(home, members=members), submit=False)
    office, page = world.as_user(world.organiser), "/office/registrations/waiting"
    with world.app.app_context(), transaction():
        before = db.session.scalar(select(func.count()).select_from(OutboxMail)) or 0
    for said in ("Đã gửi thư cho 1 gia đình. 1 gia đình không có thư điện tử", "2 gia đình vừa được nhắc"):
        post(office, f"{page}/remind", {}, page=page)
        assert said in words(office.get(page))
    assert count(world, OutboxMail) == before + 1
    officer, waiting = world.as_user(world.officer), f"/delegation/{world.hon_dat}/waiting"
    text = officer.get(waiting).text
    assert (text.count("data-copy"), text.count("/g/")) == (2, 2)
    post(officer, f"{waiting}/remind", {}, page=waiting)
    assert "2 gia đình vừa được nhắc" in words(officer.get(waiting))
    assert sealed(world) == []
    with world.app.app_context(), transaction():
        db.session.execute(update(Family).values(state=FamilyState.WITHDRAWN))
    assert "Không còn ai chờ đồng ý" in words(office.get(page))
