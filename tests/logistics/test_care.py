"""Is health told only with its own agreement, to whom it concerns, and gone when the agreement is taken back?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.checkin.offline_list import gate_list, list_stamp
from festival.consent.models import Consent, ConsentPurpose
from festival.core import ledger
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.logistics import queries
from festival.logistics.models import Allergy
from festival.logistics.needs import Need, read, written
from festival.passes.issue import issue_pass
from festival.registration import agreeing, leaving
from festival.roster import families
from festival.roster.models import Entry, EntryPerson, Person
from tests.harness.node import run_node_tests
from tests.logistics.cast import Stay
from tests.registration.conftest import household
from tests.registration.pages_kit import post, words
from tests.registration.registered import approve, register

pytestmark = pytest.mark.either_database

SECRET = "sầu riêng chín"


@pytest.mark.parametrize(
    ("text", "kinds", "own"),
    [
        ("Xe lăn, ăn chay", {Need.WHEELCHAIR}, ""),
        ("đi xe lăn; cần PHIÊN DỊCH tiếng Khmer", {Need.WHEELCHAIR, Need.INTERPRETER}, "cần PHIÊN DỊCH tiếng Khmer"),
        ("ăn chay", set(), ""),
        ("không", set(), ""),
        ("không cần xe lăn", set(), ""),
        ("nghe kém và nhìn kém", {Need.HEARING, Need.SIGHT}, ""),
        ("cần ghế ngồi gần sân khấu", {Need.OTHER}, "cần ghế ngồi gần sân khấu"),
    ],
)
def test_a_line_is_read_as_kinds_of_help(text: str, kinds: set[Need], own: str) -> None:
    assert read(text) == (frozenset(kinds), own)
    assert read(written(kinds, own)) == (frozenset(kinds), own)


def test_the_sign_stands_beside_the_name_at_the_gate() -> None:
    run_node_tests(Path(__file__).with_name("gate_needs.test.mjs"))


@pytest.fixture
def people(stay: Stay) -> dict[str, str]:
    """An approved family of three: who is who by code."""
    done = register(stay.world, household(3))
    approve(stay.world, done.family_id)
    with stay.world.app.app_context(), reading():
        rows = db.session.execute(select(Person.relation, Person.code).order_by(Person.position)).all()
    return {row.relation or "head": row.code for row in rows}


def told(stay: Stay, code: str) -> list[str]:
    """What a gate's record says of somebody's needs."""
    with stay.world.app.app_context(), reading():
        festival_id = stay.world.rules().festival.id
        cards = gate_list(festival_id, list_stamp(festival_id)).cards.values()
        lines = [member for card in cards for member in card.record["members"] if member["c"] == code]
    return [need for line in lines for need in line.get("h", [])]


def kitchen(stay: Stay) -> FlaskClient:
    with stay.world.app.app_context(), transaction():
        user = create_user("bep", "Bếp", "", [Role.CARE]).id
    return stay.world.as_user(user)


def agree_for_the_child(stay: Stay, young: str) -> None:
    """A guardian agrees by name, and the child is asked."""
    typed = {
        "what": "support",
        "seen": "ăn chay",
        "need": "interpreter",
        "own": "",
        "how": "paper",
        "support-agreed": "y",
    }
    for more, why in (
        ({}, "Hãy ghi họ và tên cha, mẹ"),
        ({"support-guardian": "Danh Thị Sa Rươl"}, "hỏi cả chính bạn ấy"),
    ):
        refused = post(stay.officer, young, typed | more, page=young)
        assert (refused.status_code, why in words(refused)) == (400, True)
    whole = typed | {"support-guardian": "Danh Thị Sa Rươl", "support-as": "mother", "support-own": "y"}
    assert post(stay.officer, young, whole, page=young).status_code == 302


def test_needs_reach_the_gate_with_their_own_agreement_and_go_with_it(stay: Stay, people: dict[str, str]) -> None:
    base = f"/delegation/{stay.world.hon_dat}/support"
    spouse, child = people["spouse"], people["child"]
    with stay.world.app.app_context(), transaction():
        family = families.family_by_id(db.session.scalars(select(Person.family_id)).first() or 0)
        issue_pass("family", family.id, family.festival_id)
        db.session.execute(Person.__table__.update().where(Person.code == spouse).values(needs="xe lăn"))  # type: ignore[attr-defined]  # fmt: skip
    # Written at the registration without an agreement of its own, no gate sees it.
    assert (told(stay, spouse), "chưa hỏi đồng ý, chưa nơi nào thấy" in words(stay.officer.get(base))) == ([], True)
    one = f"{base}/{spouse}"
    typed = {"what": "support", "seen": "xe lăn", "need": ["wheelchair", "hearing"], "own": "", "how": "in_person"}
    unasked = post(stay.officer, one, typed, page=one)
    assert (unasked.status_code, "Hãy hỏi người ấy rồi đánh dấu đồng ý." in words(unasked)) == (400, True)
    assert post(stay.officer, one, typed | {"support-agreed": "y"}, page=one).status_code == 302
    assert told(stay, spouse) == ["hearing", "wheelchair"]
    stale = post(stay.officer, one, typed | {"support-agreed": "y"}, page=one)
    assert stale.status_code == 409
    agree_for_the_child(stay, f"{base}/{child}")
    assert told(stay, child) == ["interpreter"]
    with stay.world.app.app_context():
        with reading():
            ids = {row.code: row.id for row in db.session.execute(select(Person.code, Person.id))}
            festival_id = stay.world.rules().festival.id
            assert queries.needs_of(festival_id) == {
                ids[spouse]: frozenset({Need.WHEELCHAIR, Need.HEARING}), ids[child]: frozenset({Need.INTERPRETER}),
            }  # fmt: skip
            assert set(queries.needs_said(festival_id).values()) == {"phiên dịch", "xe lăn, nghe kém"}
            point = db.session.begin_nested()  # entries that name nobody stand for their whole family
            entries = set(db.session.scalars(select(Entry.id).where(Entry.family_id.is_not(None))))
            db.session.execute(delete(EntryPerson))
            assert queries.needs_said(festival_id) == dict.fromkeys(entries, "xe lăn, phiên dịch, nghe kém")
            point.rollback()
        # A change of the household's own agreements leaves it standing; taking it back by any road empties it.
        with transaction():
            family = families.family_by_id(db.session.scalars(select(Person.family_id)).first() or 0)
            home = families.household_of_family(family, {})
            agreeing.end_agreements(list(zip([person.id for person in family.members], home.members, strict=True)))
    assert told(stay, child) == ["interpreter"]
    with stay.world.app.app_context(), transaction():
        family = families.family_by_id(db.session.scalars(select(Person.family_id)).first() or 0)
        who = next(person for person in family.members if person.code == child)
        leaving.take_back(stay.world.rules(), family, who, ConsentPurpose.SUPPORT, "phone")
    assert told(stay, child) == []
    ended = {"what": "support", "act": "end", "how": "in_person"}
    assert post(stay.officer, one, ended, page=one).status_code == 302
    with stay.world.app.app_context():
        with reading():
            assert set(db.session.scalars(select(Person.needs))) == {""}
        with snapshot():
            assert inspect(["decisions:kg-2024"]).named() == []


def test_an_allergy_is_read_by_the_kitchen_only_and_every_look_is_noted(stay: Stay, people: dict[str, str]) -> None:
    one = f"/delegation/{stay.world.hon_dat}/support/{people['head']}"
    typed = {"what": "allergy", "allergy": SECRET, "how": "in_person"}
    assert post(stay.officer, one, typed, page=one).status_code == 400
    assert post(stay.officer, one, typed | {"allergy-agreed": "y"}, page=one).status_code == 302
    cook = kitchen(stay)
    assert SECRET in words(cook.get("/care"))
    with stay.world.app.app_context(), reading():
        assert db.session.scalars(select(SecurityNote.kind)).all().count("read_health") == 1
        payloads = db.session.scalars(select(ledger.LedgerPayload.content)).all()
        assert not any(SECRET in str(json.loads(each or "{}")) for each in payloads)
    # Nobody else reads it, on any page of theirs.
    base = f"/delegation/{stay.world.hon_dat}"
    for client, page in (
        (stay.officer, one), (stay.officer, f"{base}/support"), (stay.officer, f"{base}/stay"),
        (stay.organiser, f"/office/logistics/{stay.world.hon_dat}/support"), (stay.organiser, "/office/logistics"),
    ):  # fmt: skip
        answer = client.get(page)
        assert (answer.status_code, SECRET in answer.text) == (200, False), page
    assert [client.get("/care").status_code for client in (stay.officer, stay.organiser)] == [403, 403]
    assert [cook.get(page).status_code for page in (one, "/office/logistics")] == [403, 403]
    other = stay.world.as_user(stay.world.other_officer)
    elsewhere = f"/delegation/{stay.world.kien_luong}/support"
    assert other.get(one).status_code == 404
    assert post(other, one, typed | {"allergy-agreed": "y"}, page=elsewhere).status_code == 404
    assert other.get(f"{elsewhere}/{people['head']}").status_code == 404
    # Taken back, it is gone; who stops taking part takes it back too.
    assert post(stay.officer, one, {"what": "allergy", "act": "end", "how": "phone"}, page=one).status_code == 302
    assert SECRET not in words(cook.get("/care"))
    with stay.world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Allergy)) == 0
        row = db.session.scalars(select(Consent).where(Consent.purpose == ConsentPurpose.ALLERGY)).one()
        assert (row.withdrawn_at is not None, row.withdrawn_how) == (True, "phone")
