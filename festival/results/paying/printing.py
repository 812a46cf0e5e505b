"""How is a list printed and kept? Printed again without a change it is the same paper; what was printed stays as it was."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.papers.prints import DrawnPrint, print_kept, print_told
from festival.results.ladder.papers_there import hold_whole
from festival.results.paying.drawing import draw_list
from festival.results.paying.kinds import KINDS
from festival.results.paying.models import PayList, PaySheet
from festival.results.paying.reading import ShownList, digest_now, list_row, shown_list
from festival.results.paying.recorded import PRINTED
from festival.results.paying.sums import unpriced

NAMED = 3  # of those who have no rate, so many are named


def drawn_now(festival: Festival, number: int) -> DrawnPrint | None:
    """The paper as it would be printed now, None when it was printed already. Drawing takes its time: before the transaction
    that keeps it. Conflict where the list cannot be signed yet.
    """
    shown = shown_list(festival, number)
    _printable(shown)
    if shown.sheets and not shown.stale:
        return None
    lines = [each.paid for each in shown.counted]
    return draw_list(festival, number, shown.said, lines, 1 + (shown.sheets[0].number if shown.sheets else 0), now())


def print_list(festival_id: int, number: int, drawing: DrawnPrint, by: int | None) -> PaySheet:
    """Keep what was drawn. Overtaken when the list changed meanwhile, or somebody else printed."""
    festival = hold_whole(festival_id)
    shown = shown_list(festival, number)
    if digest_now(festival, shown.row, shown.said, shown.lines) != drawing.drawn:
        raise Overtaken(_("Danh sách vừa đổi trong lúc in. Bấm in lần nữa để tờ giấy đúng bản mới."))
    if shown.sheets and shown.sheets[0].number >= drawing.number:
        if shown.sheets[0].drawn == drawing.drawn:
            return shown.sheets[0]
        raise Overtaken(_("Người khác vừa in danh sách này. Mở lại trang để xem tờ mới nhất."))
    row = PaySheet(
        list_id=shown.row.id,
        **print_kept(drawing, by),
    )
    db.session.add(row)
    db.session.flush()
    subject = {
        "festival": festival.code,
        "list": number,
        "sheet": row.number,
        **print_told(row),
    }
    ledger.append(f"decisions:{festival.code}", PRINTED, subject, {"by": by})
    return row


def sheet_of(festival_id: int, number: int, sheet: int) -> PaySheet:
    """A print of a list of this edition. NotFound for any other."""
    row: PayList = list_row(festival_id, number)
    own = select(PaySheet).where(PaySheet.list_id == row.id, PaySheet.number == sheet)
    found = db.session.scalars(own).one_or_none()
    if found is None:
        raise NotFound()
    return found


def _printable(shown: ShownList) -> None:
    if not shown.row.says:
        raise Conflict(_("Danh sách đã được xóa theo hạn lưu."))
    if shown.row.dropped:
        raise Conflict(_("Danh sách này đã cất. Lấy lại rồi mới in."))
    if not shown.counted:
        raise Conflict(_("Danh sách chưa có ai. Thêm dòng rồi mới in."))
    missing = unpriced(each.paid for each in shown.counted)
    if missing and not (KINDS[shown.row.kind].goods and len(missing) == len(shown.counted)):
        names = ", ".join(missing[:NAMED])
        if len(missing) > NAMED:
            raise Conflict(
                _(
                    "%(names)s và %(n)s dòng nữa chưa có mức chi. Ghi mức chi rồi mới in.",
                    names=names,
                    n=len(missing) - NAMED,
                )
            )
        raise Conflict(_("%(names)s chưa có mức chi. Ghi mức chi rồi mới in.", names=names))
