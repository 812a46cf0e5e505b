"""Is a list to sign made from who is there, put right with a way back, printed, received, and never of a secret result?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.logistics.models import Meal, MealKind, MealPortions
from festival.results.amended.corrections import Corrections
from festival.results.amendments.storing import amend_standings
from festival.results.ladder import sign
from festival.results.paying import keeping
from festival.results.paying.forgetting import emptied_payments
from festival.results.paying.kinds import PayKind
from festival.results.paying.models import PayLine, PayList, PaySheet
from festival.results.paying.printing import drawn_now, print_list
from festival.results.paying.sums import LineSaid
from festival.roster.models import Delegation, Family, Person, PrizeReceiver
from festival.schedule.models import Session, Stage
from tests.house.test_statements import statements
from tests.judging.panel_cast import Panel
from tests.results.test_award_papers import SAID as AWARD_PAPER
from tests.results.test_award_papers import panel
from tests.results.test_pages_of_the_panel import Desk, people

__all__ = ["panel"]  # a fixture: tai-nang has its decision

pytestmark = pytest.mark.either_database

LISTS, ONE = "/office/lists", "/office/lists/1"
ROLES = {
    "role-1": "Trưởng Ban giám khảo",
    "rate-1": "1.000.000",
    "role-2": "Giám khảo",
    "rate-2": "700.000",
    "role-3": "Thư ký",
    "rate-3": "400.000",
}
HEAD = {"title": "Danh sách bồi dưỡng", "unit": "buổi", "tax": "10", "start": "2.000.000", **ROLES}


def differing(app: Flask) -> list[str]:
    with app.app_context(), checks.snapshot():
        return [str(each) for _room, each in checks.inspect(("decisions:thu",)).named() if "pay_" in str(each)]


def sessions(made: Panel) -> None:
    """Both contests in the same morning, tai-nang in the evening too."""
    with transaction():
        stage = Stage(festival_id=made.festival_id, code="san-khau", name="Sân khấu")
        db.session.add(stage)
        db.session.flush()
        for contest, hour in ((made.contest_id, 1), (made.contest_id, 2), (made.contest_id, 12), (made.sport_id, 1)):
            starts, ends = (datetime(2024, 6, 14, at, tzinfo=UTC) for at in (hour, hour + 1))
            db.session.add(Session(stage_id=stage.id, contest_id=contest, starts_at=starts, ends_at=ends))


def meals(made: Panel) -> None:
    with transaction():
        first = db.session.scalars(select(Delegation).order_by(Delegation.id)).first()
        assert first is not None
        first.head_name = "Bà Mai Trưởng Đoàn"
        for kind, portions in ((MealKind.LUNCH, 20), (MealKind.DINNER, 18)):
            meal = Meal(
                festival_id=made.festival_id,
                day=date(2024, 6, 14),
                kind=kind,
                closes_at=datetime(2024, 6, 13, tzinfo=UTC),
            )
            db.session.add(meal)
            db.session.flush()
            db.session.add(MealPortions(meal_id=meal.id, delegation_id=first.id, portions=portions))


def version(app: Flask, line: int | None = None) -> str:
    with app.app_context(), reading():
        of = select(PayLine.version).where(PayLine.number == line) if line else select(PayList.version)
        return str(db.session.scalars(of.order_by(PayLine.list_id if line else PayList.id)).first())


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_prize_money_is_listed_from_the_release_on_with_the_amounts_of_the_decision(app: Flask, panel: Panel) -> None:
    organiser, secretary = people(app, panel, "organiser", "secretary")
    secretary.get(LISTS, 403)
    secretary.post(LISTS + "/make", 403, kind="prizes")
    assert "Chưa có danh sách nào" in organiser.get(LISTS)
    organiser.post("/office/award-papers/print", kind="decision", **AWARD_PAPER)
    organiser.post(LISTS + "/make", kind="prizes")
    page = organiser.get(ONE)
    assert "Danh sách chưa có ai" in page and "Danh Chung" not in page, "nothing of a secret result"
    assert "chưa có ai" in organiser.post(ONE + "/print", 409)
    with app.app_context(), transaction():
        sign.release(panel.contest_id, panel.users["organiser"])
        family = db.session.scalars(select(Family).where(Family.code == "gia-dinh-0")).one()
        person = Person(
            festival_id=panel.festival_id,
            family_id=family.id,
            code="nguoi-nhan",
            name="Danh Thị Nhận",
            folded="danh thi nhan",
        )
        db.session.add(person)
        db.session.flush()
        db.session.add(PrizeReceiver(family_id=family.id, person_id=person.id, said_at=now(), said_how="officer"))
    organiser.post(ONE + "/say", do="refresh", version=version(app))
    page = text(organiser.get(ONE))
    assert (
        "Danh Thị Nhận (Gia đình ông Danh Chung 0)" in page and "1.500.000" in page and "2 dòng chưa có mức chi" in page
    )
    assert "chưa có mức chi" in organiser.post(ONE + "/print", 409)
    organiser.post(ONE + "/say", **HEAD | {"title": "Tiền thưởng", "unit": "giải", "role-1": "Nhất", "rate-1": "", "role-2": "Nhì", "rate-2": "12.000.000", "start": "10.000.000", "above": "y", "version": version(app)})  # fmt: skip
    page = text(organiser.get(ONE))
    assert "Thực nhận 25.100.000 đồng" in page and "Thuế khấu trừ 400.000 đồng" in page
    assert "Hai mươi lăm triệu một trăm ngàn đồng" in page
    # what was received stays when an amendment moves prizes, and is named; the others follow it
    organiser.post(ONE + "/print")
    organiser.post(ONE + "/lines/1/received", receiver="Danh Thị Nhận", payer="Bé", day="15/6/2024", version="1")
    with app.app_context(), transaction():
        two = panel.users["chair"], panel.users["secretary"]
        amend_standings(panel.contest_id, Corrections(places={"E000": 2, "E001": 1}), "9/ĐC", "cộng nhầm", *two)
    organiser.post(ONE + "/say", do="refresh", version=version(app))
    page = text(organiser.get(ONE))
    assert "dữ liệu nay khác: Danh Thị Nhận" in page and "không còn đúng" in page
    assert "3 dòng" not in page and "Theo biên bản đính chính" in organiser.get(ONE + "/lines/2")
    organiser.post(ONE + "/lines/1/received", do="take_back", reason="đính chính", version="2")
    organiser.post(ONE + "/say", do="refresh", version=version(app))
    assert "dữ liệu nay khác" not in organiser.get(ONE) and 'value="Nhì"' in organiser.get(ONE + "/lines/1")
    assert differing(app) == []


def test_a_panels_list_is_put_right_step_by_step_and_back(app: Flask, panel: Panel) -> None:
    with app.app_context():
        sessions(panel)
    (organiser,) = people(app, panel, "organiser")
    organiser.post(LISTS + "/make", 400, kind="cooks")
    organiser.post(LISTS + "/make", kind="panels")
    page = text(organiser.get(ONE))
    assert "4 dòng chưa có mức chi" in page and page.count("Gia đình tài năng") == 4
    assert "Theo lịch thi: sáng 14/6, tối 14/6" in organiser.get(ONE + "/lines/1")
    organiser.post(ONE + "/say", **HEAD, version="1")
    page = text(organiser.get(ONE))
    assert "Thực nhận 5.400.000 đồng" in page and "Thuế khấu trừ 200.000 đồng" in page
    # the rate of a role, one step back and forth
    organiser.post(ONE + "/say", 409, do="undo", version="1")
    organiser.post(ONE + "/say", do="undo", version="2")
    assert "4 dòng chưa có mức chi" in text(organiser.get(ONE))
    organiser.post(ONE + "/say", do="undo", version="3")
    # one line: its own rate, half a sitting, exempt with a reason
    line = {
        "name": "Nguyễn Thị Chủ",
        "role": "Trưởng Ban giám khảo",
        "place": "Gia đình tài năng",
        "rate": "1.200.001",
        "count": "2,5",
    }
    refused = organiser.post(ONE + "/lines/1/say", 400, **line | {"own_tax": "101", "why": "có hợp đồng"}, version="1")
    assert "từ 0 đến 100" in refused and 'value="1.200.001"' in refused and 'value="101"' in refused
    organiser.post(ONE + "/lines/1/say", **line, own_tax="0", why="có hợp đồng lao động", version="1")
    assert "3.000.003" in organiser.get(ONE + "/lines/1")
    organiser.post(ONE + "/lines/1/say", 409, **line, version="1")
    organiser.post(ONE + "/lines/1/say", do="undo", version="2")
    assert "1.800.000" in organiser.get(ONE + "/lines/1")
    # left out and back; added by hand, warned of a name twice; moved
    assert "Ghi lý do" in organiser.post(ONE + "/lines/2/say", 400, do="out", version="1")
    organiser.post(ONE + "/lines/2/say", do="out", out="vắng cả buổi", version="1")
    assert "vắng cả buổi" in organiser.get(ONE + "/lines/2") and "ra ngoài danh sách" in organiser.get(ONE)
    organiser.post(ONE + "/lines/2/say", do="back", version="2")
    again = {"name": "trần văn  HÙNG", "role": "Giám khảo", "count": "1"}
    refused = organiser.post(ONE + "/add", 400, **again)
    assert "Nếu là người khác trùng tên" in refused and "trần văn" in refused
    organiser.post(ONE + "/add", **again, twice="y")
    assert organiser.get(ONE).count("trùng tên") >= 2
    organiser.post(ONE + "/lines/5/move", 400, to="", version=version(app))
    organiser.post(ONE + "/lines/5/move", to="1", version=version(app))
    assert "1. trần văn HÙNG" in organiser.get(ONE)
    for path, form in (
        ("/lines/9/say", {"do": "undo"}),
        ("/lines/9/move", {"to": "1"}),
        ("/lines/9/received", {"do": "take_back", "reason": "x"}),
    ):
        organiser.post(ONE + path, 404, **form, version=version(app))
    organiser.get(ONE + "/lines/9", 404)
    assert differing(app) == []


def test_a_list_is_put_away_and_brought_back_and_nobody_is_proposed_twice(app: Flask, panel: Panel) -> None:
    (organiser,) = people(app, panel, "organiser")
    organiser.post(LISTS + "/make", kind="panels")
    assert "Ghi lý do cất" in organiser.post(ONE + "/say", 400, do="drop", version=version(app))
    organiser.post(ONE + "/say", do="drop", reason="lập nhầm", version=version(app))
    assert "lập nhầm" in organiser.get(ONE) and "đã cất" in organiser.get(LISTS)
    organiser.post(ONE + "/print", 409)
    organiser.post(ONE + "/add", 409, name="A", count="1")
    organiser.post(ONE + "/say", do="restore", version=version(app))
    organiser.post(ONE + "/say", 400, do="jump", version=version(app))
    assert "Lý do" not in text(organiser.get(ONE)).split("Các dòng")[0].split("Sửa phần chung")[0]
    # a second list of the kind takes nobody who stands on the first
    organiser.post(LISTS + "/make", kind="panels")
    assert "Danh sách chưa có ai" in organiser.get("/office/lists/2")
    assert differing(app) == []


def test_a_print_is_kept_byte_for_byte_and_a_change_makes_it_wrong(app: Flask, panel: Panel) -> None:
    with app.app_context():
        sessions(panel)
    (organiser,) = people(app, panel, "organiser")
    organiser.post(LISTS + "/make", kind="panels")
    organiser.post(ONE + "/say", **HEAD, **{"title-2": "Kế toán", "signer-2": "Lê Thị Sổ"}, version="1")
    paid = {"payer": "Trần Thị Bé", "day": "15/6/2024"}
    assert "Chưa in danh sách" in organiser.post(ONE + "/received", 409, **paid, version=version(app))
    organiser.post(ONE + "/print")
    organiser.post(ONE + "/print")
    files = [organiser.client.get(f"{ONE}/prints/1/list.{kind}") for kind in ("pdf", "xlsx")]
    with app.app_context(), reading():
        row = db.session.scalars(select(PaySheet)).one()
        assert [row.sha256, row.editable_sha256] == [sha256(each.data).hexdigest() for each in files]
    paper = text(organiser.get(ONE + "/prints/1/list.pdf"))
    for said in ("BAN TỔ CHỨC", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "DANH SÁCH BỒI DƯỠNG", "Số CCCD", "Danh Thị Lan", "Lê Thị Sổ", "5.400.000",
                 "Năm triệu bốn trăm ngàn đồng", "Danh sách số 1, bản in 1"):  # fmt: skip
        assert said in paper, said
    sheet = openpyxl.load_workbook(BytesIO(files[1].data)).active
    assert sheet is not None
    cells = [[cell.value for cell in each] for each in sheet.iter_rows()]
    top = next(at for at, each in enumerate(cells) if each[0] == "STT")
    money = [each[8] for each in cells[top + 1 : top + 6]]
    assert cells[top][8] == "Thực nhận (đồng)" and money == [1_800_000, 1_400_000, 1_400_000, 800_000, 5_400_000]
    assert not any(cell for each in cells[top + 1 : top + 5] for cell in each[9:12]), "filled by pen"
    # a later change makes the print wrong until it is printed again
    organiser.post(ONE + "/lines/4/say", name="Vũ Thư Ký", role="Thư ký", count="2", rate="500.000", version="1")
    assert "không còn đúng, in lại" in organiser.get(ONE) and "không còn đúng" in organiser.get(LISTS)
    assert "In lại" in organiser.post(ONE + "/lines/1/received", 409, receiver="A", **paid, version="1")
    organiser.post(ONE + "/print")
    page = organiser.get(ONE)
    assert "đã được thay" in page and "không còn đúng" not in page
    # received by somebody else, and by the rest in person
    for wrong, said in (
        ({"receiver": ""}, "Ghi ai đã ký nhận"),
        ({"payer": ""}, "Ghi ai chi"),
        ({"day": "1/1/2124"}, "chưa đến"),
    ):
        page = organiser.post(
            ONE + "/lines/1/received", 400, **{"receiver": "Chồng bà Chủ", **paid, **wrong}, version="1"
        )
        assert said in page and ("Chồng bà Chủ" in page or "receiver" in wrong), wrong
    organiser.post(ONE + "/lines/1/received", receiver="Chồng bà Chủ", **paid, version="1")
    assert "Chồng bà Chủ đã nhận 1.800.000 đồng" in text(organiser.get(ONE + "/lines/1"))
    organiser.post(ONE + "/lines/1/received", 409, receiver="A", **paid, version="2")
    organiser.post(ONE + "/received", **paid, version=version(app))
    organiser.post(ONE + "/received", 409, **paid, version=version(app))
    assert "Đã nhận 4/4" in text(organiser.get(ONE)) and "đã nhận đủ" in organiser.get(LISTS)
    assert differing(app) == []


def test_money_that_was_received_does_not_move(app: Flask, panel: Panel) -> None:
    with app.app_context():
        sessions(panel)
    (organiser,) = people(app, panel, "organiser")
    organiser.post(LISTS + "/make", kind="panels")
    organiser.post(ONE + "/say", **HEAD, version="1")
    organiser.post(ONE + "/print")
    organiser.post(ONE + "/received", payer="Trần Thị Bé", day="15/6/2024", version="2")
    line = {"name": "Nguyễn Thị Chủ", "role": "Trưởng Ban giám khảo", "count": "9"}
    assert "Bỏ ghi nhận, sửa" in organiser.post(ONE + "/lines/1/say", 409, **line, version="2")
    assert "theo mức cũ" in organiser.post(ONE + "/say", 409, **HEAD | {"rate-1": "1.100.000"}, version=version(app))
    assert "theo mức cũ" in organiser.post(ONE + "/say", 409, **HEAD | {"start": ""}, version=version(app))
    organiser.post(ONE + "/say", 409, do="drop", reason="nhầm", version=version(app))
    assert "Ghi lý do bỏ" in organiser.post(ONE + "/lines/1/received", 400, do="take_back", version="2")
    organiser.post(ONE + "/lines/1/received", do="take_back", reason="ghi nhầm người", version="2")
    organiser.post(ONE + "/lines/1/say", **line, version="3")
    assert "9.000.000" in organiser.get(ONE + "/lines/1")
    for path in ("/prints/9/list.pdf", "/prints/1/list.docx"):
        organiser.get(ONE + path, 404)
    assert differing(app) == []
    with app.app_context(), transaction():
        db.session.execute(update(PaySheet).where(PaySheet.number == 1).values(content=b"%PDF-"))
        db.session.execute(update(PayLine).where(PayLine.number == 2).values(receipt=None))
    assert len(differing(app)) == 2


def test_lists_of_delegations_families_and_staff_come_from_what_is_known(app: Flask, panel: Panel) -> None:
    with app.app_context():
        meals(panel)
    (organiser,) = people(app, panel, "organiser")
    for kind in ("meals", "gifts", "staff", "transport"):
        organiser.post(LISTS + "/make", kind=kind)
    page = text(organiser.get("/office/lists/1"))
    assert "Bà Mai Trưởng Đoàn" in page and "14/6/2024, Đoàn huyện Số 0" in page and " 38 " in page
    assert "bữa trưa 20, bữa tối 18" in organiser.get("/office/lists/1/lines/1")
    with app.app_context(), transaction():
        db.session.execute(update(MealPortions).values(portions=MealPortions.portions + 1))
    organiser.post("/office/lists/1/say", do="refresh", version="1")
    assert " 40 " in text(organiser.get("/office/lists/1")), "what the delegation says now"
    # keepsakes are handed out without money
    organiser.post("/office/lists/2/print")
    paper = text(organiser.get("/office/lists/2/prints/1/list.pdf"))
    assert "Tổng số: 3 phần cho 3 người, đơn vị." in paper and "Số CCCD" not in paper and "đồng" not in paper
    with app.app_context(), transaction():
        db.session.execute(update(Family).where(Family.code == "gia-dinh-1").values(state="withdrawn"))
    organiser.post("/office/lists/2/say", do="refresh", version="1")
    page = text(organiser.get("/office/lists/2"))
    assert page.count("ra ngoài danh sách") == 1 and "không còn đúng" in page
    assert "Không còn trong dữ liệu" in organiser.get("/office/lists/2/lines/2")
    assert "Danh sách chưa có ai" in organiser.get("/office/lists/3")
    organiser.get("/office/lists/9", 404)
    assert differing(app) == []


def test_a_list_of_five_hundred_is_read_a_page_at_a_time_and_printed_whole(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        row = keeping.make_list(panel.festival_id, PayKind.STAFF, None)
        for number in range(1, 501):
            said = LineSaid(
                f"Nguyễn Hoàng Thị Kim Phượng {number}", f"Tổ {number % 30}", "Ban Hậu cần", 150_000, 3
            ).kept()
            db.session.add(
                PayLine(list_id=row.id, number=number, version=1, says=said, before=said, said_at=now(), receipt=None)
            )
    organiser = Desk(app, panel.users["organiser"])
    with statements(app) as asked:
        page = organiser.get(ONE)
    assert len(asked) <= 20 and len(page.encode()) <= 60_000 and page.count("Nguyễn Hoàng Thị Kim Phượng") == 40
    assert "Đang xem 1–40 trên 500." in page and "112.500.000 đồng" in page
    assert "Nguyễn Hoàng Thị Kim Phượng 500" in organiser.get(ONE + "?page=13")
    organiser.post(ONE + "/print")
    paper = text(organiser.get(ONE + "/prints/1/list.pdf"))
    assert paper.count("Cộng trang") == paper.count("Mang sang") + 1 > 10
    assert "Bằng chữ: Một trăm mười hai triệu năm trăm ngàn đồng." in paper


def test_on_the_day_of_the_papers_nothing_of_a_list_is_left(app: Flask, panel: Panel) -> None:
    with app.app_context():
        sessions(panel)
        with transaction():
            keeping.make_list(panel.festival_id, PayKind.PANELS, None)
            for line in range(1, 5):
                keeping.say_line(
                    panel.festival_id, 1, line, LineSaid(f"Người {line}", "Giám khảo", rate=100_000), 1, None
                )
        with reading():
            drawing = drawn_now(db.session.get_one(Festival, panel.festival_id), 1)
        assert drawing is not None
        with transaction():
            print_list(panel.festival_id, 1, drawing, None)
        with transaction():
            for model, own, values in emptied_payments(db.session.get_one(Festival, panel.festival_id)):
                db.session.execute(update(model).where(own).values(**values))
    organiser = Desk(app, panel.users["organiser"])
    assert "đã xóa theo hạn lưu" in organiser.get(LISTS)
    assert "Người 1" not in organiser.get(ONE) + organiser.get(ONE + "/lines/1")
    assert "Mã băm còn giữ" in organiser.get(ONE + "/prints/1/list.pdf", 404)
    organiser.post(ONE + "/print", 409)
    organiser.post(ONE + "/add", 409, name="A", count="1")
