"""Which sheet was printed, which one does it replace, and does it still say what stands?

As the script of the MC: a print has a number among those of its kind, the same words printed again bear the number they had, and
only a digest is kept. Whatever changes it (an order, a mark, an award, an agreement taken back) makes the paper overtaken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from festival.ceremony.order.models import CeremonyPart, CeremonyPrint, CeremonySheet
from festival.ceremony.order.reading import keepsakes, tonight
from festival.ceremony.order.recorded import PRINTED
from festival.ceremony.order.telling import CeremonyTold, sheet_of
from festival.ceremony.order.tracks import tracks
from festival.ceremony.order.words import PART_WORDS, SHEET_WORDS
from festival.ceremony.order.writing import agenda_of
from festival.ceremony.reveal.in_hand import Labelled, PaperInHand, in_hand, parts_kept
from festival.ceremony.reveal.reading import EveningPart
from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.statements import alone_on
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import moment, say
from festival.documents import paper
from festival.editions.models import Festival

TEMPLATE = "ceremony/order/sheet.typ"
LETTERS = {CeremonySheet.MC: 16, CeremonySheet.RECEPTION: 12, CeremonySheet.SOUND: 12}


@dataclass(frozen=True, slots=True)
class SheetText:
    """What a sheet says now, and its digest."""

    sections: list[dict[str, Any]]
    digest: str

    @property
    def labelled(self) -> Labelled:
        """Item by item."""
        return [(f"{part['name']}: {item['head']}", item) for part in self.sections for item in part["items"]]


@dataclass(frozen=True, slots=True)
class SheetStands:
    """A sheet as its page shows it: what was printed last, and whether that still stands."""

    sheet: CeremonySheet
    printed: CeremonyPrint | None
    good: bool
    empty: bool


def ceremony(festival: Festival, evening: Sequence[EveningPart] | None = None) -> CeremonyTold:
    """Everything the sheets are made of, read once; `evening`: where that was read already."""
    awards = tonight(festival, evening)
    with force_locale("vi"):
        parts = [
            (say(PART_WORDS[part]), agenda_of(festival.id, part)[0])
            for part in (CeremonyPart.OPENING, CeremonyPart.CLOSING)
        ]
        codes = {item.entry for _name, agenda in parts for item in agenda.standing if item.entry}
        played = {each.code: each for each in tracks(festival.id, codes)} if codes else {}
    return CeremonyTold(parts, list(awards.guests.values()), keepsakes(festival.id), awards, played)


def text_of(told: CeremonyTold, sheet: CeremonySheet) -> SheetText:
    """As it would be printed now."""
    with force_locale("vi"):
        sections = sheet_of(told, sheet)
    return SheetText(sections, sha256(canonical_json(sections)).hexdigest())


def prints_of_sheet(festival_id: int, sheet: CeremonySheet) -> list[CeremonyPrint]:
    """Every print of one kind, the newest first."""
    own = select(CeremonyPrint).where(CeremonyPrint.festival_id == festival_id, CeremonyPrint.sheet == sheet)
    return list(db.session.scalars(own.order_by(CeremonyPrint.number.desc())))


def last_prints(festival_id: int) -> dict[CeremonySheet, CeremonyPrint]:
    """The newest of each kind."""
    own = select(CeremonyPrint).where(CeremonyPrint.festival_id == festival_id).order_by(CeremonyPrint.number)
    return {row.sheet: row for row in db.session.scalars(own)}


def sheet_in_hand(told: CeremonyTold, prints: Sequence[CeremonyPrint], sheet: CeremonySheet) -> PaperInHand | None:
    """The print somebody may hold, against what stands now; `prints`: of this sheet, the newest first."""
    text = text_of(told, sheet)
    return in_hand(prints, text.digest, text.labelled)


def sheets(festival: Festival) -> list[SheetStands]:
    """All three, as they stand."""
    told, last = ceremony(festival), last_prints(festival.id)
    found = []
    for sheet in CeremonySheet:
        text, row = text_of(told, sheet), last.get(sheet)
        found.append(SheetStands(sheet, row, row is not None and row.digest == text.digest, not text.sections))
    return found


def print_sheet(festival: Festival, sheet: CeremonySheet, by: int | None) -> int:
    """The number under which it is printed. Conflict where there is nothing to print."""
    alone_on(CeremonyPrint)
    text, before = text_of(ceremony(festival), sheet), last_prints(festival.id).get(sheet)
    if not text.sections:
        raise Conflict(_("Chưa có mục nào trong chương trình. Lấy mẫu hoặc thêm mục trước, rồi in."))
    if before is not None and before.digest == text.digest:
        return before.number
    number = before.number + 1 if before else 1
    said = {"digest": text.digest, "parts": parts_kept(text.labelled)}
    row = CeremonyPrint(festival_id=festival.id, sheet=sheet, number=number, **said, printed_at=now(), by_user=by)
    db.session.add(row)
    db.session.flush()
    subject = {"festival": festival.code, "sheet": sheet.value, "number": number}
    ledger.append(f"decisions:{festival.code}", PRINTED, subject, said | {"by": by})
    return number


def values_of(festival: Festival, sheet: CeremonySheet, number: int) -> tuple[dict[str, Any], CeremonyPrint]:
    """What the paper of this number is drawn from. NotFound, or Conflict once it would say something else."""
    own = CeremonyPrint.festival_id == festival.id, CeremonyPrint.sheet == sheet, CeremonyPrint.number == number
    row = db.session.scalars(select(CeremonyPrint).where(*own)).first()
    if row is None:
        raise NotFound()
    text = text_of(ceremony(festival), sheet)
    if text.digest != row.digest:
        raise Conflict(
            _("Bản %(n)s không còn đúng: chương trình đã thay đổi từ lúc in. In bản mới và thu lại bản cũ.", n=number)
        )
    with force_locale("vi"):
        mark = _("bản %(n)s, in lúc %(at)s", n=number, at=f"{local(row.printed_at):%H:%M}")
        if number > 1:
            mark = _("%(this)s, thay bản %(before)s", this=mark, before=number - 1)
        return {
            "title": say(SHEET_WORDS[sheet]),
            "under": festival.name,
            "mark": mark,
            "at": moment(row.printed_at),
            "letters": LETTERS[sheet],
            "sections": text.sections,
        }, row


def drawn(values: dict[str, Any], row: CeremonyPrint) -> bytes:
    """The PDF; the same print gives the same bytes."""
    return paper.pdf(TEMPLATE, values, at=row.printed_at)
