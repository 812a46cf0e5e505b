"""Are papers drawn outside of the step that keeps them, readable by people and by a phone, and is the tally there before the lock?"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.documents.state_drawn import pdf_and_docx
from festival.documents.state_paper import LineLook, PaperProof, RuledTable, SaidLine, SigningBlock, StatePaper
from festival.papers.ahead import TRIES, SaidPaper, drawn_ahead, with_papers
from festival.papers.models import SignedPaper
from festival.results.ladder.states import steps_of
from tests.harness.paper_words import words_of_docx, words_of_pdf
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.passes.card_kit import pictures_of, read
from tests.results.test_pages_of_the_panel import TAI_NANG, lock_form, people

pytestmark = pytest.mark.either_database


@pytest.fixture
def marked(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
        return made


def test_a_paper_is_drawn_while_nothing_is_held(app: Flask) -> None:
    """The naive control keeps its transaction open until the paper is drawn."""
    held: list[bool] = []

    def said(what: str) -> SaidPaper:
        def made() -> tuple[bytes, bytes]:
            held.append(db.session().in_transaction())
            return what.encode(), b"docx"

        return SaidPaper(what, (), made)

    def step() -> bytes:
        db.session.execute(select(SignedPaper.id))
        return drawn_ahead(said("same"))[0]

    with app.app_context():
        assert (with_papers(step), held) == (b"same", [False])
        held.clear()
        with transaction():
            assert (step(), held) == (b"same", [True])
        held.clear()
        changing = iter("abcdefgh")

        def restless() -> bytes:
            db.session.execute(select(SignedPaper.id))
            return drawn_ahead(said(next(changing)))[0]

        assert with_papers(restless) == b"abcdefgh"[TRIES : TRIES + 1]
        assert held == [False] * TRIES + [True], "what changes again and again is drawn on the spot at last"


def test_the_head_is_read_back_from_the_printed_page_by_a_phone(app: Flask, marked: Panel, tmp_path: Path) -> None:
    (secretary,) = people(app, marked, "secretary")
    secretary.post(TAI_NANG + "/lock", **lock_form())
    secretary.post(TAI_NANG + "/minutes")
    with app.app_context(), reading():
        content, document = db.session.execute(select(SignedPaper.content, SignedPaper.editable)).one()
        locked = steps_of(marked.contest_id)[ContestState.LOCKED]
    pages = pictures_of(content, tmp_path, dpi=110)
    head = [f"judging:tai-nang {locked.ledger_size} {locked.ledger_hash}"]
    assert [code for page in pages for code in read(page)] == head
    with ZipFile(BytesIO(document)) as archive:
        (picture,) = (name for name in archive.namelist() if name.endswith(".png"))
        assert read(Image.open(BytesIO(archive.read(picture)))) == head
        assert 'r:embed="rId3"' in archive.read("word/document.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert (
        f'Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="{picture[5:]}"'
        in relations
    )
    assert f"đầu sổ {locked.ledger_hash[:16]}." in words_of_pdf(content)


def test_the_tally_is_there_before_the_lock_for_the_secretary_alone(app: Flask, marked: Panel) -> None:
    secretary, chair, organiser, judge = people(app, marked, "secretary", "chair", "organiser", "lan")
    said = secretary.get(TAI_NANG + "/tally.pdf")
    assert "BẢNG TỔNG HỢP ĐIỂM" in said and "Tạm tính lúc" in said and "89,75" in said
    for desk in (chair, organiser, judge):
        desk.get(TAI_NANG + "/tally.pdf", 404)
        desk.get(TAI_NANG + "/tally.docx", 404)
    assert "Bảng tổng hợp điểm" in secretary.get(TAI_NANG) and "Bảng tổng hợp điểm" not in chair.get(TAI_NANG)
    secretary.post(TAI_NANG + "/lock", **lock_form())
    assert "Sau khi khóa điểm" in chair.get(TAI_NANG + "/tally.pdf")
    document = organiser.client.get(TAI_NANG + "/tally.docx")
    assert "Sau khi khóa điểm" in words_of_docx(document.data) and "89,75" in words_of_docx(document.data)
    judge.get(TAI_NANG + "/tally.pdf", 404)


def test_forty_entries_five_judges_and_long_names_all_stand_on_both(app: Flask) -> None:
    names = [
        f"Gia đình ông {'Nguyễn Phúc Vĩnh Thụy ' * 3}Nhà{n:02d} và Abcdefghijklmnopqrstuvwxyzabcdefghijklmn"
        for n in range(40)
    ]
    head = ("Số", "Tiết mục", *"ABCDE", "Trung bình", "Trừ", "Điểm")
    marks = ("89,75", "(70,25)", "–", "90", "100", "92,125", "-0,5", "91,625")
    rows = tuple((str(n), name, *marks) for n, name in enumerate(names))
    paper = StatePaper(
        "Biên bản chấm thi", ("Ngày hội", "Phần thi: Tài năng"), ("Ủy ban nhân dân tỉnh", "Ban giám khảo"), "Số: 1",
        "Rạch Giá, ngày 15 tháng 6 năm 2024", "2024-06-15",
        (SaidLine("Kết quả:", LineLook.HEADING), RuledTable((3, 11, *[3] * 5, 4, 3, 4), head, rows, (0, *range(2, 10)), (9,))),
        tuple(tuple(SigningBlock("Giám khảo", "(Ký)", f"Người ký {3 * row + n}") for n in range(3)) for row in range(3)),
        ("Nơi nhận:", "- Lưu."), PaperProof("judging:x 1 " + "0" * 64, ("đầu sổ 0",)),
    )  # fmt: skip
    content, document = pdf_and_docx(paper, "mã 1")
    assert (content, document) == pdf_and_docx(paper, "mã 1"), "the bytes follow from what it says"
    said = words_of_pdf(content)
    assert said.count("Trung bình") > 2, "the head of the table stands on each page"
    for each in ("Người ký 8", "(70,25)", "91,625", "mã 1"):
        assert each in said and (each in words_of_docx(document) or each == "mã 1"), each
    assert [n for n in range(40) if f"Nhà{n:02d}" not in said] == []
    edited = words_of_docx(document)
    assert [name for name in names if name not in edited] == []


def test_a_paper_that_an_earlier_release_kept_is_shown_as_it_is_and_not_signed(app: Flask, marked: Panel) -> None:
    (secretary,) = people(app, marked, "secretary")
    secretary.post(TAI_NANG + "/lock", **lock_form())
    secretary.post(TAI_NANG + "/minutes")
    old = b"<!doctype html><p>Bi\xc3\xaan b\xe1\xba\xa3n</p>"
    with app.app_context(), transaction():
        row = update(SignedPaper).values(content=old, editable=None, editable_sha256="")
        db.session.execute(row)
        paper_id = db.session.scalars(select(SignedPaper.id)).one()
    answer = secretary.client.get(f"/papers/{paper_id}")
    assert (answer.data, answer.mimetype) == (old, "text/html")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    secretary.get(f"/papers/{paper_id}/paper.docx", 404)
    assert "DOCX" not in secretary.get(TAI_NANG + "/minutes")
    assert "là của bản chương trình trước" in secretary.post(TAI_NANG + "/sign", 409, number="1")
