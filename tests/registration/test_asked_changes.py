"""An approved family is changed: spellings at once, facts when the organiser says yes; refused, taken back, undone."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from festival.contests.models import Contest, ContestState
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.passes import queries
from festival.registration import decisions
from festival.registration.asked_changes import deciding
from festival.registration.asked_changes.models import ChangeState, FamilyChange
from festival.registration.editing.differences import Field, Kind
from festival.registration.editing.merging import merged, only
from festival.roster import families
from festival.roster.household import Household, Member
from festival.roster.models import ContestPlace, Entry, EntryPerson, Person
from festival.roster.people import Relation, Sex
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, with_link, words
from tests.registration.registered import approve, kinds, race, register

pytestmark = pytest.mark.either_database

CHUNG = Member("Danh Chung", Relation.REPRESENTATIVE, Sex.MALE, Birth(1984), contests=("nau-an",), code="A")
HOA = Member("Thị Hoa", Relation.SPOUSE, Sex.FEMALE, Birth(1986), code="B")
HOME = Household("0912345678", "", "Ấp 3", "", (CHUNG, HOA))


def test_a_request_is_carried_over_what_was_corrected_meanwhile() -> None:
    """Only what it changes; where both changed the same field differently it is named."""
    wanted = replace(HOME, address="Ấp 4", members=(replace(CHUNG, contests=("tai-nang",)), Member("Sáu", code="")))
    now = replace(HOME, members=(replace(CHUNG, name="Danh Chung Em"), HOA))
    target, clashes = merged(now, HOME, wanted)
    assert (target.address, [(one.name, one.contests) for one in target.members], clashes) == (
        "Ấp 4", [("Danh Chung Em", ("tai-nang",)), ("Sáu", ())], (),
    )  # fmt: skip
    _target, clashes = merged(replace(HOME, address="Ấp 5"), HOME, wanted)
    assert [(each.field, each.before, each.after) for each in clashes] == [(Field.ADDRESS, "Ấp 5", "Ấp 4")]
    gone = replace(HOME, members=(HOA,))
    assert [each.field for each in merged(gone, HOME, wanted)[1]] == [Field.LEFT]


def test_spellings_alone_are_written_at_once() -> None:
    after = replace(HOME, address="Ấp 4", members=(replace(CHUNG, name="Danh Chunh", birth=Birth(1984, 2, 1)),))
    spelt = only(Kind.SPELLING, HOME, after)
    assert spelt == replace(HOME, address="Ấp 4", members=(replace(CHUNG, name="Danh Chunh"), HOA))


def taken_in(world: World, number: int = 1, **changes: object) -> tuple[str, FlaskClient]:
    made = register(world, household(number, **changes))
    approve(world, made.family_id)
    return made.code, with_link(world, made.link)


def form_of(world: World, code: str, **changes: object) -> dict[str, object]:
    """What the page's form holds of a family, with some boxes typed otherwise."""
    with world.app.app_context(), reading():
        family = families.family_by_code(code)
        home = deciding.household_now(world.rules(), family)
        fields: dict[str, object] = {"version": str(family.version), "why": "ghi nhầm", "address": family.address}
        fields |= {"email": family.email, "introduction": family.introduction}
        for at, member in enumerate(home.members):
            fields |= {
                f"code-{at}": member.code,
                f"name-{at}": member.name,
                f"relation-{at}": member.relation or "",
                f"sex-{at}": member.sex or "",
                f"birth-{at}": str(member.birth),
                f"needs-{at}": member.needs,
                f"contests-{at}": list(member.contests),
            }
    return fields | changes


GRANDMOTHER = {
    "code-3": "", "name-3": "Thạch Thị Sáu", "relation-3": "parent", "sex-3": "female", "birth-3": "1955",
    "contests-3": ["nau-an"], "agree-3": "y",
}  # fmt: skip


def office(world: World, code: str, number: int = 1, **fields: object) -> TestResponse:
    page = f"/office/registrations/{code}/changes"
    return post(world.as_user(world.organiser), f"{page}/{number}", fields, page=page)


def as_officer(world: World, code: str, **changes: object) -> TestResponse:
    page = f"/delegation/{world.hon_dat}/families/{code}/changes"
    return post(world.as_user(world.officer), page, form_of(world, code, **changes), page=page)


def entries(world: World) -> list[tuple[str, str, list[str]]]:
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Contest.code, Entry.id, Entry.state)
            .join(Entry, Entry.contest_id == Contest.id)
            .where(Entry.family_id.is_not(None))
            .order_by(Contest.position)
        ).all()
        people = select(EntryPerson.entry_id, Person.name).join(Person, Person.id == EntryPerson.person_id)
        by_entry: dict[int, list[str]] = {}
        for entry_id, name in db.session.execute(people.order_by(Person.position)):
            by_entry.setdefault(entry_id, []).append(name)
        return [(row.code, row.state.value, by_entry.get(row.id, [])) for row in rows]


def states(world: World) -> list[str]:
    with world.app.app_context(), reading():
        return [str(each) for each in db.session.scalars(select(FamilyChange.state).order_by(FamilyChange.number))]


def test_an_officer_corrects_spelling_at_once_and_asks_for_the_rest(world: World) -> None:
    code, client = taken_in(world, email="nha@vidu.vn")
    before = only_family(world.app)
    changes = {"name-0": "Thạch Thị Sa Rươi", "relation-1": "sibling", "address": "Ấp Hòn Me B", "birth-1": "3/2/1950"}
    assert as_officer(world, code, **changes).status_code == 302
    family = only_family(world.app)
    assert (family.name, family.address) == ("Gia đình bà Thạch Thị Sa Rươi", "Ấp Hòn Me B")
    assert family.members[0].name == "Thạch Thị Sa Rươi"
    assert (family.members[1].relation, family.members[1].born_on) == ("sibling", before.members[1].born_on)
    assert {entry[2][0] for entry in entries(world) if entry[0] == "tai-nang"} == {"Thạch Thị Sa Rươi"}
    assert states(world) == ["approved", "waiting"]
    page = words(client.get("/family/changes"))
    assert "Ngày sinh – Danh Chung 1950 3/2/1950" in page and "Chờ Ban Tổ chức" in page
    assert office(world, code, 2, deed="approve").status_code == 302
    assert str(only_family(world.app).members[1].born_on) == "1950-02-03"
    assert kinds(world)[-4:] == ["change.asked", "change.decided", "change.asked", "change.decided"]
    with world.app.app_context(), reading():
        subjects = db.session.scalars(select(OutboxMail.subject))
        assert Counter(subjects)["Đã thay đổi hồ sơ của gia đình"] == 1


def test_a_swap_of_people_and_contests_goes_through_the_organiser(world: World) -> None:
    """The child leaves, a grandmother comes and enters another contest; the pass is the same; then it is undone."""
    code, client = taken_in(world)
    with world.app.app_context(), reading():
        card = queries.family_pass(only_family(world.app).id)
    asked = form_of(world, code, **GRANDMOTHER, **{"drop-2": "y", "tail": "0001"})
    assert post(client, "/family/changes", asked, page="/family/changes").status_code == 302
    before = entries(world)
    assert before[0] == ("tai-nang", "enrolled", ["Thạch Thị Sa Rươl", "Danh Minh Khôi"]) and len(before) == 2
    organiser = world.as_user(world.organiser)
    assert "Có 1 yêu cầu thay đổi hồ sơ đã duyệt" in words(organiser.get("/office/registrations"))
    listed = words(organiser.get("/office/registrations/changes"))
    assert "gia đình, qua liên kết" in listed and "ghi nhầm" in listed
    page = words(organiser.get(f"/office/registrations/{code}/changes"))
    assert "Phần thi Thi nấu ăn: gia đình dự thi thêm, đoàn còn 4 chỗ" in page
    assert "Bớt người Danh Minh Khôi (không)" in page and "Thêm người (không) Thạch Thị Sáu" in page
    assert office(world, code, deed="approve").status_code == 302
    assert entries(world) == [
        ("tai-nang", "enrolled", ["Thạch Thị Sa Rươl"]),
        ("nau-an", "enrolled", ["Thạch Thị Sáu"]),
        ("the-thao", "proposed", ["Danh Chung"]),
    ]
    with world.app.app_context(), reading():
        again = queries.family_pass(only_family(world.app).id)
        assert card and again and card.id == again.id
        rows = db.session.execute(select(Contest.code, ContestPlace.taken).join(ContestPlace))
        taken = {row.code: row.taken for row in rows}
        assert taken == {"tai-nang": 1, "nau-an": 1, "the-thao": 1}
    assert [(one.name, one.out) for one in only_family(world.app).members][2:] == [
        ("Thạch Thị Sáu", False), ("Danh Minh Khôi", True),
    ]  # fmt: skip
    assert office(world, code, deed="undo", reason=" ").status_code == 400
    assert office(world, code, deed="undo", reason="bà không đến được").status_code == 302
    assert entries(world) == [
        before[0],
        ("nau-an", "withdrawn", []),
        ("the-thao", "proposed", ["Danh Chung"]),
    ]
    assert states(world) == ["undone"]
    assert [(one.name, one.out) for one in only_family(world.app).members] == [
        ("Thạch Thị Sa Rươl", False), ("Danh Chung", False), ("Danh Minh Khôi", False), ("Thạch Thị Sáu", True),
    ]  # fmt: skip


def test_the_family_asks_even_for_a_spelling_and_takes_it_back(world: World) -> None:
    code, client = taken_in(world)
    asked = form_of(world, code, **{"name-0": "Thạch Thị Sa Rươi"})
    wrong = post(client, "/family/changes", asked | {"tail": "9999"}, page="/family/changes")
    assert wrong.status_code == 422 and 'value="Thạch Thị Sa Rươi"' in wrong.text
    assert post(client, "/family/changes", asked | {"tail": "0001"}, page="/family/changes").status_code == 302
    assert only_family(world.app).members[0].name == "Thạch Thị Sa Rươl" and states(world) == ["waiting"]
    again = form_of(world, code, **{"name-1": "Danh Chunh", "tail": "0001"})
    second = post(client, "/family/changes", again, page="/family/changes")
    assert second.status_code == 409 and "Gia đình đã có một yêu cầu đang chờ" in words(second)
    assert 'value="Danh Chunh"' in second.text
    assert post(client, "/family/changes/1", {"tail": "0001"}, page="/family/changes").status_code == 302
    assert post(client, "/family/changes/1", {"tail": "0001"}, page="/family/changes").status_code == 409
    assert states(world) == ["taken_back"]
    assert post(client, "/family/changes", again | {"version": str(only_family(world.app).version)}, page="/family/changes").status_code == 302  # fmt: skip


def test_refused_with_a_reason_everything_stays(world: World) -> None:
    code, client = taken_in(world)
    assert as_officer(world, code, **{"birth-1": "1951"}).status_code == 302
    assert office(world, code, deed="refuse", reason="").status_code == 400
    assert office(world, code, deed="refuse", reason="giấy tờ ghi 1950").status_code == 302
    assert only_family(world.app).members[1].birth_year == 1950
    assert "giấy tờ ghi 1950" in words(client.get("/family/changes"))
    assert office(world, code, deed="approve").status_code == 409
    assert office(world, code, deed="erase").status_code == 400


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name-0": ""}, "Chưa ghi họ và tên"),
        ({"birth-0": "31/2/1984"}, "Không có ngày 31/2/1984"),
        ({"relation-0": "spouse"}, "Gia đình cần đúng một người đại diện"),
        ({"relation-0": "king"}, "Hãy chọn quan hệ"),
        ({"sex-0": ""}, "Hãy chọn nam hoặc nữ"),
        ({"needs-0": "x" * 301}, "Dài quá 300 ký tự"),
        ({"why": " "}, "Hãy ghi lý do thay đổi"),
        ({"why": "x" * 601}, "Dài quá 600 ký tự"),
        ({}, "Chưa có gì khác với hồ sơ đang có"),
        ({"drop-1": "y", "drop-2": "y"}, "Gia đình cần ít nhất 2 thành viên, hiện có 1"),
        ({**GRANDMOTHER, "agree-3": ""}, "Thạch Thị Sáu chưa đồng ý tham gia"),
        ({"birth-1": "2012"}, "Danh Chung dưới 16 tuổi: cần cha, mẹ hoặc người giám hộ đồng ý"),
        ({"phone": "123"}, "số"),
    ],
)
def test_what_is_wrong_is_said_and_stays_typed(world: World, changes: dict[str, object], said: str) -> None:
    code, _client = taken_in(world)
    answer = as_officer(world, code, **changes)
    assert answer.status_code in (400, 422) and said in words(answer), words(answer)[:1500]
    assert states(world) == []


def test_an_older_page_is_told_and_another_delegation_finds_nothing(world: World) -> None:
    code, _client = taken_in(world)
    old = form_of(world, code, **{"name-1": "Danh Chunh"})
    assert as_officer(world, code, address="Ấp 9").status_code == 302
    page = f"/delegation/{world.hon_dat}/families/{code}/changes"
    late = post(world.as_user(world.officer), page, old, page=page)
    assert late.status_code == 409 and "Có người vừa thay đổi trước" in words(late)
    stranger = world.as_user(world.other_officer)
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"/delegation/{world.kien_luong}/families/{code}/changes").status_code == 404
    assert world.as_user(world.officer).get(f"/office/registrations/{code}/changes").status_code == 403


def test_a_closed_contest_a_withdrawn_family_a_full_contest(make_world: Callable[..., World]) -> None:
    world = make_world(entries=1)
    code, client = taken_in(world, 1)
    assert as_officer(world, code, **{"contests-1": ["the-thao", "nau-an"]}).status_code == 302
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "nau-an").values(state=ContestState.LOCKED))
    closed = office(world, code, deed="approve")
    assert closed.status_code == 409 and "Phần thi Thi nấu ăn đã khóa" in words(closed)
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "nau-an").values(state=ContestState.OPEN))
    members = tuple(replace(one, contests=("nau-an",)) for one in household(2).members)
    other = register(world, household(2, members=members))
    approve(world, other.family_id)
    full = office(world, code, deed="approve")
    assert full.status_code == 409 and "Phần thi Thi nấu ăn: đoàn đã đủ 1 theo chỉ tiêu" in words(full)
    with world.app.app_context(), transaction():
        decisions.withdraw_family(world.rules(), families.family_by_code(code), None, "link", "link")
    gone = office(world, code, deed="approve")
    assert gone.status_code == 409 and "Gia đình đã rút khỏi ngày hội" in words(gone)
    assert "Trang này đổi hồ sơ đã duyệt" in words(client.get("/family/changes"))
    assert states(world) == ["waiting"]


def test_what_was_changed_meanwhile_in_the_same_place_is_named(world: World) -> None:
    code, _client = taken_in(world)
    assert as_officer(world, code, **{"birth-1": "1951"}).status_code == 302
    with world.app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.name == "Danh Chung").values(birth_year=1952))
    clash = office(world, code, deed="approve")
    assert clash.status_code == 409 and "Ngày sinh – Danh Chung: “1952” thành “1951”" in words(clash)


@pytest.mark.both_databases
def test_of_two_requests_at_once_one_waits_and_of_two_decisions_one_counts(world: World) -> None:
    """Both looked before either wrote: the constraint and the conditional statement hold it, not the look."""
    code, _client = taken_in(world)

    def ask() -> object:
        family = families.family_by_code(code)
        home = deciding.household_now(world.rules(), family)
        one = replace(home, members=(home.members[0], replace(home.members[1], birth=Birth(1951)), home.members[2]))
        try:
            return deciding.ask(world.rules(), family, family.version, one, "nhầm", "officer", world.officer)
        except (Conflict, Overtaken) as refused:
            db.session.rollback()
            return refused

    outcomes = Counter(type(each).__name__ for each in race(world.app, 4, ask))
    assert outcomes["AskedNow"] == 1 and states(world) == ["waiting"]

    def decide() -> object:
        change = db.session.scalars(select(FamilyChange)).one()
        try:
            deciding.approve(world.rules(), change, world.organiser)
        except (Conflict, Overtaken) as refused:
            db.session.rollback()
            return refused
        return "done"

    assert race(world.app, 4, decide).count("done") == 1
    assert kinds(world).count("change.decided") == 1 and states(world) == [ChangeState.APPROVED.value]


@pytest.mark.both_databases
def test_looking_first_and_deciding_then_decides_twice(world: World) -> None:
    """The naive control: both see that it waits, both write."""
    code, _client = taken_in(world)
    assert as_officer(world, code, **{"birth-1": "1951"}).status_code == 302
    looked, wrote = threading.Barrier(4), []

    def naive() -> None:
        with world.app.app_context():
            with reading():
                waits = db.session.scalar(select(FamilyChange.state)) is ChangeState.WAITING
            looked.wait(30)
            if waits:
                with transaction():
                    db.session.execute(update(FamilyChange).values(state=ChangeState.APPROVED, decided_at=now()))
                wrote.append(True)
            db.session.remove()

    threads = [threading.Thread(target=naive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wrote) > 1
