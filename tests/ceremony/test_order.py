"""Is the order of the ceremony what the organiser wrote, with a way back of each step, and does it tell nothing that was not released?"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.ceremony.order import writing
from festival.ceremony.order.models import CeremonyOrder, CeremonyPart
from festival.ceremony.order.reading import greeted
from festival.consent.agreements import give
from festival.consent.models import Consent, ConsentPurpose
from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.editions.queries import the_festival
from festival.results.models import Award
from festival.roster.models import Entry, EntryPerson, Person
from tests.ceremony.order_cast import award_code, awards, order_sealed, version, with_guests
from tests.ceremony.reveal_cast import begun, evening_cast, slides_of, step_to
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database
OPENING, CLOSING = CeremonyPart.OPENING, CeremonyPart.CLOSING
ROOT = "/office/ceremony"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return evening_cast()


def office(app: Flask, panel: Panel) -> Desk:
    return Desk(app, panel.users["organiser"])


def whats(app: Flask, part: CeremonyPart) -> list[str]:
    with app.app_context(), reading():
        return [each.what for each in writing.agenda_of(the_festival().id, part)[0].standing]


def test_an_order_begins_with_the_usual_and_each_change_has_its_way_back(app: Flask, panel: Panel) -> None:
    desk = office(app, panel)
    assert "Chưa có mục nào" in desk.get(ROOT)
    desk.post(f"{ROOT}/usual", of="opening", was="0")
    usual = whats(app, OPENING)
    assert usual[0] == "Đón tiếp đại biểu và các đoàn" and len(usual) == 9
    assert "Đã có các mục rồi" in desk.post(f"{ROOT}/usual", 409, of="opening", was="1")
    desk.post(f"{ROOT}/begins", of="opening", begins="7h30", was="1")
    page = desk.get(ROOT)
    assert "<b>07:30</b>" in page and "<b>08:00</b>" in page and "9 mục, tất cả 95 phút" in page
    item = f"{ROOT}/items/opening"
    desk.post(f"{item}/3/move", to="1", was="2")
    assert whats(app, OPENING)[:2] == ["Chào cờ", usual[0]]
    desk.post(f"{item}/3/move", to="3", was="3")
    assert whats(app, OPENING) == usual
    desk.post(f"{item}/2/away", was="4")
    assert usual[1] not in whats(app, OPENING) and "Đưa lại" in desk.get(ROOT)
    desk.post(f"{item}/2/away", was="5", back="y")
    assert whats(app, OPENING)[-1] == usual[1]
    desk.post(f"{item}/0", what="Trao cờ luân lưu", minutes="5", who="Lãnh đạo tỉnh", was="6")
    desk.post(f"{item}/10", what="Trao cờ luân lưu", minutes="8", who="", was="7")
    assert "8 phút" in desk.get(ROOT) and "Lãnh đạo tỉnh" not in desk.get(ROOT)
    desk.post(f"{ROOT}/restore", of="opening", wanted="7", was="8")
    assert "Lãnh đạo tỉnh" in desk.get(ROOT)
    desk.post(f"{ROOT}/restore", of="opening", wanted="0", was="9")
    assert whats(app, OPENING) == []
    desk.post(f"{ROOT}/restore", 404, of="opening", wanted="99", was="10")
    assert order_sealed(app) == []


def test_bad_input_is_answered_on_the_page_and_nothing_typed_is_lost(app: Flask, panel: Panel) -> None:
    desk = office(app, panel)
    desk.post(f"{ROOT}/usual", of="closing", was="0")
    item = f"{ROOT}/items/closing"
    page = desk.post(f"{item}/0", 400, what="Tặng hoa", minutes="-5", note="bó lớn", was="1")
    assert "Ghi số phút bằng chữ số, từ 0 đến 240." in page and 'value="Tặng hoa"' in page and 'value="bó lớn"' in page
    assert "Ghi giờ bắt đầu theo kiểu 19:30" in desk.post(f"{ROOT}/begins", 400, of="closing", begins="tối", was="1")
    assert "vị trí vừa chọn không có" in desk.post(f"{item}/1/move", 400, to="99", was="1")
    for strange in ({"holds": "khac"}, {"entry": "khong-co"}):
        assert 'value="Tặng hoa"' in desk.post(f"{item}/0", 400, what="Tặng hoa", was="1", **strange)
    page = desk.post(f"{item}/1", 409, what="Đón khách", minutes="20", was="0")
    assert "Người khác vừa sửa phần này" in page and "Đón khách" in page
    for path in (f"{item}/99", f"{ROOT}/items/guests/1", f"{ROOT}/items/khac/0", f"{ROOT}/awards/khong-co"):
        desk.get(path, 404)
    assert version(app, CLOSING) == "1"
    for who in ("officer", "mc", "chair"):
        assert Desk(app, panel.users.get(who, panel.users["secretary"])).client.get(ROOT).status_code == 403


def test_who_is_absent_is_not_read_out_and_one_tap_brings_them_back(app: Flask, panel: Panel) -> None:
    with app.app_context():
        an, binh, chi = with_guests(panel)
    mc, desk = Desk(app, panel.users["mc"]), office(app, panel)

    def order() -> list[tuple[str, str]]:
        with app.app_context(), reading():
            return [(each.code, each.mark) for each in greeted(the_festival().id)]

    assert order() == [(an, ""), (binh, ""), (chi, "")]
    mc.post("/mc/guests/mark", absent=an)
    mc.post("/mc/guests/mark", absent=an)  # pressed twice
    desk.post("/mc/guests/mark", late=binh)
    assert order() == [(an, "absent"), (binh, "late"), (chi, "")]
    paper = " ".join(mc.get("/mc/guests.pdf").split())
    assert "Văn An" not in paper and paper.index("Danh Thị Chi") < paper.index("Lâm Thị Bình") < paper.index("đến muộn")
    page = mc.get("/mc/guests")
    assert "<s>đồng chí Nguyễn Văn An" in page and "2 người vắng hoặc đến muộn" in page
    mc.post("/mc/guests/mark", there=an)
    assert order() == [(an, ""), (binh, "late"), (chi, "")]
    desk.post("/mc/guests", guest=chi, to="1", was=version(app, CeremonyPart.GUESTS))
    assert [code for code, _mark in order()] == [chi, an, binh]
    assert "Chọn người hoặc đoàn trong danh sách" in desk.post(
        "/mc/guests", 400, guest=chi, to="9", was=version(app, CeremonyPart.GUESTS)
    )
    desk.post("/mc/guests", 400, guest="khong-co", to="1", was=version(app, CeremonyPart.GUESTS))
    desk.post("/mc/guests", own="y", was=version(app, CeremonyPart.GUESTS))
    assert [code for code, _mark in order()] == [an, binh, chi]
    mc.post("/mc/guests/mark", 404, absent="khong-co")
    mc.post("/mc/guests/mark", 400)
    assert mc.client.post("/mc/guests").status_code == 403
    Desk(app, panel.users["lan"]).post("/mc/guests/mark", 404, absent=an)
    assert order_sealed(app) == []


def test_delegations_come_up_in_their_order_for_a_keepsake(app: Flask, panel: Panel) -> None:
    desk = office(app, panel)
    page = desk.get(f"{ROOT}/keepsakes")
    codes = re.findall(r'id="k-([^"]+)"', page)
    names = re.findall(r'id="k-[^"]+"><b>([^<]+)</b>', page)
    assert len(codes) == 3 and page.count("chưa có người nhận") == 3
    kept = CeremonyPart.KEEPSAKES
    desk.post(f"{ROOT}/keepsakes", of=codes[2], to="1", was="0")
    assert re.findall(r'id="k-([^"]+)"', desk.get(f"{ROOT}/keepsakes")) == [codes[2], codes[0], codes[1]]
    desk.post(f"{ROOT}/keepsakes", of=codes[0], who="Bà Danh Thị Hai, phó trưởng đoàn", was=version(app, kept))
    desk.post(f"{ROOT}/keepsakes/mark", given=codes[1])
    desk.post(f"{ROOT}/keepsakes/mark", absent=codes[2])
    page = desk.get(f"{ROOT}/keepsakes")
    assert "nhận: Bà Danh Thị Hai" in page and "đã trao" in page and "vắng" in page
    desk.post(f"{ROOT}/keepsakes/mark", neither=codes[1])
    desk.post(f"{ROOT}/keepsakes", of=codes[0], who="", was=version(app, kept))
    desk.post(f"{ROOT}/keepsakes", own="y", was=version(app, kept))
    page = desk.get(f"{ROOT}/keepsakes")
    assert re.findall(r'id="k-[^"]+"><b>([^<]+)</b>', page) == names and "Danh Thị Hai" not in page
    assert "đã trao" not in page
    desk.post(f"{ROOT}/keepsakes", 404, of="khong-co", who="A", was=version(app, kept))
    desk.post(f"{ROOT}/keepsakes", 400, of=codes[0], to="0", was=version(app, kept))
    assert order_sealed(app) == []


def test_an_award_has_who_gives_and_who_is_absent_receives_later(app: Flask, panel: Panel) -> None:
    with app.app_context():
        an, binh, _chi = with_guests(panel)
    desk, mc = office(app, panel), Desk(app, panel.users["mc"])
    key = "tai-nang/prize/Nhất"
    path = f"{ROOT}/awards/{award_code(app, key)}"
    (winner,) = next(call for call, _plan in awards(app).calls if call.key == key).receivers
    plain = {"name": "", "was": "0"}
    assert "không có trong danh sách khách mời" in desk.post(f"{path}/giver", 400, **plain | {"guest": "khong-co"})
    assert "Chọn khách mời, hoặc ghi tên" in desk.post(f"{path}/giver", 400, **plain)
    desk.post(f"{path}/giver", **plain | {"guest": an})
    desk.post(f"{path}/giver", name="Ông Trần Tài Trợ", was="1")
    desk.post(f"{path}/giver", 409, name="Ông Khác", was="1")
    begun(app, panel)
    at = next(at for at, each in enumerate(slides_of(mc)) if each["title"] == "Giải Nhất")
    step_to(mc, at, 1)
    page = mc.get("/mc")
    assert "Người trao: đồng chí Nguyễn Văn An" in page and "Ông Trần Tài Trợ" in page
    mc.post("/mc/guests/mark", absent=an)
    assert "vắng, cần người khác" in desk.get(path)
    assert "Người trao: Ông Trần Tài Trợ" in mc.get("/mc")
    desk.post(f"{path}/giver", name="Ông Trần Tài Trợ", drop="y", was="2")
    assert "Người trao: ……" in mc.get("/mc")
    desk.post(f"{path}/giver", guest=binh, was="3")
    desk.post(path, most="3", flag="1", flowers="1", certificate="1", envelope="0", gift="2", joined="y", was="4")
    assert "quà 2" in desk.get(f"{ROOT}/awards")
    assert "Ghi số bằng chữ số, từ 0 đến 20." in desk.post(path, 400, most="3", flowers="-1", was="5")
    desk.post(f"{path}/absent", receiver=winner.ref, instead="")
    assert "vắng, trao sau" in mc.get("/mc")
    page = desk.get(f"{ROOT}/awards")
    assert "Đã trao" in page and winner.name in page
    desk.post(f"{path}/handed", receiver=winner.ref)
    assert "Chưa trao" in desk.get(f"{ROOT}/awards")
    desk.post(f"{path}/handed", receiver=winner.ref, undo="y")
    desk.post(f"{path}/absent", receiver=winner.ref, instead="Bà Danh Thị Ba")
    assert "nhận thay: Bà Danh Thị Ba" in mc.get("/mc")
    desk.post(f"{path}/handed", 400, receiver=winner.ref)
    desk.post(f"{path}/absent", receiver=winner.ref, there="y")
    assert "nhận thay" not in mc.get("/mc")
    desk.post(f"{path}/absent", 400, receiver="e:0")
    assert order_sealed(app) == []


SHEETS = {"mc": "Bản của MC", "reception": "Bản của lễ tân", "sound": "Bản của âm thanh"}


def test_three_sheets_are_numbered_and_overtaken_by_whatever_changes_them(app: Flask, panel: Panel) -> None:
    desk, mc = office(app, panel), Desk(app, panel.users["mc"])
    with app.app_context():
        an, *_others = with_guests(panel)
    desk.post(f"{ROOT}/usual", of="opening", was="0")
    desk.post(f"{ROOT}/usual", of="closing", was="0")
    told = {}
    for sheet, title in SHEETS.items():
        desk.post(f"/mc/sheets/{sheet}")
        desk.post(f"/mc/sheets/{sheet}")  # the same words bear the same number
        told[sheet] = " ".join(mc.get(f"/mc/sheets/{sheet}/1.pdf").split())
        assert title in told[sheet] and "bản 1, in lúc" in told[sheet] and "thay bản" not in told[sheet]
        mc.get(f"/mc/sheets/{sheet}/2.pdf", 404)
    winners = {won.name for call, _plan in awards(app).calls for won in call.receivers}
    assert winners and all(name in told["mc"] and name in told["reception"] for name in winners)
    assert "Kính thưa" in told["mc"] and "Nguyễn Văn An" in told["mc"] and "Khay:" not in told["mc"]
    assert "Khay: " in told["reception"] and "Tổng cộng: " in told["reception"] and "Chỗ ngồi: A1" in told["reception"]
    assert "Quốc ca" in told["sound"] and "Micro: 4" in told["sound"]
    assert not any(name in told["sound"] for name in (*winners, "Nguyễn Văn An"))
    page = desk.get(ROOT)
    assert page.count("đang dùng") >= 3 and "không còn đúng" not in page
    mc.post("/mc/guests/mark", absent=an)
    assert "bản 1 không còn đúng" in desk.get(ROOT)
    assert "Bản 1 không còn đúng" in mc.get("/mc/sheets/mc/1.pdf", 409)
    mc.get("/mc/sheets/sound/1.pdf")  # says nothing of guests
    page, mark = mc.get("/mc"), json.loads(mc.get("/mc/state"))["papers"]
    assert (
        "Bản của MC số 1 không còn đúng" in page
        and "Khác ở: Lễ khai mạc: Tuyên bố lý do, giới thiệu đại biểu; " in page
    )
    mc.post("/mc/sheets/mc")
    assert json.loads(mc.get("/mc/state"))["papers"] != mark
    assert "Bản của MC đang dùng: bản 2" in mc.get("/mc") and "Thay bản 1" in mc.get("/mc")
    again = " ".join(mc.get("/mc/sheets/mc/2.pdf").split())
    assert "bản 2, in lúc" in again and "thay bản 1" in again and "Nguyễn Văn An" not in again
    with app.app_context(), transaction():  # everybody takes the agreement back: another paper
        db.session.execute(update(Consent).values(withdrawn_at=now()))
        first = select(Award.id).where(Award.contest_id == panel.contest_id).limit(1)
        db.session.execute(update(Award).where(Award.id.in_(first)).values(name="Gia đình ông Danh Sửa"))
    assert "Bản 2 không còn đúng" in mc.get("/mc/sheets/mc/2.pdf", 409)
    mc.get("/mc/sheets/khac/1.pdf", 404)
    mc.post("/mc/sheets/khac", 404)
    Desk(app, panel.users["lan"]).get("/mc/sheets/mc/2.pdf", 404)
    assert order_sealed(app) == []


def test_no_byte_of_a_result_that_is_not_released_is_in_a_page_or_a_sheet(app: Flask, panel: Panel) -> None:
    """The control: once released, each name is on the page of the awards and on the sheets."""
    desk = office(app, panel)
    desk.post(f"{ROOT}/usual", of="closing", was="0")
    with app.app_context(), transaction():
        names = set(db.session.scalars(select(Award.name).where(Award.name.is_not(None))))
        contests = db.session.execute(select(Contest.id, Contest.state)).all()
        db.session.execute(update(Contest).values(state=ContestState.DECIDED))
    assert len(names) >= 6
    calls = awards(app).calls
    whole = {call.key for call, _plan in calls}
    assert {call.released for call, _plan in calls} == {False} and "tai-nang/prize/Khuyến khích" in whole
    for sheet in SHEETS:
        desk.post(f"/mc/sheets/{sheet}")
    pages = [
        ROOT,
        f"{ROOT}/awards",
        f"{ROOT}/keepsakes",
        "/mc",
        *(f"{ROOT}/awards/{call.code}" for call, _plan in calls),
    ]
    said = "".join(desk.get(path) for path in (*pages, *(f"/mc/sheets/{each}/1.pdf" for each in SHEETS)))
    family = {name for name in names if not name.startswith("Đoàn")}
    assert family and not any(name in said for name in family)
    assert "chưa được phép đọc" in said and "tất cả còn lại" in said
    giver = f"{ROOT}/awards/{award_code(app, 'tai-nang/prize/Nhất')}"
    desk.post(f"{giver}/giver", name="Ông Trần Tài Trợ", was="0")  # named before anybody has won
    desk.post(f"{giver}/absent", 400, receiver="e:1")
    with app.app_context(), transaction():
        for contest_id, state in contests:
            db.session.execute(update(Contest).where(Contest.id == contest_id).values(state=state))
    page = desk.get(f"{ROOT}/awards")
    assert all(name in page for name in family) and "Ông Trần Tài Trợ" in page
    assert "Bản 1 không còn đúng" in desk.get("/mc/sheets/mc/1.pdf", 409)


Write = Callable[[int, threading.Barrier], None]


def honest(by: int, together: threading.Barrier) -> None:
    together.wait(PATIENCE_S)
    with transaction():
        writing.begin_at(the_festival(), OPENING, f"{by}:00", 0, by)


def naive(by: int, together: threading.Barrier) -> None:
    """Looks first, then writes on whatever stands: what must never be built."""
    with reading():
        free = writing.written(the_festival().id)[OPENING][1] == 0
    together.wait(PATIENCE_S)
    if not free:
        raise Overtaken()
    with transaction():
        said = {"begins": f"{by:02d}:00", "items": []}
        writing.write(the_festival(), OPENING, lambda _stands: said, None, by)


def two_at_once(app: Flask, people: list[int], change: Write) -> list[str]:
    together, got = threading.Barrier(2), []

    def one(by: int) -> None:
        with app.app_context():
            try:
                change(by, together)
                got.append("written")
            except Overtaken:
                got.append("told")

    threads = [threading.Thread(target=one, args=(by,)) for by in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE_S)
    return sorted(got)


@pytest.mark.both_databases
def test_of_two_who_write_on_one_reading_one_is_told(app: Flask, panel: Panel) -> None:
    assert two_at_once(app, [1, 2], honest) == ["told", "written"]
    with app.app_context(), transaction():
        rows = list(db.session.scalars(select(CeremonyOrder)))
        assert [row.version for row in rows] == [1]
        db.session.delete(rows[0])
    assert two_at_once(app, [1, 2], naive) == ["written", "written"], "the naive one writes over what nobody has read"


WIDE = "Gia đình đông thế hệ nhất"


def test_a_special_prize_of_the_whole_festival_is_foreseen_and_keeps_who_gives_it(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        festival = the_festival()
        festival.ruleset = {**(festival.ruleset or {}), "special_prizes": [{"name": WIDE}]}
        db.session.execute(update(Contest).where(Contest.id == panel.sport_id).values(state=ContestState.DECIDED))
    key, desk = f"/wide/special/{WIDE}", office(app, panel)
    found = {call.key: (call.released, len(call.receivers)) for call, _plan in awards(app).calls}
    assert found[key] == (False, 0)
    desk.post(f"{ROOT}/awards/{award_code(app, key)}/giver", name="Bà Danh Thị Trao", was="0")
    begun(app, panel, practice=True)
    rehearsed = [(each["over"], each["title"]) for each in slides_of(desk) if each["names"]]
    assert ("Giải chuyên đề của ngày hội", WIDE) in rehearsed
    with app.app_context(), transaction():  # the panel of a contest gave it: there it is read
        own = Award.contest_id == panel.contest_id, Award.prize == "Nhất"
        won = db.session.scalars(select(Award.entry_id).where(*own)).one()
        made = {"entry_id": won, "prize": WIDE, "position": 1, "special": True, "name": "Gia đình ông Danh Chung 0"}
        db.session.add(Award(contest_id=panel.contest_id, festival_id=panel.festival_id, delegation=None, **made))
    (call, plan), *others = [each for each in awards(app).calls if each[0].key == key]
    assert (call.part, call.released, len(call.receivers), others) == ("tai-nang", True, 1, [])
    assert [each.name for each in plan.givers] == ["Bà Danh Thị Trao"]


def test_the_mc_sees_who_comes_up_who_needs_a_hand_and_of_whom_no_picture_is_published(
    app: Flask, panel: Panel
) -> None:
    with app.app_context(), transaction():
        own = Award.contest_id == panel.contest_id, Award.prize == "Nhất"
        entry = db.session.scalars(select(Entry).join(Award, Award.entry_id == Entry.id).where(*own)).one()
        leads = Person(
            festival_id=panel.festival_id, code="dai-dien", family_id=entry.family_id, position=8, name="Danh Thị Đại Diện",
            folded="danh thi dai dien", relation="", birth_year=1980, representative=True, needs="xe lăn",
        )  # fmt: skip
        db.session.add(leads)
        db.session.flush()
        db.session.add(EntryPerson(entry_id=entry.id, person_id=leads.id))
        every = (ConsentPurpose.TAKING_PART, ConsentPurpose.PUBLISH, ConsentPurpose.SUPPORT)
        give([(leads.id, purpose, "Danh Thị Đại Diện", "self") for purpose in every], "paper")
    mc = Desk(app, panel.users["mc"])
    begun(app, panel)
    at = next(at for at, each in enumerate(slides_of(mc)) if each["title"] == "Giải Nhất")
    page = mc.get(f"/mc?step={at}")
    assert "lên nhận: Danh Thị Đại Diện" in page
    assert "Hỗ trợ: " in page and "Không đăng hình ảnh" not in page
    with app.app_context(), transaction():
        published = Consent.purpose == ConsentPurpose.PUBLISH
        db.session.execute(update(Consent).where(published).values(withdrawn_at=now()))
    page = mc.get(f"/mc?step={at}")
    assert "Danh Thị Đại Diện" not in page and "Không đăng hình ảnh: 1 người" in page
