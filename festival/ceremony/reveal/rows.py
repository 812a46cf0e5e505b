"""Do the runs, the order and the prints say what the ledger says, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.ceremony.reveal.models import Reveal, RevealOrder, ScriptPrint
from festival.ceremony.reveal.recorded import RevealRecord
from festival.ceremony.reveal.running import stream
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class RevealReplay:
    """One festival's lines against its rows."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = RevealRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        yield from compare(record.runs, self._runs(), counts)
        yield from compare(record.orders, self._orders(), counts)
        yield from compare(record.prints, self._prints(), counts)

    def _runs(self) -> Found:
        for row in db.session.scalars(select(Reveal).where(Reveal.festival_id == self._festival)):
            stands = {name: getattr(row, name) for name in ("practice", "step", "key", "version")}
            yield (row.id,), {**stands, "ended": row.ended_at is not None}

    def _orders(self) -> Found:
        own = select(Festival.code, RevealOrder.codes, RevealOrder.version).join(
            Festival, Festival.id == RevealOrder.festival_id
        )
        for row in db.session.execute(own.where(Festival.id == self._festival)):
            yield (row.code,), {"codes": row.codes, "version": row.version}

    def _prints(self) -> Found:
        own = select(ScriptPrint.number, ScriptPrint.digest, ScriptPrint.parts).where(
            ScriptPrint.festival_id == self._festival
        )
        for row in db.session.execute(own):
            yield (row.number,), {"digest": row.digest, "parts": row.parts}


RUN = N_("Lần công bố số %(name)s, %(what)s", "seal_reveal")
ORDER = N_("Thứ tự công bố của %(name)s, %(what)s", "seal_reveal_order")
PRINT = N_("Bản in lời công bố số %(name)s, %(what)s", "seal_script_print")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "practice": N_("tập dượt", "seal_practice"),
    "step": N_("bước", "seal_step"),
    "key": N_("giải đang chiếu", "seal_award_on"),
    "version": N_("số lần chuyển", "seal_moves"),
    "ended": N_("đã kết thúc", "seal_ended"),
    "codes": N_("thứ tự phần thi", "seal_order"),
    "digest": N_("nội dung đã in", "seal_printed"),
    "parts": N_("từng phần đã in", "seal_printed_parts"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which run, order or print."""
    said = {"reveal": RUN, "reveal_order": ORDER, "script_print": PRINT}
    return [said[each.table].filled(name=each.key[0], what=COLUMNS[each.column]) for each in differences]


SEAL = Seal("reveal", "reveal:", streams, RevealReplay, words)
