"""The document behind points of a delegation: photographed, replaced, taken back, seen by who may, waited for where the rules say so."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.papers.keeping import PaperSubject
from festival.papers.scans.models import SignedScanUse
from festival.papers.scans.needed import ScanKind, kinds
from festival.results.ladder.papers_there import lacks_of
from festival.results.ladder.sign import Signed
from tests.harness.scanned import photo, scanned
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import people
from tests.results.test_signed_scans import send
from tests.results.test_whole_points import POINTS, back, give
from tests.results.whole_cast import bring, lock_all, whole_cast
from tests.results.whole_kit import ONE_FIRST, STREAM, decide, sign

pytestmark = pytest.mark.either_database

AT = POINTS + "/1/document"
WHOLE = "/whole-delegation/signed"


def shown(app: Flask) -> list[tuple[bool, str]]:
    with app.app_context(), reading():
        rows = db.session.scalars(select(SignedScanUse).where(SignedScanUse.kind == ScanKind.POINTS))
        return [(row.shown, row.reason) for row in sorted(rows, key=lambda row: row.id)]


def lacking(panel: Panel) -> list[str]:
    with reading():
        return kinds(lacks_of(PaperSubject(panel.festival_id)))


def test_a_document_comes_in_comes_again_and_goes(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        give(panel, "doan-2", 4_000, 0)
        give(panel, "doan-1", 100, 1)
    organiser, chair, other = people(app, panel, "organiser", "chair", "lan")
    assert "chưa gửi" in organiser.get(POINTS)
    # what is no picture and no PDF is said, and nothing is kept
    assert "Có tệp không phải ảnh đọc được" in send(organiser, "", b"khong phai anh", status=400, at=AT)
    assert "Chưa chọn tệp" in send(organiser, "", status=400, at=AT)
    send(organiser, "", photo(1), status=404, at=POINTS + "/7/document")
    send(chair, "", photo(1), status=403, at=AT)
    assert shown(app) == []
    send(organiser, "", photo(1), photo(2), at=AT)
    send(organiser, "", photo(3), at=AT)
    send(organiser, "", photo(3), at=POINTS + "/2/document")  # one decision may stand behind several
    assert shown(app) == [(False, ""), (True, ""), (True, "")]
    page = organiser.get(POINTS)
    assert page.count('class="sent-page"') == 2 and "Các lần gửi trước" in page
    organiser.post(AT + "/show", use="1", was="2")
    organiser.post(AT + "/show", 409, use="2", was="2")
    organiser.post(AT + "/show", 404, use="3", was="1")
    assert "Ghi lý do bỏ tờ đã ký" in organiser.post(AT + "/take-back", 400, use="1", reason=" ")
    organiser.post(AT + "/take-back", use="1", reason="chụp thiếu dấu")
    assert shown(app) == [(False, "chụp thiếu dấu"), (False, ""), (True, "")]
    assert "Đã bỏ: chụp thiếu dấu" in organiser.get(POINTS)
    organiser.post(AT + "/show", use="2", was="0")
    organiser.post(AT + "/other", 404)
    # who sees the whole delegation opens it beside its other papers, and sends nothing there
    with app.app_context():
        lock_all(panel)
        back(panel, 2)
    page = chair.get(WHOLE)
    assert "Đoàn huyện Số 2: +4 điểm, văn bản số 15/QĐ-BTC" in page and page.count('class="sent-page"') == 1
    assert chair.client.get(f"{WHOLE}/2/1").mimetype == "image/jpeg"
    other.get(f"{WHOLE}/2/1", 404)
    chair.post(WHOLE + "/take-back", 404, use="2", reason="không phải việc của tôi")
    assert "Điểm này đã bỏ" in send(organiser, "", photo(5), status=409, at=POINTS + "/2/document")
    with app.app_context(), seals.snapshot():
        assert list(seals.inspect([STREAM]).named()) == []


def test_the_mc_waits_for_it_where_the_rules_say_so(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        give(panel, "doan-2", 100, 0)
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        assert sign(panel) == Signed(3)
        scanned([panel.contest_id], whole=True)
        assert lacking(panel) == []
        with transaction():
            festival = db.session.get_one(Festival, panel.festival_id)
            whole = {**festival.ruleset["whole_delegation"], "points_need_scan": True}
            festival.ruleset = {**festival.ruleset, "whole_delegation": whole}
        assert lacking(panel) == ["whole_points"]
    organiser, secretary = people(app, panel, "organiser", "secretary")
    said = "toàn đoàn: chưa có ảnh chụp hoặc bản quét văn bản của mọi điểm cộng, trừ"
    assert said in secretary.get("/whole-delegation") and "còn thiếu" in secretary.get(WHOLE)
    send(organiser, "", photo(9), at=AT)
    assert said not in secretary.get("/whole-delegation")
    with app.app_context():
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
        with reading():
            use = db.session.scalars(select(SignedScanUse.id).where(SignedScanUse.kind == ScanKind.POINTS)).one()
    assert "MC đã được đọc" in organiser.get(POINTS)
    organiser.post(AT + "/take-back", 409, use=str(use), reason="chụp nhầm")


@pytest.mark.both_databases
def test_the_database_itself_refuses_two_documents_in_use(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        give(panel, "doan-2", 4_000, 0)
        (organiser,) = people(app, panel, "organiser")
        for shade in (1, 2):
            send(organiser, "", photo(shade), at=AT)
        for changed in ({"shown": True}, {"points_id": None}):
            with pytest.raises(IntegrityError), transaction():
                row = db.session.scalars(select(SignedScanUse).order_by(SignedScanUse.id)).first()
                assert row is not None
                for name, value in changed.items():
                    setattr(row, name, value)
                db.session.flush()
