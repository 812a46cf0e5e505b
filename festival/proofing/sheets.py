"""How is a sheet of names drawn, kept when it is printed, marked as signed, and annulled when that was a mistake?

Of a delegation one sheet waits to be signed and one is in force. Whatever is shown again is the kept bytes. A sheet that
was signed after some of its names had changed says so itself: those names are not proofed by it. The delegation's row is
held by each step, so of two people at once the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.web.errors import Overtaken
from festival.documents import paper
from festival.papers.by_head import (
    DrawnForHead,
    annul,
    annul_reason,
    next_number,
    paper_of,
    papers_of,
    print_for_head,
    sign_by_head,
    signer_named,
)
from festival.papers.keeping import DrawnPaper, PaperSubject
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.proofing.names import NameKind, SheetName, at_signature, changed_since, kept_names
from festival.proofing.present import names_now
from festival.roster.models import Delegation
from festival.roster.steps import stream

CODE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A kept sheet in a list, without its bytes."""

    id: int
    state: PaperState
    number: str
    printed_at: datetime
    signed_at: datetime | None
    signer: str
    reason: str
    names: list[list[Any]]
    erased: bool


def names_of(delegation: Delegation) -> list[SheetName]:
    """What stands on the sheet if it is printed now; what is empty (no head yet) has its line to be written in."""
    with force_locale("vi"):
        return names_now([delegation])[delegation.id]


def draw_sheet(delegation: Delegation) -> DrawnForHead:
    """The sheet as it would be printed now. Drawing takes its time: before the transaction that keeps it."""
    names, number, at = names_of(delegation), next_number(delegation.id, PaperKind.NAMES), now()
    drawn = _said(names)
    with force_locale("vi"):
        content = paper.pdf("proofing/sheet.typ", _values(delegation, names, number, at, drawn))
    return DrawnForHead(number, at, DrawnPaper(content, drawn, ()))


def print_sheet(delegation_id: int, sheet: DrawnForHead, by: int | None) -> SignedPaper:
    """Keep what was drawn; printed again without a change it is the same paper. Overtaken when a name changed meanwhile."""
    delegation = _held(delegation_id)
    names = names_of(delegation)
    if _said(names) != sheet.drawing.drawn:
        raise Overtaken(_("Có tên vừa được sửa trong lúc in. Bấm in lần nữa để tờ giấy đúng tên mới."))
    subject = PaperSubject(delegation.festival_id, delegation_id=delegation.id)
    overtaken = _("Người khác vừa in bản dò tên của đoàn này. Mở lại trang để xem tờ mới nhất.")
    said = kept_names(each for each in names if each.text)
    return print_for_head(subject, PaperKind.NAMES, sheet, overtaken, by, names=said)


def sign_sheet(delegation_id: int, paper_id: int, signer: str, by: int | None) -> frozenset[str]:
    """The head signed this sheet; answers the keys of the names that had changed since it was printed."""
    name = signer_named(signer)
    delegation = _held(delegation_id)
    sheet = sheet_in(delegation, paper_id)
    before = sign_by_head(sheet, PaperSubject(delegation.festival_id, delegation_id=delegation.id), name, by)
    changed = changed_since(sheet.names, names_of(delegation))
    sheet.names = at_signature(sheet.names, changed)
    db.session.flush()
    _note(
        delegation,
        "names.signed",
        {"paper": sheet.id, "sha256": sheet.sha256, "drawn": sheet.drawn, "replaces": before.id if before else None},
        {"by": by, "signer": name, "number": sheet.number, "changed": sorted(changed)},
    )
    return changed


def annul_sheet(delegation_id: int, paper_id: int, reason: str, by: int | None) -> SignedPaper | None:
    """It was signed by mistake: it vouches for nothing any more. Answers the sheet before it, which is in force again."""
    clean = annul_reason(reason)
    delegation = _held(delegation_id)
    sheet = sheet_in(delegation, paper_id)
    before = annul(sheet, clean)
    about = {"paper": sheet.id, "restores": before.id if before else None}
    _note(delegation, "names.annulled", about, {"by": by, "reason": clean})
    return before


def sheets_of(delegation_id: int) -> list[SheetLine]:
    """The sheet that waits to be signed, the one in force, and every other that was signed, newest first."""
    return [
        SheetLine(
            row.id, row.state, row.number, row.printed_at, row.signed_at,
            row.signers[0]["name"] if row.signers else "", row.reason, row.names, bool(row.erased),
        )
        for row in papers_of(delegation_id, PaperKind.NAMES, SignedPaper.names)
    ]  # fmt: skip


def sheet_in(delegation: Delegation, paper_id: int) -> SignedPaper:
    """A sheet of this delegation. NotFound for any other paper."""
    return paper_of(delegation.id, PaperKind.NAMES, paper_id)


def _held(delegation_id: int) -> Delegation:
    db.session.execute(select(Delegation.id).where(Delegation.id == delegation_id).with_for_update())
    return db.session.get_one(Delegation, delegation_id, populate_existing=True)


def _note(delegation: Delegation, kind: str, about: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    ledger.append(stream(delegation.festival), kind, {"delegation": delegation.code, **about}, payload)


def _said(names: Sequence[SheetName]) -> str:
    """The digest of what the sheet says, whatever its style, number and day."""
    return sha256(canonical_json([[each.key, each.text, each.note] for each in names])).hexdigest()


def _values(
    delegation: Delegation, names: Sequence[SheetName], number: str, at: datetime, drawn: str
) -> dict[str, object]:
    """What the template reads: rows in their order, a family's own name as the heading of its people."""
    if all(each.kind in (NameKind.DELEGATION, NameKind.HEAD) for each in names):
        empty = str(_("Đoàn chưa có gia đình nào được duyệt: tờ này chỉ có tên đoàn và trưởng đoàn."))
    else:
        empty = ""
    day = local(at)
    return {
        "title": str(_("Bản dò tên")),
        "delegation": delegation.name,
        "festival": delegation.festival.name,
        "sheet": str(
            _("Tờ số %(number)s, in lúc %(at)s", number=number, at=f"{day:%H:%M} {day.day}/{day.month}/{day.year}")
        ),
        "ask": str(
            _(
                "Đọc từng tên đúng như sẽ in và đọc. Sai chữ nào, dấu nào thì ghi lại cả tên vào cột bên phải bằng bút. Đúng hết thì ký ở cuối."
            )
        ),
        "empty": empty,
        "head": [str(_("STT")), str(_("Tên như sẽ in và đọc")), str(_("Là")), str(_("Viết lại nếu sai"))],
        "rows": [
            {
                "number": str(place),
                "text": each.text or "…………………………",
                "note": each.note,
                "heading": each.kind in (NameKind.DELEGATION, NameKind.FAMILY),
            }
            for place, each in enumerate(names, start=1)
        ],
        "total": str(_("Cả tờ có %(n)s tên.", n=sum(bool(each.text) for each in names))),
        "code": str(_("Mã của tờ: %(code)s", code=drawn[:CODE_DIGITS])),
        "signers": [
            {
                "role": str(_("Trưởng đoàn")),
                "note": str(_("(đã dò từng tên; ký, ghi rõ họ tên)")),
                "name": "",
            },
            {"role": str(_("Người tiếp đón")), "note": str(_("(ký, ghi rõ họ tên)")), "name": ""},
        ],
    }
