"""Are the orders of the ceremony and the printed sheets those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from festival.ceremony.order.models import CeremonyOrder, CeremonyPart, CeremonyPrint, CeremonySheet
from festival.ceremony.order.recorded import OrderRecord
from festival.ceremony.order.words import PART_WORDS, SHEET_WORDS
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival


def _streams() -> dict[str, int]:
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class OrderReplay:
    """One festival's lines against its rows."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id or 0
        self._record = OrderRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        orders = db.session.scalars(select(CeremonyOrder).where(CeremonyOrder.festival_id == self._festival))
        found = [((row.part.value, row.version), {"content": row.content, "by_user": row.by_user}) for row in orders]
        yield from compare(self._record.orders, found, counts)
        prints = db.session.scalars(select(CeremonyPrint).where(CeremonyPrint.festival_id == self._festival))
        columns = ("digest", "parts", "by_user")
        said = [((row.sheet.value, row.number), {name: getattr(row, name) for name in columns}) for row in prints]
        yield from compare(self._record.prints, said, counts)


ORDER = N_("%(part)s, bản ghi số %(n)s, %(what)s", "seal_ceremony_order")
PRINT = N_("%(sheet)s, bản in số %(n)s, %(what)s", "seal_ceremony_print")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "content": N_("điều đã ghi", "seal_said"),
    "digest": N_("nội dung đã in", "seal_printed"),
    "parts": N_("từng phần đã in", "seal_printed_parts"),
    "by_user": N_("người ghi", "seal_said_by"),
}


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    return [
        ORDER.filled(part=PART_WORDS[CeremonyPart(str(each.key[0]))], n=each.key[1], what=COLUMNS[each.column])
        if each.table == "ceremony_order"
        else PRINT.filled(sheet=SHEET_WORDS[CeremonySheet(str(each.key[0]))], n=each.key[1], what=COLUMNS[each.column])
        for each in differences
    ]


SEAL = Seal("ceremony", "decisions:", _streams, OrderReplay, _words)
