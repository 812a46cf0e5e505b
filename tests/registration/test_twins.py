"""The same people registered twice: held on every road, shown side by side, settled by a person, never approved before."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from festival.core.births import Birth
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.registration import changing, decisions, registering
from festival.registration.guarding import resembling
from festival.registration.models import HeldDecision, HeldRegistration
from festival.registration.officer.settling import Settled, settle
from festival.registration.outcomes import NotLookedAt, Registered
from festival.roster import delegations, families, views
from festival.roster.household import Household
from festival.roster.models import Family, FamilyState, Origin, Person
from festival.roster.outcomes import Done
from festival.roster.searching.twins import home_of
from tests.registration.conftest import World, household
from tests.registration.pages_kit import post, token_of, typed_family, upload, with_link, words
from tests.registration.registered import approve, count, race, register
from tests.registration.test_workbook import excel

pytestmark = pytest.mark.either_database

ROW = ["Người đại diện", "Nam", "14/6/1984", "0912340301", "Ấp Hòn Me", "", "", "x", "", "", "", ""]
FIRST = [
    ["1", "Lý Văn Đuợc", *ROW],
    ["1", "Trịnh Thị Duyên", "Vợ hoặc chồng", "Nữ", "2/3/1986", "", "", "", "", "x", "", "", "", ""],
    ["1", "Lý Gia Bách", "Con", "Nam", "9/1/2014", "", "", "", "Trịnh Thị Duyên", "x", "x", "", "x", ""],
]
RESPELT = [["1", "Lý Văn Được", *ROW], *FIRST[1:]]


def elsewhere(number: int = 1, **changes: object) -> Household:
    """The same people with another phone and another head."""
    home = household(number, phone="0977777777", **changes)
    mother, father, *rest = home.members
    return replace(
        home, members=(replace(father, relation=mother.relation), replace(mother, relation=father.relation), *rest)
    )


def holds(world: World) -> list[tuple[int, int | None, str, str | None]]:
    with world.app.app_context(), reading():
        row = HeldRegistration
        query = select(row.family_id, row.beside_id, row.why, row.decision).order_by(row.id)
        return [tuple(each) for each in db.session.execute(query)]


def say(world: World, family_id: int, decision: str, *, merge: bool = False) -> Settled | None:
    with world.app.app_context(), transaction():
        family = families.family_by_id(family_id)
        return settle(world.rules(), family, HeldDecision(decision), world.organiser, "office", merge=merge)


def confirm(world: World, rows: list[list[str]]) -> str:
    """Upload, read back, confirm; what the read-back said."""
    officer = world.as_user(world.officer)
    preview = upload(officer, world, excel(rows))
    action = re.search(r'action="(/delegation/[^"]+/import/[^"]+)"', preview.text)
    assert action
    assert officer.post(action[1], data={"csrf_token": token_of(preview)}).status_code == 302
    return words(preview)


def test_a_file_with_the_heads_spelling_corrected(world: World) -> None:
    confirm(world, FIRST)
    with world.app.app_context(), reading():
        first = db.session.scalars(select(Family.id)).one()
    officer = world.as_user(world.officer)
    preview = words(upload(officer, world, excel(RESPELT)))
    assert "Có lẽ trùng với Gia đình ông Lý Văn Đuợc, đã đăng ký" in preview
    assert "Trịnh Thị Duyên, 2/3/1986" in preview, "its people stand beside, before anything is written"
    assert count(world, Family) == 1
    confirm(world, RESPELT)
    assert "Có 1 việc cần cán bộ xem" in words(officer.get(f"/delegation/{world.hon_dat}"))
    with world.app.app_context(), reading():
        second = db.session.scalars(select(Family.id).where(Family.id != first)).one()
    assert holds(world) == [(second, first, "twin_certain", None)]
    page = words(officer.get(f"/delegation/{world.hon_dat}/look"))
    assert "Lý Văn Được: cùng tên, cùng ngày sinh" in page and "Cùng số điện thoại" in page
    assert "Hai nhà khác nhau" in page and "Gộp vào hồ sơ đã có" in page
    for family_id in (first, second):
        with world.app.app_context(), transaction():
            rules = world.rules()
            item = families.family_by_id(family_id)
            changing.submit_families(rules, registering_views(rules, item))
        assert approve(world, family_id, 2) == NotLookedAt()


def registering_views(rules: object, family: Family) -> list[object]:
    return list(views.views([family], rules))  # type: ignore[arg-type]


def test_two_in_one_file(world: World) -> None:
    other = [["2", "Lý Văn Được", *ROW[:3], "0987654321", *ROW[4:]], *[["2", *row[1:]] for row in FIRST[1:2]]]
    other[1][4] = "1986"
    told = confirm(world, [*FIRST, *other])
    assert "Có lẽ trùng với gia đình số 1 trong cùng tệp" in told
    ((family_id, beside, why, decision),) = holds(world)
    assert (family_id > (beside or 0), why, decision) == (True, "twin_certain", None)


def test_another_phone_and_another_head_by_the_familys_form(world: World) -> None:
    first, second = register(world, household(1)), register(world, elsewhere(1))
    assert holds(world) == [(second.family_id, first.family_id, "twin_certain", None)]
    assert [approve(world, each.family_id) for each in (first, second)] == [NotLookedAt(), NotLookedAt()]
    assert register(world, household(40)).code
    assert len(holds(world)) == 1, "others are not touched"


def test_a_namesake_costs_one_tap_and_is_remembered(world: World) -> None:
    first = register(world, household(1))
    same_day = replace(household(1).members[0], contests=())
    other = household(40)
    second = register(world, replace(other, members=(same_day, *other.members[1:])))
    assert holds(world) == [(second.family_id, first.family_id, "twin_probable", None)]
    assert approve(world, first.family_id) == Done(2), "only a certain twin keeps the earlier one waiting"
    officer = world.as_user(world.officer)
    look = f"/delegation/{world.hon_dat}/look"
    assert "Cũng có thể chỉ là người trùng tên" in words(officer.get(look))
    assert post(officer, f"{look}/{second.code}", {"decision": "new"}, page=look).status_code == 302
    change = {"address": "Ấp Mới", "version": "1", "tail": other.phone[-4:]}
    client = with_link(world, second.link)
    assert post(client, "/family/change", change, page="/family/registration").status_code == 302
    assert [each[3] for each in holds(world)] == ["new"], "it is not asked again"
    assert approve(world, second.family_id, 2) == Done(3)


def test_the_officer_who_types_is_told_and_may_correct(world: World) -> None:
    register(world, household(1))
    officer = world.as_user(world.officer)
    typed = typed_family(**{"members-0-birth": "3/2/1986"})
    first = post(officer, f"/delegation/{world.hon_dat}/families/new", typed)
    assert first.status_code == 302
    typed["phone"], typed["form_key"] = "0912 999 888", "k2"
    assert post(officer, f"/delegation/{world.hon_dat}/families/new", typed).status_code == 302
    assert "có lẽ trùng với một hồ sơ đã có" in words(officer.get(f"/delegation/{world.hon_dat}"))
    last = holds(world)[-1][0]
    assert holds(world)[-1][2:] == ("twin_certain", None)
    with world.app.app_context(), reading():
        family = families.family_by_id(last)
        codes, code = [person.code for person in family.members], family.code
    edit = f"/delegation/{world.hon_dat}/families/{code}"
    corrected = typed | {f"members-{at}-code": each for at, each in enumerate(codes)} | {"version": "1"}
    corrected |= {f"members-{at}-name": f"Trần Thị {word}" for at, word in enumerate(("Hoa", "Huệ", "Lan"))}
    corrected["members-2-guardian"] = "Trần Thị Hoa"
    assert post(officer, edit, corrected).status_code == 302
    assert last not in [each[0] for each in holds(world)], "no longer alike, no longer held"


def test_a_correction_by_the_link_makes_twins_and_its_sender_is_not_told(world: World) -> None:
    known, probing = register(world, household(1)), register(world, household(40))
    client = with_link(world, probing.link)
    with world.app.app_context(), reading():
        people = [person.code for person in families.family_by_id(probing.family_id).members]
    change: dict[str, object] = {"version": "1", "tail": household(40).phone[-4:]}
    for code, member in zip(people, household(1).members, strict=True):
        change |= {f"{code}-name": member.name, f"{code}-birth": str(member.birth)}
    assert post(client, "/family/change", change, page="/family/registration").status_code == 302
    assert "trùng" not in words(client.get("/family/registration"))
    assert holds(world) == [(probing.family_id, known.family_id, "twin_certain", None)]


def test_restoring_a_withdrawn_family_looks_again(world: World) -> None:
    first = register(world, household(1))
    with world.app.app_context(), transaction():
        decisions.withdraw_family(world.rules(), families.family_by_id(first.family_id), None, "office")
    second = register(world, elsewhere(1))
    assert holds(world) == [], "a withdrawn family is nobody's twin"
    with world.app.app_context(), transaction():
        decisions.restore_family(world.rules(), families.family_by_id(first.family_id), 2, "nhầm", None)
    assert holds(world) == [(first.family_id, second.family_id, "twin_certain", None)]


def test_merging_keeps_one_takes_over_and_can_be_undone(world: World) -> None:
    home = household(1)
    first = register(world, replace(home, members=home.members[:2]))
    second = register(world, elsewhere(1, email="nha@example.vn"))
    officer, look = world.as_user(world.officer), f"/delegation/{world.hon_dat}/look"
    assert post(officer, f"{look}/{second.code}", {"decision": "merge"}, page=look).status_code == 302
    said = words(officer.get(look))
    assert "đã gộp" in said and "nha@example.vn" in said and "Thêm người: Danh Minh Khôi" in said
    with world.app.app_context(), reading():
        kept, gone = families.family_by_id(first.family_id), families.family_by_id(second.family_id)
        assert (kept.state, kept.email, [person.name for person in kept.members]) == (
            FamilyState.SUBMITTED, "nha@example.vn", [member.name for member in home.members],
        )  # fmt: skip
        assert (gone.state, len(gone.members)) == (FamilyState.WITHDRAWN, 3)
        agreed = {consent.purpose for consent in kept.members[2].consents}
        assert {str(each) for each in agreed} == {"taking_part", "child_own"}
        version = gone.version
    assert approve(world, first.family_id, 2) == Done(3)
    with world.app.app_context(), transaction():
        outcome = decisions.restore_family(
            world.rules(), families.family_by_id(second.family_id), version, "nhầm", None
        )
        assert isinstance(outcome, Done)
    assert holds(world)[-1] == (second.family_id, first.family_id, "twin_certain", None)


def test_merging_into_an_approved_one_takes_nothing_over(world: World) -> None:
    first = register(world, household(1))
    assert approve(world, first.family_id) == Done(2)
    second = register(world, elsewhere(1, email="nha@example.vn"))
    assert say(world, second.family_id, "same", merge=True) == Settled()
    with world.app.app_context(), reading():
        assert families.family_by_id(first.family_id).email == ""


def test_of_another_delegation_the_officer_sees_no_people(world: World) -> None:
    with world.app.app_context(), transaction():
        there = delegations.delegation_by_code(world.kien_luong)
        registering.register_family(
            world.rules(), there, replace(household(1), address="Số 7 chợ Ba Hòn"), Origin.OFFICER
        )
    register(world, elsewhere(1))
    officer = world.as_user(world.officer)
    page = words(officer.get(f"/delegation/{world.hon_dat}/look"))
    assert ("Hồ sơ của đoàn khác" in page, "chợ Ba Hòn" in page, "Gộp vào" in page) == (True, False, False)
    known = household(1).members
    kinds = (("Người đại diện", "Nữ"), ("Vợ hoặc chồng", "Nam"))
    rows = [
        ["1", each.name, *kinds[at], str(each.birth), "0911111111" if at == 0 else "", *[""] * 8]
        for at, each in enumerate(known[:2])
    ]
    told = words(upload(officer, world, excel(rows)))
    assert "Có lẽ trùng với" in told


@pytest.mark.both_databases
def test_two_twins_at_the_same_moment(world: World) -> None:
    homes = iter([household(1), elsewhere(1)])
    lock = threading.Lock()

    def send() -> object:
        with lock:
            home = next(homes)
        return registering.register_family(world.rules(), world.delegation(), home, Origin.FAMILY, submit=True)

    outcomes = race(world.app, 2, send)
    assert Counter(type(each) for each in outcomes) == {Registered: 2}
    assert [each[2:] for each in holds(world)] == [("twin_certain", None)]


@pytest.mark.both_databases
def test_looking_before_writing_holds_neither(world: World) -> None:
    """The naive control: who asks first, in another transaction, sees none of two that came at the same moment."""
    looked = threading.Barrier(2)
    found = []

    def naive(home: Household) -> None:
        with world.app.app_context():
            with reading():
                rules, delegation = world.rules(), world.delegation()
                own = home_of(home, delegation.id)
                found.append(resembling.beside_of(rules.festival.id, [own]))
            looked.wait()
            db.session.remove()

    threads = [threading.Thread(target=naive, args=(home,)) for home in (household(1), elsewhere(1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[None], [None]]


def test_the_commands_list_and_settle(world: World) -> None:
    first, second = register(world, household(1)), register(world, elsewhere(1))
    run = world.app.test_cli_runner()
    listed = run.invoke(args=["registration", "look"])
    assert (listed.exit_code, second.code in listed.output, first.code in listed.output) == (0, True, True)
    assert run.invoke(args=["registration", "settle", second.code]).exit_code == 1
    assert run.invoke(args=["registration", "settle", first.code, "--new"]).exit_code == 1
    done = run.invoke(args=["registration", "settle", second.code, "--new"])
    assert (done.exit_code, [each[3] for each in holds(world)]) == (0, ["new"])
    assert approve(world, first.family_id) == Done(2)
    assert "vốn đang mở" in run.invoke(args=["registration", "open-link", first.code]).output


@pytest.mark.both_databases
def test_statements_do_not_grow_with_the_families_of_a_file(world: World) -> None:
    """20 or 150 families are looked at with the same number of statements (one more for each 500 names)."""

    def statements(start: int, number: int) -> int:
        homes = [(numbered(at), None) for at in range(start, start + number)]
        counted: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            counted.append(statement)

        with world.app.app_context(), transaction():
            made = registering.register_families(world.rules(), world.delegation(), homes, Origin.EXCEL)
            db.session.flush()
            event.listen(db.engine, "before_cursor_execute", note)
            try:
                assert resembling.look(world.rules(), [each.family_id for each in made]) == []
            finally:
                event.remove(db.engine, "before_cursor_execute", note)
        return len(counted)

    assert statements(1, 20) == statements(100, 150)


@pytest.mark.both_databases
def test_many_namesakes_hide_no_twin_and_cost_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are near, the one that shares the most people is compared."""
    monkeypatch.setattr(resembling, "MOST_NEAR", 3)
    first = register(world, household(1))
    for at in range(12):
        namesake = replace(household(1).members[1], contests=())
        register(world, replace(numbered(100 + at), members=(*numbered(100 + at).members[:1], namesake)))
    second = register(world, elsewhere(1))
    assert (second.family_id, first.family_id, "twin_certain", None) in holds(world)


def numbered(at: int) -> Household:
    """A family whose names are its own."""
    home = household(at)
    words_ = ["Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười"]
    tail = " ".join(words_[int(digit)] for digit in f"{at:04o}")
    return replace(
        home, members=tuple(replace(each, name=f"{each.name} {tail}", birth=Birth(1980)) for each in home.members)
    )


@pytest.mark.both_databases
def test_candidates_come_out_of_the_index(world: World, tmp_path: Path) -> None:
    with world.app.app_context(), reading():
        query = select(Person.family_id).where(Person.festival_id == 1, Person.folded.in_(["danh chung", "danh"]))
        if db.engine.dialect.name == "sqlite":
            plan = db.session.execute(
                func_explain(str(query.compile(db.engine, compile_kwargs={"literal_binds": True})))
            ).all()
            assert "ix_person_folded" in str(plan)
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def func_explain(statement: str) -> object:
    return text("EXPLAIN QUERY PLAN " + statement)
