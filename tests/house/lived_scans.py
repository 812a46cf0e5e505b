"""Signed papers: sent, sent again, the first one shown again, one taken back; the decision's number follows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.papers.scans.award_sheets import SheetKind
from festival.papers.scans.models import SignedScanUse
from festival.papers.scans.needed import ScanKind
from festival.results.award_papers import keeping as sheets
from festival.results.award_papers.said import SheetSaid
from festival.results.ladder.sign import number_decision
from festival.results.scans import keeping
from tests.harness.scanned import pages


def sent(contest_id: int, staff: int) -> None:
    """Of a contest that has its decision."""
    with transaction():
        festival_id = db.session.get_one(Contest, contest_id).festival_id
        number_decision(contest_id, "105/QĐ-BTC", date(2024, 6, 14), "105/QĐ", staff)
        keeping.send(festival_id, ScanKind.MINUTES, [contest_id], False, pages(1, 2), staff)
        keeping.send(festival_id, ScanKind.MINUTES, [contest_id], False, pages(3), staff)
        keeping.send(festival_id, ScanKind.DECISION, [contest_id], False, pages(4), staff)
        first, second, decision = db.session.scalars(select(SignedScanUse.id).order_by(SignedScanUse.id)).all()
        keeping.show_again(festival_id, first, second, staff)
        keeping.take_back(festival_id, decision, "chụp nhầm", staff)


def sent_of_whole(festival_id: int, staff: int) -> None:
    """Its minutes; then the decision about all awards, printed and sent back signed."""
    with transaction():
        keeping.send(festival_id, ScanKind.MINUTES, [], True, pages(5), staff)
        keeping.send_document(festival_id, 1, pages(8), staff)
        keeping.send_document(festival_id, 1, pages(9, 10), staff)
        documents = select(SignedScanUse.id).where(SignedScanUse.kind == ScanKind.POINTS).order_by(SignedScanUse.id)
        first, second = db.session.scalars(documents).all()
        keeping.show_again(festival_id, first, second, staff)
        keeping.take_back(festival_id, first, "chụp thiếu dấu", staff)
        keeping.show_again(festival_id, second, 0, staff)
    said = SheetSaid("", "Rạch Giá", (), "TRƯỞNG BAN TỔ CHỨC", "Nguyễn Văn Chủ", ("Các đoàn",), {"Nhất": 1_500_000})
    with reading():
        codes = [code for code, _name in sheets.signed_codes(db.session.get_one(Festival, festival_id))[0]]
        festival = db.session.get_one(Festival, festival_id)
        drawing, codes = sheets.drawn_now(festival, SheetKind.DECISION, codes, True, said)
    with transaction():
        row = sheets.print_sheet(festival_id, SheetKind.DECISION, codes, True, said, drawing, staff)
        ids = keeping.contest_ids(festival_id, codes)
        keeping.send(festival_id, ScanKind.DECISION, ids, True, pages(6), staff, sheet_id=row.id)
