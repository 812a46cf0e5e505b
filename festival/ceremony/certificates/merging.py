"""What does an office need to write giấy khen with its own word processor? A workbook: one line a winner, and the proposal."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from festival.ceremony.certificates.lines import CertificateGroup
from festival.ceremony.certificates.making import said
from festival.documents.xlsx_writing import new_book
from festival.editions.models import Festival


def workbook(festival: Festival, groups: Sequence[CertificateGroup]) -> bytes:
    """Two sheets: merge data (trộn thư) with a column for each line of a certificate, and the list of proposals with grounds."""
    book, out = new_book(_("Dữ liệu giấy chứng nhận, giấy khen"), festival.name)
    head = book.add_format({"bold": True, "bottom": 1})
    merge, proposal = book.add_worksheet(_("Trộn thư")), book.add_worksheet(_("Đề nghị khen thưởng"))
    columns = (_("Họ tên, tên gọi"), _("Đơn vị"), _("Giải"), _("Phần thi"), _("Tiết mục"), _("Quyết định"))
    merge.write_row(0, 0, columns, head)
    proposal.write_row(0, 0, (_("Số thứ tự"), columns[0], columns[1], _("Thành tích"), _("Hình thức đề nghị")), head)
    at = 0
    for group in groups:
        for each in group.certificates:
            at += 1
            lines = said(each)
            merge.write_row(
                at, 0, [lines[part] for part in ("name", "delegation", "award", "contest", "title")] + [each.number]
            )
            grounds = f"{lines['award']}, {lines['contest']}"
            proposal.write_row(at, 0, [at, each.name, each.delegation, grounds, ""])
    for sheet, widths in ((merge, (36, 30, 24, 34, 30, 18)), (proposal, (10, 36, 30, 50, 24))):
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
