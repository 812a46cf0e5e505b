"""How is a delegation's receipt drawn, kept when it is printed, marked as signed with its photo, and annulled?

Of a delegation one receipt waits for the pen and one is in force; it tells all that was handed and holds. Whatever is
shown again is the kept bytes. The delegation's row is held by each step, so of two people at once the second sees what the
first did.
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

from festival.checkin.handouts.queries import handouts_of
from festival.checkin.handouts.standing import HandoutItem, HeldHandout, handed
from festival.checkin.handouts.words import ITEM_WORDS
from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.web.errors import Conflict, Overtaken
from festival.core.web.i18n import say
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
    still_in_force,
)
from festival.papers.keeping import DrawnPaper, PaperSubject
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.roster.models import Delegation

CODE_DIGITS = 16


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A kept receipt in a list, without its bytes."""

    id: int
    state: PaperState
    number: str
    printed_at: datetime
    signed_at: datetime | None
    signer: str
    reason: str
    drawn: str
    photo: bool
    erased: bool


def holding(delegation: Delegation) -> list[HeldHandout]:
    """What was handed to the delegation and holds."""
    return [each for each in handouts_of(delegation.festival_id, [delegation.id]).get(delegation.id, []) if each.holds]


def draw_receipt(delegation: Delegation) -> DrawnForHead:
    """The receipt as it would be printed now. Drawing takes its time: before the transaction that keeps it."""
    held = holding(delegation)
    if not held:
        raise Conflict(_("Đoàn chưa được giao gì nên chưa có biên bản."))
    number, at, drawn = next_number(delegation.id, PaperKind.RECEIPT), now(), said_by(held)
    with force_locale("vi"):
        content = paper.pdf("checkin/receipt.typ", _values(delegation, held, number, at, drawn))
    return DrawnForHead(number, at, DrawnPaper(content, drawn, ()))


def print_receipt(delegation_id: int, receipt: DrawnForHead, by: int | None) -> SignedPaper:
    """Keep what was drawn; printed again without a change it is the same paper. Overtaken when counts changed meanwhile."""
    delegation = _held(delegation_id)
    if said_by(holding(delegation)) != receipt.drawing.drawn:
        raise Overtaken(_("Bàn tiếp đón vừa ghi thêm trong lúc in. Bấm in lần nữa để biên bản đúng số mới."))
    subject = PaperSubject(delegation.festival_id, delegation_id=delegation.id, receipt=True)
    overtaken = _("Người khác vừa in biên bản của đoàn này. Mở lại trang để xem tờ mới nhất.")
    return print_for_head(subject, PaperKind.RECEIPT, receipt, overtaken, by)


def sign_receipt(delegation_id: int, paper_id: int, signer: str, photo: bytes | None, by: int | None) -> None:
    """The head signed this receipt; `photo` of the signed page, when there is one."""
    name = signer_named(signer)
    delegation = _held(delegation_id)
    kept = receipt_in(delegation, paper_id)
    subject = PaperSubject(delegation.festival_id, delegation_id=delegation.id, receipt=True)
    before = sign_by_head(kept, subject, name, by)
    kept.photo = photo
    db.session.flush()
    about = {"paper": kept.id, "sha256": kept.sha256, "drawn": kept.drawn, "replaces": before.id if before else None}
    _note(delegation, "receipt.signed", about | _pictured(photo), {"by": by, "signer": name, "number": kept.number})


def picture_receipt(delegation_id: int, paper_id: int, photo: bytes, by: int | None) -> None:
    """A photo of the signed page, afterwards or in place of a bad one."""
    delegation = _held(delegation_id)
    kept = receipt_in(delegation, paper_id)
    still_in_force(kept)
    kept.photo = photo
    db.session.flush()
    _note(delegation, "receipt.pictured", {"paper": kept.id} | _pictured(photo), {"by": by})


def annul_receipt(delegation_id: int, paper_id: int, reason: str, by: int | None) -> None:
    """It was marked as signed by mistake. The one before it is in force again."""
    clean = annul_reason(reason)
    delegation = _held(delegation_id)
    kept = receipt_in(delegation, paper_id)
    before = annul(kept, clean)
    about = {"paper": kept.id, "restores": before.id if before else None}
    _note(delegation, "receipt.annulled", about, {"by": by, "reason": clean})


def receipts_of(delegation_id: int) -> list[ReceiptLine]:
    """The receipt that waits for the pen, the one in force, and every other that was signed, newest first."""
    rows = papers_of(delegation_id, PaperKind.RECEIPT, SignedPaper.drawn, SignedPaper.photo.is_not(None).label("photo"))
    return [
        ReceiptLine(
            row.id, row.state, row.number, row.printed_at, row.signed_at, row.signers[0]["name"] if row.signers else "",
            row.reason, row.drawn, bool(row.photo), bool(row.erased),
        )
        for row in rows
    ]  # fmt: skip


def receipt_in(delegation: Delegation, paper_id: int) -> SignedPaper:
    """A receipt of this delegation. NotFound for any other paper."""
    return paper_of(delegation.id, PaperKind.RECEIPT, paper_id)


def said_by(held: Sequence[HeldHandout]) -> str:
    """The digest of what a receipt says, whatever its style, number and day."""
    told = [[each.said.root, each.said.mid, dict(each.said.items), each.receiver] for each in held]
    return sha256(canonical_json(told)).hexdigest()


def _held(delegation_id: int) -> Delegation:
    db.session.execute(select(Delegation.id).where(Delegation.id == delegation_id).with_for_update())
    return db.session.get_one(Delegation, delegation_id, populate_existing=True)


def _note(delegation: Delegation, kind: str, about: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
    ledger.append(f"checkin:{delegation.festival.code}", kind, {"delegation": delegation.code, **about}, payload)


def _pictured(photo: bytes | None) -> dict[str, str]:
    return {} if photo is None else {"photo": sha256(photo).hexdigest()}


def _values(
    delegation: Delegation, held: Sequence[HeldHandout], number: str, at: datetime, drawn: str
) -> dict[str, object]:
    """What the template reads: a row for each handing-over, and what they come to."""
    day = local(at)
    sums = handed(held)
    rows = [
        [when(each), *(str(each.said.items.get(item, 0) or "–") for item in HandoutItem), each.receiver]
        for each in held
    ]
    return {
        "title": str(_("Biên bản giao nhận")),
        "delegation": delegation.name,
        "festival": delegation.festival.name,
        "sheet": str(
            _("Tờ số %(number)s, in lúc %(at)s", number=number, at=f"{day:%H:%M} {day.day}/{day.month}/{day.year}")
        ),
        "head": [str(_("Lúc")), *(say(ITEM_WORDS[item]) for item in HandoutItem), str(_("Người nhận"))],
        "rows": rows,
        "total": [str(_("Cộng")), *(str(sums[item.value]) for item in HandoutItem), ""],
        "agree": str(_("Bên nhận đã đếm và nhận đủ số trên.")),
        "code": str(_("Mã của tờ: %(code)s", code=drawn[:CODE_DIGITS])),
        "signers": [
            {"role": str(_("Trưởng đoàn")), "note": str(_("(ký, ghi rõ họ tên)")), "name": ""},
            {"role": str(_("Người giao")), "note": str(_("(ký, ghi rõ họ tên)")), "name": ""},
        ],
    }


def when(held: HeldHandout) -> str:
    """When things went over the desk, as it stands on paper."""
    at = local(datetime.fromtimestamp(held.at_ms / 1000, now().tzinfo))
    return f"{at:%H:%M} {at.day}/{at.month}"
