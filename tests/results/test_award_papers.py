"""Do a proposal and a decision say what was signed, stay as they were printed, and know when they are no longer right?"""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import reading, transaction
from festival.papers.scans.award_sheets import AwardSheet
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings
from festival.results.award_papers.said import SheetSaid, read_said, typed_said, vnd, vnd_in_words, written_vnd
from tests.harness.scanned import photo, scanned
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_pages_of_the_panel import TAI_NANG, TWO, Desk, people
from tests.results.test_people_of_a_step import decided, state
from tests.results.test_signed_scans import BARE, MINUTES, sealed, send
from tests.results.whole_cast import bring, lock_all, whole_cast

pytestmark = pytest.mark.either_database

PAPERS = "/office/award-papers"
SAID = {
    "title": "Trưởng Ban Tổ chức",
    "signer": "Nguyễn Văn Chủ",
    "place": "Rạch Giá",
    "grounds": "Căn cứ Kế hoạch số 12/KH-UBND",
    "receivers": "Các đoàn\nLưu tài vụ",
    "contests": "tai-nang",
    "award-1": "Nhất",
    "amount-1": "1.500.000",
    "award-2": "Nhì",
    "amount-2": "",
}


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
    decided(app, made)
    return made


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (-7_000, "Âm bảy ngàn đồng"),
        (500, "Năm trăm đồng"),
        (1_500_000, "Một triệu năm trăm ngàn đồng"),
        (21_050_000, "Hai mươi mốt triệu không trăm năm mươi ngàn đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (1_002_000_015, "Một tỷ không trăm lẻ hai triệu không trăm mười lăm đồng"),
    ],
)
def test_a_sum_is_written_in_words(amount: int, words: str) -> None:
    assert vnd_in_words(amount) == words


def test_what_is_typed_is_read_or_refused_at_its_box() -> None:
    read = [
        vnd(each) for each in ("", "500000", "1.500.000", "1 500 000 đ", "2,000,000 VND", "1.5", "-1", "abc", "9" * 10)
    ]
    assert read == [0, 500_000, 1_500_000, 1_500_000, 2_000_000, None, None, None, None]
    assert written_vnd(1_500_000) == "1.500.000"
    said = typed_said(SAID, {"Nhất": "1.500.000"}, proposal=False)
    assert (
        isinstance(said, SheetSaid) and said.receivers == ("Các đoàn", "Lưu tài vụ") and read_said(said.kept()) == said
    )
    for changed, amount, proposal, box in (
        ({"signer": " "}, "", False, "signer"),
        ({"title": ""}, "", False, "title"),
        ({}, "", True, "to"),
        ({"grounds": "x\n" * 21}, "", False, "grounds"),
        ({"place": "x" * 201}, "", False, "place"),
        ({}, "nhiều", False, "amount-1"),
    ):
        refused = typed_said(SAID | changed, {"Nhất": amount}, proposal=proposal)
        assert isinstance(refused, tuple) and refused[0] == box


def words_of(desk: Desk, sheet: int) -> str:
    answer = desk.client.get(f"{PAPERS}/{sheet}/paper.docx")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.get_data())) as packed:
        return re.sub(r"<[^>]+>", " ", packed.read("word/document.xml").decode())


def test_a_decision_says_what_was_signed_and_is_kept_as_printed(app: Flask, panel: Panel) -> None:
    organiser, secretary = people(app, panel, "organiser", "secretary")
    secretary.get(PAPERS, 403)
    assert "Nhì" in organiser.get(PAPERS)
    for changed, status, said in (
        ({"contests": ""}, 400, "Chọn phần thi"),
        ({"contests": "bong-ro"}, 400, "Chọn phần thi"),
        ({"signer": ""}, 400, 'value="Rạch Giá"'),
        ({"amount-2": "nhiều"}, 400, 'value="nhiều"'),
        ({"kind": "letter"}, 400, ""),
        ({"whole": "y"}, 409, "đã ký biên bản"),
    ):
        assert said in organiser.post(PAPERS + "/print", status, **{"kind": "decision", **SAID, **changed}), changed
    organiser.post(PAPERS + "/print", kind="decision", **SAID)
    organiser.post(PAPERS + "/print", kind="decision", **SAID)
    organiser.post(PAPERS + "/print", kind="proposal", to="Ủy ban nhân dân tỉnh", **SAID)
    page = organiser.get(PAPERS)
    assert page.count("paper.pdf") == 2 and 'value="1.500.000"' in page and "đã in, chờ ký" in page
    words = words_of(organiser, 1)
    for said in (
        "Gia đình ông Danh Chung 0",
        "Biên bản số 1 ngày",
        "12/KH-UBND",
        "1.500.000",
        "Một triệu năm trăm ngàn đồng",
        "TRƯỞNG BAN TỔ CHỨC",
    ):
        assert said in words, said
    assert "Kính gửi: Ủy ban nhân dân tỉnh" in words_of(organiser, 2)
    pdf = organiser.client.get(f"{PAPERS}/1/paper.pdf")
    assert pdf.get_data().startswith(b"%PDF") and pdf.mimetype == "application/pdf"
    for path in (f"{PAPERS}/9/paper.pdf", f"{PAPERS}/1/other.pdf"):
        assert organiser.client.get(path).status_code == 404


def test_the_signed_decision_lets_read_and_an_amendment_makes_it_wrong(app: Flask, panel: Panel) -> None:
    (organiser,) = people(app, panel, "organiser")
    organiser.post(PAPERS + "/print", kind="decision", **SAID)
    send(organiser, "decision", photo(3), at=f"{PAPERS}/1", step="signed")
    assert "đã ký" in organiser.get(PAPERS)
    with app.app_context(), transaction():
        two = panel.users["chair"], panel.users["secretary"]
        places = Corrections(places={"E000": 2, "E001": 1})
        assert isinstance(amend_standings(panel.contest_id, places, "9/ĐC", "cộng nhầm", *two), Amended)
    assert "không còn đúng, in lại" in organiser.get(PAPERS)
    organiser.post(TAI_NANG + "/release", 422, **BARE)
    organiser.post(PAPERS + "/print", kind="decision", **SAID)
    page = organiser.get(PAPERS)
    assert "không còn đúng" not in page and "đã được thay" in page
    assert "Biên bản đính chính số 9/ĐC" in words_of(organiser, 2)
    send(organiser, "decision", photo(4), at=f"{PAPERS}/2", step="signed")
    with app.app_context():
        scanned([panel.contest_id], [MINUTES])
    organiser.post(TAI_NANG + "/release", **{name: value for name, value in TWO.items() if name != "papers_reason"})
    assert state(app, panel) is ContestState.RELEASED and sealed(app) == []
    with app.app_context(), reading():
        first, second = db.session.scalars(select(AwardSheet).order_by(AwardSheet.id))
        assert first.drawn != second.drawn and (first.number, second.number) == (1, 2)


def test_the_step_names_the_printed_decision_it_belongs_to(app: Flask) -> None:
    with app.app_context():
        made = whole_cast()
        lock_all(made)
        bring(made, ContestState.SIGNED)
    (organiser,) = people(app, made, "organiser")
    by = "Theo tờ quyết định in lần"
    organiser.post(PAPERS + "/print", kind="proposal", to="Ủy ban nhân dân tỉnh", **SAID)
    organiser.post("/panel/bong-ro/decide", number="3", day="")
    assert by not in organiser.get("/panel/bong-ro/signed"), "a proposal decides nothing"
    organiser.post(PAPERS + "/print", kind="decision", **SAID)
    organiser.post(TAI_NANG + "/decide", number="", day="")
    assert "Ghi theo tờ quyết định in lần 1." in organiser.get(TAI_NANG)
    organiser.post(PAPERS + "/print", kind="decision", **SAID | {"signer": "Trần Thị Phó"})
    page = organiser.get(TAI_NANG + "/signed")
    assert by + " 1" in page and 'href="/office/award-papers/2/paper.pdf"' in page, (
        "printed later is not what was decided"
    )
    with app.app_context(), reading():
        sheet = db.session.get_one(AwardSheet, 2)
        lines = select(LedgerEntry.subject).where(LedgerEntry.kind == "contest.decided")
        said = {each["contest"]: each for each in db.session.scalars(lines)}
    assert (said["tai-nang"]["sheet"], said["tai-nang"]["sheet_drawn"]) == (sheet.number, sheet.drawn)
    assert "sheet" not in said["bong-ro"]
