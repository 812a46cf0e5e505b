"""Are the lists to sign, their lines and prints those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.papers.prints import digest_there
from festival.results.paying.models import PayLine, PayList, PaySheet
from festival.results.paying.recorded import OF_LINE, OF_LIST, PayRecord

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class PayReplay:
    """One festival's lines against its lists to sign."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id or 0
        self._record = PayRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.lists, self._lists(), counts)
        yield from compare(self._record.lines, self._lines(), counts)
        yield from compare(self._record.sheets, self._sheets(), counts)

    def _lists(self) -> Found:
        for row in db.session.scalars(select(PayList).where(PayList.festival_id == self._festival)):
            yield (row.number,), {**{name: getattr(row, name) for name in OF_LIST}, "kind": row.kind.value}

    def _lines(self) -> Found:
        own = select(PayLine, PayList.number).join(PayList, PayList.id == PayLine.list_id)
        for row, number in db.session.execute(own.where(PayList.festival_id == self._festival)):
            yield (number, row.number), {name: getattr(row, name) for name in OF_LINE}

    def _sheets(self) -> Found:
        """With the digests of the bytes there are; of erased ones those that stay."""
        of = PaySheet
        own = select(
            PayList.number,
            of.number.label("sheet"),
            of.content,
            of.sha256,
            of.editable,
            of.editable_sha256,
            of.drawn,
            of.printed_by,
        )
        for row in db.session.execute(
            own.join(PayList, PayList.id == of.list_id).where(PayList.festival_id == self._festival)
        ):
            yield (
                (row.number, row.sheet),
                {
                    "sha256": digest_there(row.content, row.sha256),
                    "editable_sha256": digest_there(row.editable, row.editable_sha256),
                    "drawn": row.drawn,
                    "printed_by": row.printed_by,
                },
            )


SAID = {
    "pay_list": N_("Danh sách ký nhận số %(list)s", "seal_pay_list"),
    "pay_line": N_("Dòng %(line)s của danh sách ký nhận số %(list)s", "seal_pay_line"),
    "pay_sheet": N_("Bản in %(line)s của danh sách ký nhận số %(list)s", "seal_pay_sheet"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which list, line or print."""
    return [SAID[each.table].filled(list=str(each.key[0]), line=str(each.key[-1])) for each in differences]


SEAL = Seal("paying", "decisions:", streams, PayReplay, words)
