"""Does a request about somebody's data get a number, a clock and a receipt, reach the organiser, and end as it was decided?

One family of the small festival asks behind its link, by its officer and by the organiser; strangers, wrong digits, what is over
and what was asked already are told why not.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from festival.core.clock import today
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.privacy.models import AskedFor, PrivacyRequest, RequestState
from festival.privacy.requests import dealing, queries
from festival.privacy.requests.clock import Dues, dues
from festival.registration import decisions
from festival.roster import families
from festival.roster.models import Family, Person
from tests.registration.conftest import World, household, make_world, world
from tests.registration.pages_kit import post, token_of, with_link, words
from tests.registration.registered import approve, race, register

pytestmark = pytest.mark.either_database

__all__ = ["make_world", "world"]
PAGE = "/family/privacy"
TAIL = {"tail": "0001"}


def test_two_working_days_to_answer_and_fifteen_or_twenty_to_do() -> None:
    friday = date(2026, 4, 24)
    assert dues("see", friday, ()) == Dues(date(2026, 4, 28), date(2026, 5, 11))  # the 9th is a Saturday
    assert dues("erase", friday, ()).done == date(2026, 5, 14)
    # Wednesday 29 April: the 30th and 1 May are holidays, then a weekend
    assert dues("see", date(2026, 4, 29), ()).answer == date(2026, 5, 5)
    hung_kings = date(2026, 4, 27)
    assert dues("see", friday, {hung_kings}).answer == date(2026, 4, 29)
    assert dues("correct", friday, {date(2026, 5, 11)}).done == date(2026, 5, 12)


def clean(world: World) -> list[str]:
    with world.app.app_context(), seals.snapshot():
        return [str(said) for said in seals.worded(seals.inspect().named())]


def states(world: World) -> list[tuple[int, str, str]]:
    with world.app.app_context(), reading():
        rows = db.session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.number))
        return [(row.number, row.kind.value, row.state.value) for row in rows]


def person_of(world: World, family_id: int, at: int) -> str:
    with world.app.app_context(), reading():
        return families.family_by_id(family_id).members[at].code


def test_a_request_by_link_is_received_answered_done_and_replayed(world: World) -> None:
    made = register(world, household(1))
    client, office = with_link(world, made.link), world.as_user(world.organiser)
    answer = post(client, PAGE, {"kind": "see", "person": person_of(world, made.family_id, 1), **TAIL})
    assert answer.status_code == 302
    receipt = client.get(answer.location)
    assert "YC1" in words(receipt) and "Danh Chung" in words(receipt) and "đã nhận, chờ trả lời" in words(receipt)
    assert client.get(f"{answer.location}/receipt.pdf").data.startswith(b"%PDF")
    listed = words(office.get("/office/privacy/requests"))
    assert "YC1" in listed and "Xem dữ liệu đang giữ" in listed
    code = answer.location.rpartition("/")[2]
    one = f"/office/privacy/requests/{code}"
    assert post(office, one, {"act": "answer", "words": ""}).status_code == 400
    assert post(office, one, {"act": "answer", "words": "Đến quầy nhận bản in."}).status_code == 302
    assert post(office, one, {"act": "answer", "words": "Lần nữa"}).status_code == 409
    assert post(office, one, {"act": "done", "words": ""}).status_code == 409
    assert post(office, one, {"act": "done", "words": "Đã trao bản in."}).status_code == 302
    assert "Đã trao bản in." in words(client.get(answer.location))
    assert post(office, one, {"act": "reopen"}).status_code == 302
    assert post(office, one, {"act": "refuse", "words": ""}).status_code == 409
    assert post(office, one, {"act": "refuse", "words": "Không phải người của gia đình."}).status_code == 302
    assert states(world) == [(1, "see", "refused")]
    assert clean(world) == []
    with world.app.app_context(), transaction():
        db.session.execute(update(PrivacyRequest).values(state=RequestState.DONE))
    assert len(clean(world)) == 1


def test_a_stranger_wrong_digits_and_what_is_asked_already_are_refused(world: World) -> None:
    made, other = register(world, household(1)), register(world, household(2))
    client, stranger = with_link(world, made.link), with_link(world, other.link)
    theirs = person_of(world, other.family_id, 0)
    assert post(client, PAGE, {"kind": "see", "person": theirs, **TAIL}).status_code == 400
    refused = post(client, PAGE, {"kind": "correct", "person": "", "said": "Sai tên đệm", "tail": "9999"})
    assert refused.status_code == 400 and "Sai tên đệm" in refused.text
    assert post(client, PAGE, {"kind": "", "person": "", **TAIL}).status_code == 400
    assert post(client, PAGE, {"kind": "correct", "person": "", "said": "", **TAIL}).status_code == 409
    assert states(world) == []
    asked = post(client, PAGE, {"kind": "see", "person": "", **TAIL})
    assert post(client, PAGE, {"kind": "see", "person": "", **TAIL}).status_code == 409
    for address in (asked.location, f"{asked.location}/receipt.pdf"):
        assert stranger.get(address).status_code == 404
    token = token_of(stranger.get(PAGE))
    back = {"csrf_token": token, "tail": "0002"}
    assert stranger.post(f"{asked.location}/back", data=back).status_code == 404
    assert world.as_user(world.other_officer).get(f"/delegation/{world.hon_dat}/privacy/x").status_code == 404
    assert states(world) == [(1, "see", "open")]
    # taken back, it may be asked anew with the next number
    assert post(client, f"{asked.location}/back", TAIL, page=asked.location).status_code == 302
    assert post(client, PAGE, {"kind": "see", "person": "", **TAIL}).status_code == 302
    assert states(world) == [(1, "see", "taken_back"), (2, "see", "open")]


@pytest.mark.both_databases
def test_two_of_a_kind_at_once_are_one_with_one_number(world: World) -> None:
    made = register(world, household(1))

    def once() -> object:
        try:
            return dealing.ask(families.family_by_id(made.family_id), None, AskedFor.ERASE, "", "link").number
        except Conflict:
            return None

    outcomes = race(world.app, 4, once)
    assert sorted(map(str, outcomes)) == ["1", "None", "None", "None"]
    assert states(world) == [(1, "erase", "open")]


def test_a_family_that_stepped_back_may_still_see_and_be_erased_and_nothing_else(world: World) -> None:
    made = register(world, household(1))
    with world.app.app_context(), transaction():
        decisions.withdraw_family(world.rules(), families.family_by_id(made.family_id), None, "link")
    client = with_link(world, made.link)
    for kind in ("correct", "withdraw"):
        answer = post(client, PAGE, {"kind": kind, "person": "", "said": "x", **TAIL})
        assert answer.status_code == 409 and "đã kết thúc" in words(answer)
    for kind in ("see", "erase"):
        assert post(client, PAGE, {"kind": kind, "person": "", **TAIL}).status_code == 302
    assert clean(world) == []


def test_the_officer_asks_for_a_family_and_the_organiser_withdraws_the_person(world: World) -> None:
    made = register(world, household(1))
    approve(world, made.family_id)
    officer, office = world.as_user(world.officer), world.as_user(world.organiser)
    page = f"/delegation/{world.hon_dat}/families/{made.code}/privacy"
    child = person_of(world, made.family_id, 2)
    assert post(officer, page, {"kind": "withdraw", "person": child}).status_code == 400  # how it was asked is missing
    answer = post(officer, page, {"kind": "withdraw", "person": child, "how": "phone"})
    assert answer.status_code == 302 and "YC1" in words(officer.get(answer.location))
    code = answer.location.rpartition("/")[2]
    assert "Nếu làm thì" in words(office.get(f"/office/privacy/requests/{code}"))
    assert post(office, f"/office/privacy/requests/{code}", {"act": "done"}).status_code == 302
    with world.app.app_context(), reading():
        assert [(one.name, one.out) for one in db.session.scalars(select(Person).where(Person.out))] == [
            ("Danh Minh Khôi", True)
        ]
    assert states(world) == [(1, "withdraw", "done")]
    assert clean(world) == []


def test_what_is_late_stands_first_and_days_off_move_the_days(world: World) -> None:
    made = register(world, household(1))
    office = world.as_user(world.organiser)
    with world.app.app_context(), transaction():
        family = families.family_by_id(made.family_id)
        for kind in (AskedFor.ERASE, AskedFor.SEE):
            dealing.ask(family, None, kind, "", "link")
        first = db.session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.id)).first()
        assert first is not None
        first.made_at = first.made_at - timedelta(days=40)
    with world.app.app_context(), reading():
        found = queries.of_edition(db.session.scalars(select(Family.festival_id)).one())
        assert [(each.row.number, each.late) for each in found] == [(1, True), (2, False)]
        before = found[1].due
    first_page = office.get("/office")
    assert "2 yêu cầu của gia đình đang chờ, 1 đã quá hạn" in words(first_page)
    assert 'href="/office/privacy/requests"' in first_page.text
    page = "/office/privacy/requests"
    assert (
        post(office, "/office/privacy/requests/days-off", {"day": "32/1/2027", "name": "Tết"}, page=page).status_code
        == 400
    )
    day = {"day": f"{before:%d/%m/%Y}", "name": "Nghỉ bù"}
    assert post(office, "/office/privacy/requests/days-off", day, page=page).status_code == 302
    with world.app.app_context(), reading():
        assert queries.of_edition(found[0].row.festival_id)[1].due > before >= today()
    assert "Nghỉ bù" in words(office.get(page)) and clean(world) == []
    assert (
        post(office, "/office/privacy/requests/days-off", {"remove": before.isoformat()}, page=page).status_code == 302
    )
    with world.app.app_context(), reading():
        assert queries.of_edition(found[0].row.festival_id)[1].due == before
    assert clean(world) == []


def test_long_words_are_refused_and_kept(world: World) -> None:
    made = register(world, household(1))
    answer = post(with_link(world, made.link), PAGE, {"kind": "correct", "said": "x" * 501, **TAIL})
    assert answer.status_code == 400 and "x" * 400 in answer.text
