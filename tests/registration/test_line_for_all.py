"""Does the line keep to the signed list, may families be let register everywhere at once, and does a command do all of it?"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.queries import the_festival
from festival.registration.offering import opening
from festival.roster.models import Delegation
from tests.house.filling_signing import signed
from tests.registration.conftest import World, household
from tests.registration.line_kit import code_of, families_sent, given, offers, opened, places, sealed, state_of, version
from tests.registration.pages_kit import post, with_link, words
from tests.registration.registered import race, register
from tests.registration.signing_kit import delegation_id
from tests.registration.test_deciding_commands import run

pytestmark = pytest.mark.either_database

OFFICE = "/office/waiting-list"


def by_themselves(world: World) -> list[bool]:
    with world.app.app_context(), reading():
        return [bool(each) for each in db.session.scalars(select(Delegation.self_registration).order_by(Delegation.id))]


def test_who_is_on_no_signed_list_keeps_the_place_and_is_not_offered_one(make_world: Callable[..., World]) -> None:
    world = make_world(families=2)
    opened(world)
    made = register(world, household(1))
    organiser, phone = world.as_user(world.organiser), with_link(world, made.link)
    page, own = f"{OFFICE}/{world.hon_dat}", "/family/registration"
    assert "danh sách đơn vị đã ký" not in words(phone.get(own))
    rule = {"required": "yes", "version": "0"}
    assert post(organiser, "/office/signing/rule", dict(rule), page="/office/signing").status_code == 303
    assert given(world) == ([], [])
    listed = words(organiser.get(page))
    assert "Chờ danh sách đã ký" in listed and "giữ thứ tự mà chưa được mời" in listed
    assert "được mời khi danh sách đã ký" in words(organiser.get(f"{page}/{code_of(world, made.family_id)}"))
    assert "Hồ sơ này chưa có tên ở đó" in words(phone.get(own))
    with world.app.app_context():
        signed(delegation_id(world), world.officer)
    assert given(world) == ([made.family_id], [])
    assert "Chờ danh sách đã ký" not in words(organiser.get(page))
    # changed after the list was signed, it is not taken before it is signed anew; the place is held
    with world.app.app_context(), transaction():
        db.session.execute(update(Delegation).values(head_phone=""))
    other = register(world, household(2)).family_id
    assert given(world) == ([], []) and places(world) == (0, 1)
    assert (offers(world), state_of(world, other)) == ([(made.family_id, "offered")], "submitted")
    taken = post(phone, "/family/line/accept", {"tail": "0001"}, page=own)
    assert taken.status_code == 302 and state_of(world, made.family_id) == "approved"
    assert sealed(world)


def test_families_register_themselves_everywhere_or_nowhere_and_it_is_taken_back(world: World) -> None:
    organiser = world.as_user(world.organiser)
    shown = words(organiser.get(OFFICE))
    assert "2 trên 2 đoàn đang cho gia đình tự đăng ký." in shown and "Mở cho mọi đoàn" not in shown
    # one delegation was closed by itself before
    page = f"{OFFICE}/{world.hon_dat}"
    alone = {"version": "0", "was": "y", "hours": "24", "people": ""}
    assert post(organiser, page, dict(alone)).status_code == 302
    assert post(organiser, OFFICE, {"do": "close"}).status_code == 303
    assert by_themselves(world) == [False, False]
    # a page that was opened before does not open it again
    stale = post(organiser, page, {**alone, "version": "1", "self": "y"})
    assert stale.status_code == 409 and by_themselves(world) == [False, False]
    again = post(organiser, OFFICE, {"do": "close"})
    assert again.status_code == 409 and "Mọi đoàn đã đóng tự đăng ký rồi." in words(again)
    with world.app.app_context(), reading():
        act = opening.last_act(the_festival())
        assert act is not None and (act.opened, len(act.delegations)) == (False, 1)
    assert "đóng 1 đoàn" in words(organiser.get(OFFICE))
    back = post(organiser, OFFICE, {"do": "undo", "seen": str(act.seq)})
    assert back.status_code == 303 and by_themselves(world) == [False, True], "the other one stays as it was"
    assert post(organiser, OFFICE, {"do": "undo", "seen": str(act.seq)}).status_code == 409
    assert post(organiser, OFFICE, {"do": "open"}).status_code == 303 and by_themselves(world) == [True, True]
    assert post(organiser, OFFICE, {"do": "x"}).status_code == 400
    assert sealed(world)
    with world.app.app_context():
        with transaction():
            db.session.execute(
                update(Delegation).where(Delegation.code == world.kien_luong).values(self_registration=False)
            )
        with snapshot():
            assert [(each.table, each.column) for _seal, each in inspect().named()] == [("delegation", "self")]


@pytest.mark.both_databases
def test_of_two_who_close_at_once_one_does_it(world: World) -> None:
    def close() -> object:
        try:
            return opening.set_all(the_festival(), world.organiser, opened=False)
        except Conflict:
            return 0

    assert sorted(map(int, map(str, race(world.app, 2, close)))) == [0, 2]
    assert by_themselves(world) == [False, False] and sealed(world)
    with world.app.app_context(), transaction():
        opening.set_all(the_festival(), world.organiser, opened=True)
    # the control: two who look first and write then have each closed both
    looked, told = [by_themselves(world) for _both in range(2)], []
    for seen in looked:
        with world.app.app_context(), transaction():
            db.session.execute(update(Delegation).values(self_registration=False))
            told.append(sum(seen))
    assert told == [2, 2]


def test_the_line_by_command(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    assert "danh sách chờ đang mở, giữ chỗ 24 giờ" in run(
        world, "waiting-set", "--unit", "hon-dat", "--open", "--hours", "24", "--people", "40", "--by", "btc"
    )
    first, second = families_sent(world, 2)
    code = code_of(world, second)
    assert "nay ở chỗ thứ 1" in run(world, "waiting-say", code, "--place", "1", "--reason", "họ ở xa")
    rows = json.loads(run(world, "waiting", "--unit", "hon-dat", "--json"))
    assert [(row["family"], row["place"], row["ready"]) for row in rows] == [
        (code, 1, True),
        (code_of(world, first), 2, True),
    ]
    assert "đã mời" in run(world, "waiting-offer", "--unit", "hon-dat")
    assert offers(world) == [(second, "offered")]
    assert "đã ra khỏi hàng" in run(world, "waiting-say", code, "--out", "--reason", "gọi không được")
    assert "đứng lại trong hàng" in run(world, "waiting-say", code, "--in", "--reason", "đã gọi lại")
    assert "về chỗ theo thời điểm gửi" in run(world, "waiting-say", code, "--order", "--reason", "như cũ")
    assert "đúng một trong" in run(world, "waiting-say", code, "--reason", "x", code=1)
    assert "danh sách chờ không mở, giữ chỗ 24 giờ" in run(world, "waiting-set", "--unit", "hon-dat", "--close")
    listed = json.loads(run(world, "waiting", "--json"))
    assert [(row["open"], row["self"], row["waiting"]) for row in listed] == [(False, True, 2), (False, True, 0)]
    assert run(world, "self-registration", "--close").startswith("2 đoàn")
    assert run(world, "self-registration", "--undo").startswith("2 đoàn") and by_themselves(world) == [True, True]
    assert "từ 1 đến 336" in run(world, "waiting-set", "--unit", "hon-dat", "--hours", "999", code=1)
    assert version(world) == 6 and sealed(world)
