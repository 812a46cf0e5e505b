"""Are the handings-over in the table those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from festival.checkin.handouts.models import Handout
from festival.checkin.handouts.recorded import HandoutRecord
from festival.checkin.seal.rows import streams
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.papers.models import PaperKind, SignedPaper
from festival.papers.prints import digest_there
from festival.roster.models import Delegation


class HandoutReplay:
    """One festival's lines of the desk against its rows."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = HandoutRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.handouts, self._rows(), counts)
        yield from compare(self._record.papers, self._papers(), counts)

    def _papers(self) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        """The receipts that were signed; of one whose bytes were erased what stays is compared."""
        wanted = (
            select(
                SignedPaper.id, Delegation.code, SignedPaper.state, SignedPaper.sha256, SignedPaper.drawn,
                SignedPaper.content, SignedPaper.photo,
            )
            .join(Delegation, Delegation.id == SignedPaper.delegation_id)
            .where(
                SignedPaper.festival_id == self._festival,
                SignedPaper.kind == PaperKind.RECEIPT,
                SignedPaper.signed_at.is_not(None),
            )
            .execution_options(yield_per=PART)
        )  # fmt: skip
        for row in db.session.execute(wanted):
            erased = not row.content
            photo = sha256(row.photo).hexdigest() if row.photo else ""
            yield (
                (row.id,),
                {
                    "delegation": row.code,
                    "state": row.state.value,
                    "sha256": digest_there(row.content, row.sha256),
                    "drawn": row.drawn,
                    "photo": self._record.papers.rows.get((row.id,), {}).get("photo", "") if erased else photo,
                },
            )

    def _rows(self) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        wanted = (
            select(
                Handout.device_number,
                Handout.seq,
                Delegation.code.label("delegation"),
                Handout.mid,
                Handout.root,
                Handout.items,
                Handout.at_ms,
                Handout.station,
                Handout.receiver,
                Handout.reason,
            )
            .join(Delegation, Delegation.id == Handout.delegation_id)
            .where(Handout.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.device_number, row.seq), row._asdict()


HANDOUT = N_("Lượt giao số %(seq)s của thiết bị %(device)s, %(what)s", "seal_handout")
RECEIPT = N_("Biên bản giao nhận số %(paper)s trong bảng, %(what)s", "seal_receipt")
COLUMNS = {
    "state": N_("tình trạng", "seal_receipt_state"),
    "sha256": N_("nội dung tờ giấy", "seal_receipt_content"),
    "drawn": N_("mã của tờ", "seal_receipt_drawn"),
    "photo": N_("ảnh tờ đã ký", "seal_receipt_photo"),
    "": N_("cả dòng", "seal_row"),
    "delegation": N_("đoàn", "seal_whose_delegation"),
    "mid": N_("mã tin", "seal_handout_mid"),
    "root": N_("lượt được sửa", "seal_handout_root"),
    "items": N_("số lượng", "seal_handout_items"),
    "at_ms": N_("giờ", "seal_moment"),
    "station": N_("bàn", "seal_handout_station"),
    "receiver": N_("người nhận", "seal_handout_receiver"),
    "reason": N_("lý do", "seal_handout_reason"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which message of which device, which receipt."""
    return [
        RECEIPT.filled(paper=each.key[0], what=COLUMNS[each.column])
        if each.table == "signed_paper"
        else HANDOUT.filled(seq=each.key[1], device=each.key[0], what=COLUMNS[each.column])
        for each in differences
    ]


SEAL = Seal("handouts", "checkin:", streams, HandoutReplay, words)
