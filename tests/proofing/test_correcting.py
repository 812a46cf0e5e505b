"""Is what was corrected by pen typed in once and true everywhere, and does nobody's correction get lost?"""

from __future__ import annotations

import html
import re
import threading

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.editions.models import Festival
from festival.programme.lines import programme_lines
from festival.proofing import correcting
from festival.proofing.correcting import TypedNames
from festival.proofing.names import NameKind, ProofState
from festival.registration import renaming
from festival.roster.models import Entry, EntryState, Family, Person
from festival.schedule.models import Plan
from tests.proofing.conftest import Reception, lacks
from tests.registration.pages_kit import post, words
from tests.registration.registered import race

pytestmark = pytest.mark.either_database


def boxes(reception: Reception) -> dict[str, str]:
    """The page as it stands, box by box."""
    page = reception.desk().get(f"{reception.address}/corrections").text
    found = re.findall(r'<input class="input" id="n\d+" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def box_of(reception: Reception, text: str) -> str:
    return next(name for name, value in boxes(reception).items() if value == text)


def send(reception: Reception, typed: dict[str, str]) -> TestResponse:
    return post(reception.desk(), f"{reception.address}/corrections", dict(typed))


def correct(reception: Reception, typed: dict[str, str]) -> TypedNames:
    with reception.app.app_context(), transaction():
        return correcting.correct(reception.world.delegation().id, typed, reception.world.organiser)


def differences() -> list[tuple[str, str]]:
    with seals.snapshot():
        return [(each.table, each.column) for name, each in seals.inspect().named() if name == "registration"]


def test_a_correction_is_true_everywhere_and_only_what_was_typed_otherwise_is_written(reception: Reception) -> None:
    with reception.app.app_context(), transaction():
        # a programme that was published with the old name
        entry = db.session.scalars(select(Entry).where(Entry.title != "", Entry.state == EntryState.ENROLLED)).one()
        at = now()
        act = {
            "act": 1, "entry": entry.code, "number": 1, "name": entry.name, "title": entry.title, "unit": "huyện Hòn Đất",
            "contest": "tai-nang", "contest_name": "Gia đình tài năng", "stage": "san-chinh", "stage_name": "Sân chính",
            "session": 1, "position": 1, "starts_at": at.isoformat(), "duration_min": 15,
        }  # fmt: skip
        plan = Plan(
            festival_id=entry.delegation.festival_id, version=1, content={"acts": [act]}, published_at=at, note=""
        )
        db.session.add(plan)
        family_id, before = entry.family_id, entry.name
    typed = boxes(reception)
    assert "Danh Trưởng" in typed.values() and before not in typed.values(), (
        "a family is called after its representative"
    )
    head = next(name for name in before.split("Gia đình bà ")[1:])
    team = reception.name(NameKind.ENTRY, "Đoàn huyện Hòn Đất")
    changes = {
        box_of(reception, head): "  Thạch  Thị Sa Rươn ",
        box_of(reception, "Danh Trưởng"): "Danh Ô",
        box_of(reception, "Điệu múa Rom Vong"): "Điệu múa Rom Vông",
        correcting.box(team): "Đội Hòn Đất",
    }
    answer = send(reception, typed | changes)
    assert answer.status_code == 303, words(answer)
    texts = {each.text for each in reception.proof().names}
    assert {"Gia đình bà Thạch Thị Sa Rươn", "Thạch Thị Sa Rươn", "Danh Ô", "Điệu múa Rom Vông", "Đội Hòn Đất"} <= texts
    assert not {before, head, "Danh Trưởng"} & texts
    assert lacks(reception) == {()}
    with reception.app.app_context():
        with reading():
            family = db.session.get_one(Family, family_id)
            assert (family.name, family.folded) == ("Gia đình bà Thạch Thị Sa Rươn", "gia dinh ba thach thi sa ruon")
            assert {each.name for each in family.entries if each.state.value == "enrolled"} == {family.name}
            (line,), _calls = programme_lines(db.session.scalars(select(Plan)).one())
            assert line.name == family.name
            kinds = list(db.session.scalars(select(ledger.LedgerEntry.kind).order_by(ledger.LedgerEntry.seq)))
            assert sorted(kinds[-4:]) == ["delegation.led", "entry.renamed", "entry.retitled", "registration.renamed"]
        assert differences() == []
        with transaction():
            db.session.execute(update(Entry).where(Entry.name == "Đội Hòn Đất").values(name="Đội khác"))
        assert differences() == [("entry", "name")]


def test_typed_wrongly_it_is_corrected_again_and_then_proofed(reception: Reception) -> None:
    reception.signed()
    for before, after in (("Danh Minh Khôi", "Danh Minh Khoi"), ("Danh Minh Khoi", "Danh Minh Khôi")):
        assert correct(reception, {box_of(reception, before): after}).written == 1
    assert reception.proof().state is ProofState.SIGNED
    assert correct(reception, {box_of(reception, "Danh Minh Khôi"): "Danh Minh Khoa"}).written == 1
    assert reception.proof().state is ProofState.CHANGED
    reception.signed()
    assert reception.proof().state is ProofState.SIGNED


def test_a_page_that_refuses_keeps_what_was_typed_and_names_the_box(reception: Reception) -> None:
    typed = boxes(reception)
    good, bad = box_of(reception, "Danh Trưởng"), box_of(reception, "Danh Minh Khôi")
    team = correcting.box(reception.name(NameKind.ENTRY, "Đoàn huyện Hòn Đất"))
    for wrong in ("Danh 3 <b>", "", "Đ" * 81):
        answer = send(reception, typed | {good: "Danh Ô", bad: wrong, team: " "})
        said = words(answer)
        assert answer.status_code == 422 and "Đội cần có tên." in said and "Số 6, Con" in said, said
        assert 'value="Danh Ô"' in answer.text and 'aria-invalid="true"' in answer.text
    assert boxes(reception) == typed
    # nothing typed otherwise, and boxes that are none: nothing is written
    assert send(reception, typed).status_code == 303
    assert correct(reception, {"n.member.NOBODY.00000000": "Ai Đó"}).gone == ["Ai Đó"]
    assert correct(reception, {"n.family.x": "A", "other": "B"}) == TypedNames()
    assert boxes(reception) == typed


@pytest.mark.both_databases
def test_the_second_of_two_is_told_beside_what_was_typed_and_nothing_is_lost(reception: Reception) -> None:
    seen = boxes(reception)
    khoi = box_of(reception, "Danh Minh Khôi")
    chung = box_of(reception, "Danh Chung")
    assert correct(reception, {khoi: "Danh Minh Khoa"}).written == 1
    answer = send(reception, seen | {khoi: "Danh Minh Khuê", chung: "Danh Chúng"})
    said = words(answer)
    assert answer.status_code == 409 and "Người khác vừa sửa thành «Danh Minh Khoa»" in said
    assert 'value="Danh Minh Khuê"' in answer.text and 'value="Danh Chúng"' in answer.text
    texts = {each.text for each in reception.proof().names}
    assert {"Danh Minh Khoa", "Danh Chung"} <= texts and not {"Danh Minh Khuê", "Danh Chúng"} & texts
    # who saves the page that was shown decides knowingly; other boxes of an old page write nothing back
    again = dict(re.findall(r'<input class="input" id="n\d+" name="([^"]+)" value="([^"]*)"', answer.text))
    assert send(reception, {name: html.unescape(value) for name, value in again.items()}).status_code == 303
    assert {"Danh Minh Khuê", "Danh Chúng"} <= {each.text for each in reception.proof().names}
    # two people, two names: both are kept, though both pages showed both old names
    seen = boxes(reception)
    one, two = box_of(reception, "Danh Minh Khuê"), box_of(reception, "Danh Chúng")
    assert send(reception, seen | {one: "Danh Minh Khánh"}).status_code == 303
    assert send(reception, seen | {two: "Danh Chương"}).status_code == 303
    assert {"Danh Minh Khánh", "Danh Chương"} <= {each.text for each in reception.proof().names}


@pytest.mark.both_databases
def test_of_four_corrections_of_one_name_at_once_one_is_written(reception: Reception) -> None:
    box = box_of(reception, "Danh Trưởng")
    with reception.app.app_context(), reading():
        delegation_id = reception.world.delegation().id
    wanted = iter(["Danh Một", "Danh Hai", "Danh Ba", "Danh Bốn"])
    lock = threading.Lock()

    def act() -> str:
        with lock:
            name = next(wanted)
        try:
            typed = correcting.correct(delegation_id, {box: name}, None)
        except Overtaken:
            return "late"
        return "late" if typed.overtaken else "written"

    assert sorted(map(str, race(reception.app, 4, act))) == ["late", "late", "late", "written"]


def test_a_name_that_changed_after_it_was_read_is_not_written_over(reception: Reception) -> None:
    """The naive control writes by key alone, and takes the other's correction away."""
    person = reception.name(NameKind.MEMBER, "Danh Minh Khôi")

    def naive() -> bool:
        changed = update(Person).where(Person.code == person.code).values(name="Danh Minh Khuê").returning(Person.id)
        return db.session.scalar(changed) is not None

    def ours() -> bool:
        festival = db.session.scalars(select(Festival)).one()
        return renaming.rename_person(festival, person.code, person.text, "Danh Minh Khuê", None)

    for write, wrote, left in ((ours, False, "Danh Minh Khoa"), (naive, True, "Danh Minh Khuê")):
        with reception.app.app_context(), transaction():
            db.session.execute(update(Person).where(Person.code == person.code).values(name="Danh Minh Khoa"))
            assert write() is wrote
            db.session.expire_all()
            assert db.session.scalar(select(Person.name).where(Person.code == person.code)) == left
