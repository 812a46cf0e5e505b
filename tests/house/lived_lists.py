"""A list to sign is made, put right, printed, received; what was noted by mistake is taken back; every step recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.results.paying import keeping
from festival.results.paying.kinds import PayKind
from festival.results.paying.printing import drawn_now, print_list
from festival.results.paying.reading import shown_list
from festival.results.paying.sums import LineSaid


def paid(festival_id: int, staff: int) -> None:
    """Of the panels: rates, one step back and forth, a line of its own, one left out, one moved; printed, received, one taken back."""
    with transaction():
        number = keeping.make_list(festival_id, PayKind.PANELS, staff).number
        shown = shown_list(db.session.get_one(Festival, festival_id), number)
        rates = {each.paid.said.role: 400_000 for each in shown.lines}
        keeping.say_list(festival_id, number, replace(shown.said, rates=rates), 1, staff)
        keeping.undo_list(festival_id, number, 2, staff)
        keeping.undo_list(festival_id, number, 3, None)
        first = shown.lines[0].paid.said
        keeping.say_line(festival_id, number, 1, replace(first, rate=1_500_000, tax=0, why="có hợp đồng"), 1, staff)
        keeping.say_line(festival_id, number, 2, replace(shown.lines[1].paid.said, out="vắng"), 1, staff)
        keeping.undo_line(festival_id, number, 2, 2, staff)
        keeping.add_line(festival_id, number, LineSaid("Danh Thị Mẫu", "Thư ký", rate=300_000, halves=3), staff)
        keeping.move_line(festival_id, number, len(shown.lines) + 1, 1, 4, staff)
        keeping.refresh_list(festival_id, number, 5, staff)
    with reading():
        drawing = drawn_now(db.session.get_one(Festival, festival_id), number)
    assert drawing is not None
    with transaction():
        print_list(festival_id, number, drawing, staff)
        keeping.receive(festival_id, number, 1, ("Danh Văn Thay", "Thủ quỹ", date(2024, 6, 15)), 2, staff)
        keeping.take_receipt_back(festival_id, number, 1, "ghi nhầm dòng", 3, staff)
        keeping.receive_rest(festival_id, number, "Thủ quỹ", date(2024, 6, 15), 5, staff)
        other = keeping.make_list(festival_id, PayKind.GIFTS, staff).number
        keeping.drop_list(festival_id, other, "lập nhầm", 1, staff)
