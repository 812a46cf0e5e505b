"""A withdrawal is undone: by whom until when, with its places, its number, its card; and what is said when it cannot be."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.editions.models import Phase
from festival.passes import queries
from festival.passes.models import Pass
from festival.registration import decisions
from festival.registration.coming_back.bringing_back import BackAgain, bring_back
from festival.registration.coming_back.who_may import NOT_YOURS, TOO_LATE, Road, why_not
from festival.roster import families
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState
from festival.roster.outcomes import QuotaFull
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, token_of, with_link, words
from tests.registration.registered import approve, kinds, race, register

pytestmark = pytest.mark.either_database

LINK = "/family/registration"


def taken_in(world: World, number: int = 1, **changes: object) -> tuple[int, FlaskClient]:
    made = register(world, household(number, **changes))
    approve(world, made.family_id)
    return made.family_id, with_link(world, made.link)


def withdraw(client: FlaskClient) -> str:
    answer = post(client, "/family/withdraw", {"tail": "0001"}, page=LINK)
    assert answer.status_code == 302
    return words(client.get(LINK))


def come_back(world: World, client: FlaskClient, tail: str = "0001") -> tuple[int, str]:
    answer = post(
        client, "/family/come-back", {"tail": tail, "version": str(only_family(world.app).version)}, page=LINK
    )
    return answer.status_code, words(answer if answer.status_code != 302 else client.get(LINK))


def entries(world: World) -> list[tuple[str, str, int | None]]:
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Contest.code, Entry.state, Entry.number)
            .join(Entry, Entry.contest_id == Contest.id)
            .order_by(Contest.position, Entry.id)
        )
        return [(row.code, row.state.value, row.number) for row in rows]


def close_registration(world: World) -> None:
    with world.app.app_context(), transaction():
        db.session.execute(delete(Phase))


def test_one_tap_and_everything_is_as_before(world: World) -> None:
    """Places, the number of the draw, the printed card; a letter says so; the ledger tells both."""
    family_id, client = taken_in(world, email="nha@vidu.vn")
    with world.app.app_context(), transaction():
        talent = select(Contest.id).where(Contest.code == "tai-nang")
        db.session.execute(update(Entry).where(Entry.contest_id == talent.scalar_subquery()).values(number=7))
    before = entries(world)
    with world.app.app_context(), reading():
        card = queries.family_pass(family_id)
    said = withdraw(client)
    assert "Tham gia lại" in said and "trước hạn đăng ký" not in said
    assert "Đổi ý, tham gia lại" in words(client.get("/family"))
    assert {state for _code, state, _number in entries(world)} == {"withdrawn"}
    status, said = come_back(world, client, tail="9999")
    assert status == 422 and "4 số cuối chưa đúng" in said
    status, said = come_back(world, client)
    assert (status, entries(world)) == (302, before)
    assert "Thẻ đã in dùng lại được." in said and "Số báo danh giữ như cũ: Gia đình tài năng 7." in said
    with world.app.app_context(), reading():
        again = queries.family_pass(family_id)
        assert card and again and (again.id, again.list_id) == (card.id, card.list_id)
        assert world.delegation().approved_count == 1
        letters = db.session.scalars(
            select(OutboxMail.body).where(OutboxMail.subject == "Gia đình tham gia lại ngày hội")
        )
        assert ["Thẻ và mã QR đã nhận trước đây dùng lại được." in text for text in letters] == [True]
        family = families.family_by_id(family_id)
        assert (family.state, family.withdrawn_from, family.withdrawn_road) == (FamilyState.APPROVED, None, None)
    assert kinds(world)[-2:] == ["registration.withdrawn", "registration.restored"]


@pytest.mark.parametrize("sent", [True, False])
def test_one_that_was_not_decided_stands_as_it_stood(world: World, sent: bool) -> None:
    made = register(world, household(1), submit=sent)
    client = with_link(world, made.link)
    withdraw(client)
    status, said = come_back(world, client)
    words_ = "Chờ duyệt" if sent else "Đang soạn"
    assert status == 302 and f"hồ sơ như trước khi rút: {words_}." in said
    family = only_family(world.app)
    assert (family.state, family.submitted_at is not None) == (
        FamilyState.SUBMITTED if sent else FamilyState.DRAFT,
        sent,
    )
    assert [state for _code, state, _number in entries(world)] == ["proposed", "proposed"]


@pytest.mark.parametrize(
    ("asks", "withdrew", "open_now", "why"),
    [
        (Road.LINK, Road.LINK, True, None),
        (Road.LINK, Road.LINK, False, TOO_LATE),
        (Road.LINK, Road.OFFICER, True, NOT_YOURS),
        (Road.LINK, Road.OFFICE, False, NOT_YOURS),
        (Road.OFFICER, Road.LINK, True, None),
        (Road.OFFICER, Road.OFFICER, False, TOO_LATE),
        (Road.OFFICER, Road.OFFICE, True, NOT_YOURS),
        (Road.OFFICE, Road.OFFICE, False, None),
        (Road.OFFICE, Road.LINK, False, None),
    ],
)
def test_who_may_undo_it(asks: Road, withdrew: Road, open_now: bool, why: object) -> None:
    assert why_not(asks, withdrew, open_now=open_now) == why


def test_after_the_end_of_registration_the_organiser_does_it(world: World) -> None:
    family_id, client = taken_in(world)
    withdraw(client)
    page = client.get(LINK)
    close_registration(world)
    # the page was opened before the end
    token = {"tail": "0001", "version": str(only_family(world.app).version)}
    assert "/family/come-back" in page.text and "/family/come-back" not in client.get(LINK).text
    refused = client.post("/family/come-back", data={"csrf_token": token_of(page), **token})
    assert refused.status_code == 409 and "Đăng ký đã hết hạn nên không tự lấy lại được" in words(refused)
    officer = world.as_user(world.officer)
    listed = words(officer.get(f"/delegation/{world.hon_dat}/withdrawn"))
    assert "trước khi rút: Đã duyệt" in listed and "Đăng ký đã hết hạn" in listed
    organiser, one = world.as_user(world.organiser), f"/office/registrations/{only_family(world.app).code}"
    empty = post(organiser, f"{one}/come-back", {"version": token["version"], "reason": " "}, page=one)
    assert empty.status_code == 400 and "Hãy ghi lý do khôi phục" in words(empty)
    assert (
        post(organiser, f"{one}/come-back", {"version": token["version"], "reason": "đến được"}, page=one).status_code
        == 302
    )
    assert "Thẻ đã in dùng lại được." in words(organiser.get(one))
    late = post(organiser, f"{one}/come-back", {"version": token["version"], "reason": "lần nữa"}, page=one)
    assert late.status_code == 409
    with world.app.app_context(), reading():
        assert families.family_by_id(family_id).state is FamilyState.APPROVED


def test_the_officer_takes_back_one_of_the_own_delegation(world: World) -> None:
    taken_in(world)
    officer, there = world.as_user(world.officer), f"/delegation/{world.hon_dat}"
    code = only_family(world.app).code
    said = post(
        officer, f"{there}/families/{code}/withdraw", {"version": str(only_family(world.app).version)}, page=there
    )
    assert said.status_code == 302 and "mở “Đã rút” để lấy lại" in words(officer.get(there))
    listed = officer.get(f"{there}/withdrawn")
    assert f"{there}/withdrawn/{code}" in listed.text
    stranger, theirs = world.as_user(world.other_officer), f"/delegation/{world.kien_luong}"
    fields = {"version": str(only_family(world.app).version)}
    assert post(stranger, f"{theirs}/withdrawn/{code}", fields, page=theirs).status_code == 404
    assert post(officer, f"{there}/withdrawn/{code}", fields, page=f"{there}/withdrawn").status_code == 302
    assert only_family(world.app).state is FamilyState.APPROVED
    assert "Chưa có gia đình nào rút" in words(officer.get(f"{there}/withdrawn"))


def test_withdrawn_by_the_organiser_the_family_calls(world: World) -> None:
    made = register(world, household(1))
    with world.app.app_context(), transaction():
        decisions.withdraw_family(world.rules(), families.family_by_id(made.family_id), None, "office")
    client = with_link(world, made.link)
    said = client.get(LINK)
    assert "do cán bộ hoặc Ban Tổ chức rút" in words(said) and "/family/come-back" not in said.text


@pytest.mark.parametrize("what", ["families", "entries"])
def test_no_place_is_left(make_world: Callable[..., World], what: str) -> None:
    world = make_world(**{what: 1})
    _family_id, client = taken_in(world, 1)
    code = only_family(world.app).code
    withdraw(client)
    version = only_family(world.app).version
    approve(world, register(world, household(2)).family_id)
    before = entries(world)
    refused = post(client, "/family/come-back", {"tail": "0001", "version": str(version)}, page=LINK)
    full = "Đoàn đã đủ 1 gia đình" if what == "families" else "Phần thi Gia đình tài năng: đoàn đã đủ 1"
    assert refused.status_code == 409 and full in words(refused)
    assert entries(world) == before
    organiser, one = world.as_user(world.organiser), f"/office/registrations/{code}"
    fields = {"version": str(version), "reason": "bỏ phần thi", "to": "draft"}
    assert post(organiser, f"{one}/come-back", fields, page=one).status_code == 302
    assert "Đang soạn" in words(organiser.get(one))


def test_another_key_of_the_passes_makes_a_new_card(world: World) -> None:
    """The card in the family's hand was made with a key that is not in force any more: it opens nothing, and that is said."""
    family_id, client = taken_in(world)
    withdraw(client)
    with world.app.app_context(), transaction():
        db.session.execute(update(Pass).where(Pass.family_id == family_id).values(list_id="another-key"))
    _status, said = come_back(world, client)
    assert "Gia đình được cấp thẻ mới, thẻ cũ không dùng được nữa" in said
    with world.app.app_context(), reading():
        card = queries.family_pass(family_id)
        assert card is not None and card.issue == 2


def test_a_contest_that_was_closed_meanwhile_went_on_without_it(world: World) -> None:
    _family_id, client = taken_in(world)
    withdraw(client)
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "tai-nang").values(state=ContestState.LOCKED))
    status, said = come_back(world, client)
    assert status == 302 and "Phần thi đã khóa, gia đình không còn trong đó: Gia đình tài năng." in said
    assert entries(world)[0] == ("tai-nang", "withdrawn", None)


def test_a_contest_that_was_locked_before_keeps_its_result(world: World) -> None:
    """The result stands whatever becomes of the entry; the family is marked as withdrawn, and coming back it is in there again."""
    _family_id, client = taken_in(world)
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "tai-nang").values(state=ContestState.LOCKED))
    before = entries(world)
    told = withdraw(client)
    assert "Kết quả đã khóa của gia đình giữ nguyên ở: Gia đình tài năng." in told
    assert (entries(world)[0][1], only_family(world.app).state) == ("withdrawn", "withdrawn")
    status, said = come_back(world, client)
    assert (status, "Phần thi đã khóa, gia đình không còn" in said, entries(world)) == (302, False, before)
    with world.app.app_context(), snapshot():
        assert [each for seal, each in inspect().named() if seal == "registration"] == []


def test_registered_anew_meanwhile(world: World) -> None:
    _family_id, client = taken_in(world)
    withdraw(client)
    version = str(only_family(world.app).version)
    register(world, household(1))
    refused = post(client, "/family/come-back", {"tail": "0001", "version": version}, page=LINK)
    assert refused.status_code == 409 and "đã được đăng ký lại bằng hồ sơ khác" in words(refused)


RACERS = 6


def withdrawn_beside_one_place(make_world: Callable[..., World]) -> tuple[World, list[int]]:
    """As many withdrawn families as race, for the one place that is left."""
    world = make_world(families=RACERS, entries=50)
    ids = [taken_in(world, number)[0] for number in range(1, RACERS + 1)]
    with world.app.app_context(), transaction():
        for family_id in ids:
            decisions.withdraw_family(world.rules(), families.family_by_id(family_id), None, "office")
        db.session.execute(update(Delegation).where(Delegation.code == world.hon_dat).values(families_max=1))
    return world, ids


@pytest.mark.both_databases
def test_of_many_that_come_back_at_once_one_gets_the_last_place(make_world: Callable[..., World]) -> None:
    world, ids = withdrawn_beside_one_place(make_world)
    turn = iter(ids)

    def act() -> object:
        family = families.family_by_id(next(turn))
        return bring_back(world.rules(), family, family.version, "đến được", world.organiser)

    outcomes = race(world.app, RACERS, act)
    assert Counter(type(outcome) for outcome in outcomes) == {BackAgain: 1, QuotaFull: RACERS - 1}
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 1
        assert Counter(db.session.scalars(select(Family.state)))[FamilyState.APPROVED] == 1
        assert (
            len(
                db.session.scalars(select(Pass.id).where(Pass.family_id.is_not(None), Pass.replaced_at.is_(None))).all()
            )
            == 1
        )
        assert len(db.session.scalars(select(Entry.id).where(Entry.family_id.is_not(None), Entry.state == EntryState.ENROLLED)).all()) == 1  # fmt: skip


@pytest.mark.both_databases
def test_looking_first_and_restoring_then_gives_the_place_twice(make_world: Callable[..., World]) -> None:
    """The naive control: the harness sees the error."""
    world, ids = withdrawn_beside_one_place(make_world)
    start, looked, turn = threading.Barrier(RACERS), threading.Barrier(RACERS), iter(ids)

    def naive() -> None:
        with world.app.app_context():
            start.wait()
            mine = next(turn)
            with reading():
                free = world.delegation().families_max > world.delegation().approved_count
            looked.wait()
            if free:
                with transaction():
                    values = {"state": FamilyState.APPROVED, "withdrawn_from": None, "decided_at": now()}
                    db.session.execute(update(Family).where(Family.id == mine).values(**values))
            db.session.remove()

    threads = [threading.Thread(target=naive) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.app.app_context(), reading():
        assert Counter(db.session.scalars(select(Family.state)))[FamilyState.APPROVED] > 1
