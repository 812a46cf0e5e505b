"""A gate's list on paper is typed in afterwards: once, by whom, at the hour of the paper, and taken back as easily."""

from __future__ import annotations

import re
import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.checkin.merge import day_window
from festival.checkin.models import Admission, Scan
from festival.checkin.paper.typing import mid_of, sheet_of
from festival.checkin.purposes import naming
from festival.checkin.purposes.models import PurposeEvery, PurposeKind
from festival.checkin.purposes.naming import HoursTyped, PurposeTyped
from festival.core import ledger
from festival.core.clock import VIETNAM, now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.models import Device, DeviceNote, Mutation
from festival.editions.models import Festival
from festival.roster.models import Family, FamilyState, Person
from tests.devices.kit import Phone, enrolment, open_fair, verdicts
from tests.house.test_access import come_as

CHUNG, HOA, DUC = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa", "Gia đình ông Nguyễn Hoàng Anh Đức"
HALF_PAST_SEVEN = 1_718_325_000_000  # 14/6/2024, 7 giờ 30 in Vietnam


def test_a_line_says_its_sheet_and_its_content() -> None:
    sheet = "0123456789abcdef01"
    one, other = mid_of(sheet, {"pass": "a"}), mid_of(sheet, {"pass": "b"})
    assert one != other and one == mid_of(sheet, {"pass": "a"})
    assert sheet_of(one) == sheet_of(other) == sheet
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one)


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def lead(app, fair):
    return come_as(app, Role.GATE_LEAD)[0]


class Sheet:
    """The form of a delegation's list, opened anew by somebody."""

    def __init__(self, client, on="2024-06-14", purpose="entry") -> None:
        page = client.get("/office/checkin/paper").get_data(as_text=True)
        code = re.search(r"/office/checkin/paper/[\d-]+/entry/delegations/(\w+)/1", page)[1]
        self.client, self.path = client, f"/office/checkin/paper/{on}/{purpose}/delegations/{code}/1"
        page = client.get(self.path).get_data(as_text=True)
        self.page = page
        self.sheet = re.search(r'name="sheet" value="(\w+)"', page)[1]
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(self, *people, family=(), **changes):
        head = {"gate": "Cổng 1", "hour": "7:30"} | changes
        sent = {"csrf_token": self.token, "sheet": self.sheet, "person": list(people), "family": list(family), **head}
        return self.client.post(self.path, data=sent)

    def outcome(self):
        return self.client.get(f"/office/checkin/paper/typed?sheet={self.sheet}").get_data(as_text=True)

    def take_back(self, reason, line=""):
        sent = {"csrf_token": self.token, "sheet": self.sheet, "reason": reason, "line": line}
        return self.client.post("/office/checkin/paper/typed", data=sent)


def inside(app):
    """Who is in: (code, purpose, window, moment)."""
    with app.app_context(), reading():
        rows = db.session.execute(
            select(Person.code, Admission.purpose, Admission.day_window, Admission.at_ms)
            .join(Person, Person.id == Admission.person_id)
            .where(~Admission.annulled)
        )
        return {tuple(row) for row in rows}


def lines(app):
    """The mids of what was typed, by how many people each named."""
    with app.app_context(), reading():
        rows = db.session.scalars(select(Mutation).where(Mutation.kind == "scan").order_by(Mutation.seq))
        return {len(row.body["persons"]): row.mid for row in rows}


def test_a_sheet_counts_at_its_hour_once_and_is_taken_back_with_a_reason(app, client, fair, lead):
    father, mother, son, daughter = fair.persons[CHUNG]
    sheet = Sheet(lead)
    assert [name for name in ("Danh Chung", "Lâm Quốc Đạt", "Châu Văn Tài") if name not in sheet.page] == []
    answer = sheet.send(father, mother, family=[fair.lists[HOA]])
    assert answer.status_code == 303
    entered = {(code, "entry", "2024-06-14", HALF_PAST_SEVEN) for code in (father, mother, *fair.persons[HOA])}
    assert inside(app) == entered
    # once more, by Back or a second tap: nothing new; with one box more: only what is new
    assert sheet.send(father, mother, family=[fair.lists[HOA]]).status_code == 303
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Mutation)) == 2
        scans = db.session.scalars(select(Scan)).all()
        assert {(scan.how, scan.gate, scan.at_ms) for scan in scans} == {("paper", "Cổng 1", HALF_PAST_SEVEN)}
        typist = db.session.execute(
            select(User.login, Device.seq_max, Device.seq_count).join(Device, Device.user_id == User.id)
        ).one()
        assert tuple(typist) == ("thu-gate_lead", 2, 2)
        assert db.session.scalar(select(func.count()).select_from(DeviceNote)) == 0  # a paper has no clock
        assert ledger.verify(f"checkin:{fair.code}") == []
    assert sheet.send(father, mother, son, family=[fair.lists[HOA]]).status_code == 303
    assert inside(app) == entered | {(son, "entry", "2024-06-14", HALF_PAST_SEVEN)}
    page = sheet.outcome()
    assert page.count("Đã ghi 2 người") == 2 and "Đã ghi 1 người, 2 người đã vào từ trước" in page
    # nobody looks for a phone of whoever types
    assert "Nhập từ giấy" not in lead.get("/office/checkin").get_data(as_text=True).split("<main")[1]
    # a reason is needed; then one line is gone, and the other family stays
    assert sheet.take_back("x").status_code == 400
    two = lines(app)[3]
    assert sheet.take_back("Đánh dấu nhầm dòng", two).status_code == 303
    assert inside(app) == entered
    assert "Đã hoàn tác: Đánh dấu nhầm dòng" in sheet.outcome()
    assert sheet.take_back("Đánh dấu nhầm dòng", two).status_code == 409
    # another person takes back the rest of the sheet, later; and it may be typed anew
    other, _headers = come_as(app, Role.ORGANISER)
    again = Sheet(other)
    again.sheet = sheet.sheet
    assert again.take_back("Tờ của ngày khác").status_code == 303
    assert inside(app) == set()
    fresh = Sheet(lead)
    assert fresh.send(daughter, hour="8 giờ").status_code == 303
    assert inside(app) == {(daughter, "entry", "2024-06-14", HALF_PAST_SEVEN + 30 * 60_000)}
    with app.app_context(), reading():
        kinds = db.session.execute(db.text("SELECT kind FROM ledger_entry WHERE stream = :s ORDER BY seq"),
                                   {"s": f"checkin:{fair.code}"}).scalars().all()  # fmt: skip
        assert kinds == ["admitted", "admitted", "admitted", "undone", "undone", "undone", "admitted"]


def test_paper_and_phones_tell_one_story_whoever_comes_first(app, client, fair, lead):
    phone = Phone(client, enrolment(app, fair, station="Cổng 2"))
    sheet = Sheet(lead)
    sheet.send(family=[fair.lists[HOA]])
    # the phone saw them earlier and was without network: its scan counts, the paper stays as the later one
    told = phone.send(phone.scan(fair.lists[HOA], wall_ms=HALF_PAST_SEVEN - 60_000))
    assert verdicts(told) == ["duplicate"]
    assert {row[3] for row in inside(app)} == {HALF_PAST_SEVEN - 60_000}
    # the paper is taken back: they are in by the phone
    assert sheet.take_back("Trùng với máy").status_code == 303
    assert {row[3] for row in inside(app)} == {HALF_PAST_SEVEN - 60_000}
    # what the rule refuses is said by its words, and nobody is let in
    with app.app_context(), transaction():
        db.session.execute(update(Family).where(Family.name == DUC).values(version=Family.version + 1))
    late = Sheet(lead)
    with app.app_context(), transaction():
        db.session.execute(
            update(Family).where(Family.name == DUC).values(state=FamilyState.WITHDRAWN, version=Family.version + 1)
        )
    assert late.send(family=[fair.lists[DUC]]).status_code == 400  # not on the list any more: nobody is ticked
    assert len(inside(app)) == 2


@pytest.mark.either_database
def test_what_cannot_be_is_refused_and_stays_in_its_boxes(app, fair, lead):
    sheet = Sheet(lead)
    father = fair.persons[CHUNG][0]
    for changes, words in (
        ({"hour": "25:00"}, "Giờ viết như 7:30"),
        ({"hour": "sáng"}, "Giờ viết như 7:30"),
        ({"gate": " "}, "Ghi tên cổng"),
    ):
        answer = sheet.send(father, **changes)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400 and (words is None or words in page), changes
        assert re.search(rf'name="person" value="{father}"[^>]*checked|checked[^>]*value="{father}"', page), changes
    for strange in (sheet.path.replace("entry", "gift"), sheet.path.replace("2024-06-14", "2023-06-14")):
        assert lead.get(strange).status_code == 404
    nobody = sheet.send()
    assert nobody.status_code == 400 and "Chưa đánh dấu ai" in nobody.get_data(as_text=True)
    assert inside(app) == set()
    assert come_as(app, Role.STAGE_MANAGER)[0].get(sheet.path).status_code == 403
    # whose desk of paper was revoked types no more
    assert sheet.send(father).status_code == 303
    with app.app_context(), transaction():
        db.session.execute(update(Device).values(revoked_at=now()))
    assert Sheet(lead).send(fair.persons[HOA][0]).status_code == 409
    # an hour that has not come yet
    tomorrow = date.fromisoformat(day_window(now())) + timedelta(days=1)
    with app.app_context(), transaction():
        db.session.execute(update(Festival).values(starts_on=tomorrow, ends_on=tomorrow))
    early = Sheet(lead, tomorrow).send(father)
    assert early.status_code == 400 and "Giờ này chưa đến" in early.get_data(as_text=True)
    assert len(inside(app)) == 1


def test_the_same_sheet_sent_twice_at_the_same_moment_is_one(app, fair, lead):
    sheet = Sheet(lead)
    barrier, codes = threading.Barrier(4), []

    def send() -> None:
        client = app.test_client()
        client.set_cookie("signin", lead.get_cookie("signin").value)
        mine = Sheet(client)
        mine.sheet = sheet.sheet
        barrier.wait()
        codes.append(mine.send(family=list(fair.lists.values())).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 4
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Device)) == 1
        assert db.session.scalar(select(func.count()).select_from(Scan)) == len(fair.lists)
    assert len(inside(app)) == sum(map(len, fair.persons.values()))


@pytest.mark.either_database
def test_an_hour_after_midnight_is_of_the_evening_whose_day_stands_on_the_sheet(app, fair, lead):
    assert Sheet(lead).send(fair.persons[CHUNG][0], hour="0:30").status_code == 303
    with app.app_context(), reading():
        (row,) = db.session.execute(select(Admission.day_window, Scan.at_ms).join(Scan, Scan.id == Admission.scan_id))
    assert (row.day_window, datetime.fromtimestamp(row.at_ms / 1000, VIETNAM).isoformat()) == (
        "2024-06-14",
        "2024-06-15T00:30:00+07:00",
    )


def test_a_sheet_of_a_meal_says_who_has_eaten_and_is_typed_after_the_meal_was_put_away(app, client, fair, lead):
    with app.app_context(), transaction():
        festival = db.session.get_one(Festival, fair.festival_id)
        naming.name_purpose(festival, PurposeTyped("Cơm trưa", False), PurposeKind.MEAL, PurposeEvery.HOURS, None)
        opens = HALF_PAST_SEVEN + 3 * 3_600_000
        naming.add_hours(festival, "com-trua", HoursTyped("Lượt 1", opens, opens + 2 * 3_600_000), None)
    father, mother = fair.persons[CHUNG][:2]
    assert Sheet(lead).send(father, mother).status_code == 303  # they have come in: that is no meal
    fed = Sheet(lead, purpose="com-trua")
    assert "đã ghi" not in fed.page and "Lượt 1: 10 giờ 30 – 12 giờ 30" in fed.page
    assert fed.send(father, hour="11 giờ").status_code == 303
    with app.app_context(), transaction():
        naming.put_away(db.session.get_one(Festival, fair.festival_id), "com-trua", 1, None)
    late = Sheet(lead, purpose="com-trua")
    assert late.page.count("đã ghi, Cổng 1, Lượt 1") == 1
    assert late.send(mother, hour="11:30").status_code == 303
    assert {row[0] for row in inside(app) if row[1] == "com-trua"} == {father, mother}
    assert "Cơm trưa, Cổng 1" in late.outcome()
    # outside the hours it waits for the lead, and the page says so and where; the whole sheet has nothing to take back
    outside = Sheet(lead, purpose="com-trua")
    assert outside.send(fair.persons[HOA][0], hour="9:00").status_code == 303
    page = outside.outcome()
    assert "1 gia đình chưa được ghi" in page and "Ngoài giờ của mục đích này" in page and "/office/gates#aside" in page
    assert outside.take_back("Nhầm giờ").status_code == 409


@pytest.mark.either_database
def test_a_sheet_taken_back_and_sent_again_counts_again(app, fair, lead):
    father = fair.persons[CHUNG][0]
    entered = {(father, "entry", "2024-06-14", HALF_PAST_SEVEN)}
    sheet = Sheet(lead)
    for _twice in range(2):
        assert sheet.send(father).status_code == 303
        assert inside(app) == entered
        assert sheet.take_back("Nhầm tờ").status_code == 303
        assert inside(app) == set()
    assert sheet.send(father).status_code == sheet.send(father).status_code == 303
    assert inside(app) == entered
    assert (sheet.outcome().count("Đã hoàn tác: Nhầm tờ"), sheet.outcome().count("Đã ghi 1 người")) == (2, 1)


@pytest.mark.either_database
def test_of_two_who_type_the_same_paper_both_must_take_it_back_and_are_told_so(app, fair, lead):
    other, _headers = come_as(app, Role.ORGANISER)
    one, two = Sheet(lead), Sheet(other)
    for sheet in (one, two):
        assert sheet.send(family=[fair.lists[HOA]]).status_code == 303
    assert "Đã vào từ trước" in two.outcome()
    assert one.take_back("Gõ hai lần").status_code == 303
    assert "2 người vẫn được tính" in one.outcome() and len(inside(app)) == 2
    assert two.take_back("Gõ hai lần").status_code == 303
    page = two.outcome()
    assert "Đã hoàn tác 1 dòng." in page and "vẫn được tính" not in page and inside(app) == set()
