"""Does a blank pass open nothing before it is claimed, everything of one holder afterwards, and is a wrong claim taken back?"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.accounts.actions import open_sign_in
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.checkin.offline_list import gate_list, list_stamp
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.devices.handlers import DeviceRole
from festival.editions.help_lines import HelpNumber
from festival.editions.help_table import write_help
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.passes import blank, code, queries, tokens
from festival.passes.models import CardBack, Pass
from festival.passes.receivers import receivers
from festival.roster.models import Delegation, Departure, Family, FamilyState, Person
from tests.devices.kit import Phone, enrolment, open_fair, verdicts
from tests.house.growing import STAFF
from tests.passes.card_kit import pictures_of, read, words_of
from tests.registration.pages_kit import post, words

CHUNG = "Gia đình ông Danh Chung"
MAKE, CLAIM, BACK = "/office/passes/blank", "/office/checkin/blank", "/office/passes/back"


def as_staff(app: Flask, role: Role) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), transaction():
        user_id = db.session.scalars(select(User.id).where(User.login == STAFF[role])).one()
        client.set_cookie("signin", open_sign_in(user_id, 1).token)
    return client


def listed(app: Flask) -> tuple[dict[str, dict[str, object]], tuple[str, ...]]:
    """What a gate's phone knows of each pass, and which were replaced."""
    with app.app_context(), reading():
        festival = the_festival()
        held = gate_list(festival.id, list_stamp(festival.id))
        return {each: card.record for each, card in held.cards.items()}, held.replaced


@pytest.mark.either_database
def test_a_number_that_cannot_be_read_is_told(demo_app: Flask) -> None:
    lead = as_staff(demo_app, Role.GATE_LEAD)
    for typed, told in (
        ({"number": "916 422 2722", "search": "Danh"}, "không phải dãy mười số dưới mã"),
        ({"number": "2", "search": " "}, "Ghi tên, đoàn hoặc số cuối điện thoại của người nhận thẻ."),
    ):
        refused = post(lead, f"{CLAIM}/search", typed, page=CLAIM)
        assert (refused.status_code, told in words(refused), f'value="{typed["number"]}"' in refused.text) == (
            400,
            True,
            True,
        )


@pytest.mark.either_database
def test_printed_claimed_and_taken_back(demo_app: Flask, tmp_path: Path) -> None:
    organiser, lead = as_staff(demo_app, Role.ORGANISER), as_staff(demo_app, Role.GATE_LEAD)
    for wrong in ("0", "501", "", "ba"):
        assert post(organiser, MAKE, {"count": wrong}).status_code == 400
    assert post(organiser, MAKE, {"count": "3"}).status_code == 303
    made = organiser.get(f"{MAKE}/pdf").data
    scanned = read(pictures_of(made, tmp_path)[0])
    assert (len(scanned), words_of(made, tmp_path).count("THẺ TRẮNG")) == (3, 3)
    second = code.list_id(code.decode(scanned[1]))
    assert listed(demo_app)[0][second] == {"t": "blank", "name": "Thẻ trắng số 2", "unit": "", "members": []}

    with demo_app.app_context(), reading():
        approved = select(Family).where(Family.state == FamilyState.APPROVED).order_by(Family.id)
        right, wrong_one = db.session.scalars(approved).all()[:2]
        waiting = db.session.scalars(select(Family.code).where(Family.state == FamilyState.SUBMITTED)).first()
        names, ids = (right.name, wrong_one.name), (right.id, wrong_one.id)
        codes = (right.code, wrong_one.code)
        before = [queries.family_pass(each) for each in ids]
        kept = [row.list_id for row in before if row is not None]
    search = post(lead, f"{CLAIM}/search", {"number": "2", "search": names[1]}, page=CLAIM)
    found = lead.get(search.location)
    assert names[1] in words(found) and names[1] not in search.location
    claimed = {"number": "2", "owner": "family", "code": codes[1]}
    for _twice in range(2):
        assert post(lead, CLAIM, claimed, page=CLAIM).status_code == 303
    records, replaced = listed(demo_app)
    assert records[second]["name"] == names[1] and kept[1] in replaced
    # another family, a family that is not approved, a card and a family that do not exist
    for given, status in (
        ({"number": "2", "owner": "family", "code": codes[0]}, 409),
        ({"number": "3", "owner": "family", "code": waiting}, 409),
        ({"number": "99", "owner": "family", "code": codes[0]}, 400),
        ({"number": "3", "owner": "family", "code": "khong-co"}, 400),
        ({"number": "3", "owner": "ai", "code": codes[0]}, 400),
    ):
        assert post(lead, CLAIM, given, page=CLAIM).status_code == status
    # printed again, the card of the family is the blank one's
    again = organiser.get(f"/office/passes/pdf?family={codes[1]}&sides=front").data
    assert read(pictures_of(again, tmp_path)[0]) == [scanned[1]]

    # the wrong family: the card it had is good again, the blank one goes to the right family
    assert names[1] in words(lead.get(CLAIM))
    assert post(lead, f"{CLAIM}/undo", {"number": "2"}, page=CLAIM).status_code == 303
    records, replaced = listed(demo_app)
    assert (records[second]["t"], records[kept[1]]["name"]) == ("blank", names[1]) and kept[1] not in replaced
    assert post(lead, f"{CLAIM}/undo", {"number": "2"}, page=CLAIM).status_code == 409
    assert post(lead, CLAIM, claimed | {"code": codes[0]}, page=CLAIM).status_code == 303
    assert listed(demo_app)[0][second]["name"] == names[0]
    assert "đang dùng" in words(organiser.get(MAKE))
    with demo_app.app_context(), reading():
        kinds = select(LedgerEntry.kind).where(LedgerEntry.kind.like("pass.%claimed")).order_by(LedgerEntry.seq)
        assert list(db.session.scalars(kinds)) == ["pass.claimed", "pass.unclaimed", "pass.claimed"]
        assert all(not ledger.verify(each) for each in ledger.streams())
        row = queries.family_pass(ids[0])
        assert row is not None and tokens.qr_text(row) == scanned[1]
    with demo_app.app_context(), seals.snapshot():
        assert seals.inspect().clean
    officer = as_staff(demo_app, Role.OFFICER)
    assert officer.get(CLAIM).status_code == 403 and lead.get(MAKE).status_code == 403


def test_a_card_somebody_came_in_with_stays_used(app: Flask) -> None:
    fair = open_fair(app)
    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, fair.festival_id)
        blank.make_blanks(festival, 1, None)
        family = db.session.scalars(select(Family).order_by(Family.id)).first()
        assert family is not None
        free = blank.as_pass(blank.free_blanks(festival.id)[0]).list_id
    phone = Phone(app.test_client(), enrolment(app, fair, DeviceRole.GATE))
    # unclaimed it opens nothing: what a gate let in on its own word waits for the lead
    phone.send(phone.scan(free))
    with app.app_context(), transaction():
        claimed = blank.claim(db.session.get_one(Festival, fair.festival_id), 1, "family", family.id, None)
        assert claimed.list_id == free
    assert verdicts(phone.send(phone.scan(free))) == ["applied"]
    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, fair.festival_id)
        assert blank.unclaim(festival, 1, None) is False
        own = queries.family_pass(family.id)
        assert own is not None and own.blank_id is None
        with pytest.raises(Conflict):
            blank.claim(festival, 1, "family", family.id, None)
        assert [(each.number, each.used_up) for each in blank.blank_lines(festival.id)] == [(1, True)]


def test_two_desks_with_one_card_give_it_once(app: Flask) -> None:
    fair = open_fair(app)
    with app.app_context(), transaction():
        blank.make_blanks(db.session.get_one(Festival, fair.festival_id), 1, None)
        families = list(db.session.scalars(select(Family.id).order_by(Family.id)))[:2]
    start, told = threading.Barrier(2), []

    def desk(family_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    blank.claim(db.session.get_one(Festival, fair.festival_id), 1, "family", family_id, None)
                told.append("claimed")
            except Conflict:
                told.append("refused")
            db.session.remove()

    threads = [threading.Thread(target=desk, args=(each,)) for each in families]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["claimed", "refused"]
    with app.app_context(), reading():
        rows = db.session.scalars(select(Pass).where(Pass.family_id.in_(families), Pass.replaced_at.is_(None))).all()
        assert sorted(row.blank_id is None for row in rows) == [False, True]
        row_id = next(row.blank_id for row in rows if row.blank_id is not None)
    # who looks first and writes afterwards would give it twice; the database does not
    with app.app_context(), pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Pass).where(Pass.blank_id.is_(None)).values(blank_id=row_id))


def test_two_who_make_some_at_once_make_none_twice(app: Flask) -> None:
    fair = open_fair(app)
    start = threading.Barrier(2)

    def make() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                blank.make_blanks(db.session.get_one(Festival, fair.festival_id), 5, None)
            db.session.remove()

    threads = [threading.Thread(target=make) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context(), reading():
        assert [each.number for each in blank.free_blanks(fair.festival_id)] == list(range(1, 11))


def test_a_delegation_may_hold_one_and_nobody_of_another_edition(app: Flask) -> None:
    fair = open_fair(app)
    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, fair.festival_id)
        blank.make_blanks(festival, 2, None)
        delegation = db.session.scalars(select(Delegation)).one()
        blank.claim(festival, 1, "delegation", delegation.id, None)
        own = queries.delegation_pass(delegation.id)
        assert own is not None and own.blank_id is not None
        with pytest.raises(BadInput):
            blank.claim(festival, 2, "person", 999_999, None)
        assert blank.unclaim(festival, 1, None) is True
        assert db.session.scalar(select(func.count(Pass.id)).where(Pass.blank_id.is_not(None))) == 0
        driver = db.session.scalars(select(Person).where(Person.code == fair.driver)).one()
        assert [each.code for each in receivers(festival.id, "châu tài")] == [fair.driver]
        db.session.add(Departure(person_id=driver.id, entries=[], left_at=now(), back_at=None, seen_at=now()))
        db.session.flush()
        db.session.expire(driver)
        with pytest.raises(Conflict):
            blank.claim(festival, 2, "person", driver.id, None)
        assert receivers(festival.id, "châu tài") == []
    phone = Phone(app.test_client(), enrolment(app, fair, DeviceRole.GATE))
    sent = phone.send(phone.scan(fair.delegation_list))
    assert fair.driver not in sent["verdicts"][0]["detail"]["admitted"]


def test_given_to_another_who_had_no_pass_either_a_gate_hears_of_it(app: Flask) -> None:
    fair = open_fair(app)
    with app.app_context(), transaction():
        blank.make_blanks(db.session.get_one(Festival, fair.festival_id), 1, None)
        people = [db.session.scalars(select(Person).where(Person.code == each)).one() for each in fair.persons[CHUNG]]
        whose = {person.id: person.name for person in people[:2]}
    heard = []
    for person_id, name in whose.items():
        with app.app_context(), transaction():
            festival = db.session.get_one(Festival, fair.festival_id)
            listed_as = blank.claim(festival, 1, "person", person_id, None).list_id
        heard.append(listed(app)[0][listed_as]["name"] == name)
        with app.app_context(), transaction():
            assert blank.unclaim(db.session.get_one(Festival, fair.festival_id), 1, None) is True
    assert heard == [True, True]


@pytest.mark.either_database
def test_the_back_is_written_and_goes_back_to_the_standard(demo_app: Flask, tmp_path: Path) -> None:
    organiser = as_staff(demo_app, Role.ORGANISER)
    shown = words(organiser.get(BACK))
    assert "111" in shown and "1900 969 680" in shown and "dòng riêng" not in shown
    given = {"directions": "Vào cổng số 2"}
    for wrong in ({"map_link": "javascript:alert(1)"}, {"directions": "x" * 301}):
        assert post(organiser, BACK, given | wrong).status_code == 400
    assert "Về mẫu chuẩn" not in words(organiser.get(BACK))
    assert post(organiser, BACK, given).status_code == 303
    assert post(organiser, f"{BACK}/table", {}, page=BACK).status_code == 303, "they follow it already"
    with demo_app.app_context(), transaction():
        festival = the_festival()
        first = db.session.scalars(select(Family.code).where(Family.state == FamilyState.APPROVED)).first()
        write_help(festival, [HelpNumber("Cấp cứu xã", "0297 115 115", on_card=True)], 0, None)
    card = f"/office/passes/pdf?family={first}"
    told = words_of(organiser.get(card).data, tmp_path)
    assert "Cấp cứu xã" in told and "Vào cổng số 2" in told and "1900 969 680" not in told
    assert "Lượt của gia đình" in told  # the demo's programme is published
    with demo_app.app_context(), transaction():  # an earlier release let lines be written for the cards alone
        own = [{"words": "Y tế của ngày hội", "number": "0297 3862 041"}]
        db.session.execute(update(CardBack).values(help_lines=own))
    told = words_of(organiser.get(card).data, tmp_path)
    assert "Y tế của ngày hội" in told and "Cấp cứu xã" not in told
    page = words(organiser.get(BACK))
    assert "Thẻ đang in các dòng riêng này" in page and "0297 3862 041" in page
    assert post(organiser, BACK, given | {"directions": "Vào cổng số 3"}).status_code == 303
    assert "Thẻ đang in các dòng riêng này" in words(organiser.get(BACK)), "saved beside them, they stay"
    assert post(organiser, f"{BACK}/table", {}, page=BACK).status_code == 303
    told = words_of(organiser.get(card).data, tmp_path)
    assert "Cấp cứu xã" in told and "Vào cổng số 3" in told and "Y tế của ngày hội" not in told
    assert post(organiser, f"{BACK}/standard", {}, page=BACK).status_code == 303
    told = words_of(organiser.get(card).data, tmp_path)
    assert "Cấp cứu xã" in told and "Vào cổng" not in told
    with demo_app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(CardBack)) == 0
