"""The organiser's pages of places and days, and what every other door makes of a longer day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from festival.accounts.models import User
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.seal.checks import inspect
from festival.core.transaction import reading, transaction
from festival.editions.models import Phase, PhaseKind
from festival.registration import phases, registering
from festival.registration.allotting import reminding, standing
from festival.registration.allotting.wanted import AllottedPlaces
from festival.registration.outcomes import NotSent
from festival.roster import delegations
from festival.roster.models import ContestPlace, Delegation, Origin
from festival.roster.outcomes import Done
from tests.registration.allotted_kit import CLOSE, WHY, allot, not_sent, sealed, version
from tests.registration.conftest import World, household
from tests.registration.pages_kit import as_shown, post, words
from tests.registration.registered import approve, kinds, register

pytestmark = pytest.mark.either_database

# ---------------------------------------------------------------- days


def close(world: World) -> None:
    with world.app.app_context(), transaction():
        values = {"opens_at": now() - timedelta(days=9), "closes_at": now() - CLOSE}
        db.session.execute(update(Phase).where(Phase.kind == PhaseKind.REGISTRATION).values(values))


def test_one_delegation_registers_longer_than_the_others_and_no_longer(world: World) -> None:
    close(world)
    assert not_sent(world, household(1)) == ["registration_closed"]
    organiser, page = world.as_user(world.organiser), f"/office/delegations/{world.hon_dat}/places"
    late = now() + timedelta(days=2)
    typed = {"seen": "1", "until": f"{late.day}/{late.month}/{late.year} 17:00", "why": WHY}
    assert post(organiser, f"{page}/extension", typed, page).status_code == 303
    assert f"Đã gia hạn cho Đoàn huyện Hòn Đất đến 17 giờ, {late.day}/" in words(organiser.get(page))
    register(world, household(1))
    with world.app.app_context(), transaction():
        other = delegations.delegation_by_code(world.kien_luong)
        made = registering.register_family(world.rules(), other, household(2), Origin.OFFICER, submit=True)
        assert isinstance(made, NotSent) and made.why[0].reason.code == "registration_closed"
        assert [each.code for each in phases.festivals_open_for_registration(now())] == [world.festival]
        assert phases.taking(world.rules().festival.id) == {world.hon_dat}
        assert phases.festivals_open_for_registration(late + timedelta(days=1)) == []
    family = world.app.test_client()
    form = post(family, "/register", {"festival": world.festival}).location
    offered = family.get(form).text
    assert "Huyện Hòn Đất" in offered and "Huyện Kiên Lương" not in offered
    (open_now,) = family.get("/api/v1/registrations/open").json["festivals"]
    assert [each["code"] for each in open_now["delegations"]] == [world.hon_dat]
    assert "Hạn gửi: 17 giờ" in words(world.as_user(world.officer).get(f"/delegation/{world.hon_dat}"))
    assert "đóng rồi vẫn nhận: Đoàn huyện Hòn Đất (17 giờ" in words(organiser.get("/office/phases/registration"))
    assert post(organiser, f"{page}/extension/end", {"seen": "2"}, page).status_code == 303
    assert not_sent(world, household(3)) == ["registration_closed"]
    with world.app.app_context(), reading():
        assert phases.festivals_open_for_registration(now()) == []
    assert kinds(world).count("deadline.extended") == 2
    assert "Bỏ gia hạn." in words(organiser.get(page)) and WHY in words(organiser.get(page))
    assert sealed(world)


# ---------------------------------------------------------------- the pages


def test_a_refused_number_is_said_and_what_was_typed_stays(world: World) -> None:
    assert approve(world, register(world, household(1)).family_id) == Done(2)
    organiser, page = world.as_user(world.organiser), f"/office/delegations/{world.hon_dat}/places"
    typed = {"seen": "1", "families_min": "0", "families_max": "0", "performers-nau-an": "7", "reason": WHY}
    refused = post(organiser, page, typed)
    assert refused.status_code == 409
    assert "Đoàn đã có 1 gia đình được duyệt hoặc đang được mời nên không đặt thấp hơn số ấy." in words(refused)
    kept = as_shown(refused, 'name="families_max"')
    assert (kept["families_max"], kept["performers-nau-an"], kept["reason"], kept["seen"]) == (
        ["0"],
        ["7"],
        [WHY],
        ["1"],
    )
    unread = post(organiser, page, typed | {"families_max": "hai", "reason": ""})
    assert unread.status_code == 422
    assert (
        'value="hai"' in unread.text
        and "Ghi một số từ 0 đến 10000" in words(unread)
        and "Ghi lý do" in words(unread)
        and 'href="#reason"' in unread.text
    )
    stale = post(organiser, page, typed | {"families_max": "3", "seen": "9"})
    assert stale.status_code == 409 and "Có người vừa thay đổi trước" in words(stale)
    assert version(world) == 1
    assert post(organiser, page, typed | {"families_max": "3"}).status_code == 303
    saved = words(organiser.get(page))
    assert "Đã lưu chỉ tiêu của Đoàn huyện Hòn Đất." in saved and f"Ban Tổ chức · {WHY}" in saved
    assert "Gia đình: 0 đến 3." in saved and "Thi nấu ăn: nhiều nhất 7 người dự thi." in saved
    assert "1/3 riêng" in words(organiser.get("/office/places"))
    assert world.as_user(world.officer).get(page).status_code == 403


def test_delegations_that_lack_something_are_reminded_in_one_act(world: World) -> None:
    with world.app.app_context(), transaction():
        db.session.execute(update(Delegation).values(families_min=2))
        # one of the two officers signs in by an address
        db.session.execute(update(User).where(User.id == world.officer).values(login="canbo@honda.example"))
    register(world, household(1))
    organiser = world.as_user(world.organiser)
    listed = words(organiser.get("/office/places?show=lacking"))
    assert "Còn thiếu (2)" in listed and "Đoàn cần ít nhất 2 gia đình, hiện có 1." in listed
    told = post(organiser, "/office/places/remind", {}, "/office/places")
    assert told.status_code == 303
    said = words(organiser.get("/office/places"))
    assert "Đã gửi thư cho cán bộ của 1 đoàn. 1 đoàn không có cán bộ nào có thư điện tử" in said
    page = f"/office/delegations/{world.hon_dat}/places"
    assert post(organiser, f"{page}/remind", {}, page).status_code == 303
    assert "1 đoàn vừa được nhắc trong 20 giờ qua" in words(organiser.get(page))
    with world.app.app_context(), reading():
        (letter,) = db.session.scalars(select(OutboxMail)).all()
        assert letter.recipient == "canbo@honda.example" and "Đoàn cần ít nhất 2 gia đình, hiện có 1." in letter.body
        (stands,) = standing.stands_of(world.rules(), [world.delegation()])
        text = reminding.words_to_send(stands)
    assert "Đoàn huyện Hòn Đất còn thiếu. Đoàn cần ít nhất 2 gia đình, hiện có 1." in text
    assert text.endswith(f"/delegation/{world.hon_dat}") and text in words(organiser.get(page))
    register(world, household(2))
    assert "Còn thiếu (1)" in words(organiser.get("/office/places"))
    assert sealed(world)


def test_what_sql_changed_of_a_delegation_is_named(world: World) -> None:
    allot(world, AllottedPlaces((1, 5), 20, {"tai-nang": 3}))
    for changed, column in (
        (update(Delegation).where(Delegation.code == world.hon_dat).values(people_max=21), "people"),
        (update(Delegation).where(Delegation.code == world.kien_luong).values(people_max=21), ""),
        (update(ContestPlace).values(entries_most=4), "contests"),
    ):
        with world.app.app_context():
            db.session.execute(changed)
            found = [(seal, each.column) for seal, each in inspect().named()]
            db.session.rollback()
            db.session.remove()
        assert found == [("places", column)]
