"""Are sheets of names and confirmations in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.papers.models import PaperKind, SignedPaper
from festival.proofing.models import NameConfirmation
from festival.proofing.seal.recorded import ProofingRecord
from festival.roster.models import Delegation
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class ProofingReplay:
    """One festival's lines against its sheets and confirmations."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = ProofingRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.sheets, self._sheets(), counts)
        yield from compare(self._record.confirmations, self._confirmations(), counts)

    def _sheets(self) -> Found:
        """Every sheet that was signed, with the digest of the bytes there are; of erased bytes the digest that stays."""
        wanted = (
            select(SignedPaper.id, SignedPaper.state, SignedPaper.content, SignedPaper.sha256, Delegation.code)
            .join(Delegation, Delegation.id == SignedPaper.delegation_id)
            .where(
                SignedPaper.festival_id == self._festival,
                SignedPaper.kind == PaperKind.NAMES,
                SignedPaper.signed_at.is_not(None),
            )
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            found = sha256(row.content).hexdigest() if row.content else row.sha256
            yield (row.code, row.id), {"state": row.state.value, "sha256": found}

    def _confirmations(self) -> Found:
        wanted = select(
            NameConfirmation.id,
            Contest.code.label("contest"),
            NameConfirmation.reason,
            NameConfirmation.by_user,
            NameConfirmation.names,
        ).outerjoin(Contest, Contest.id == NameConfirmation.contest_id)
        for row in db.session.execute(wanted.where(NameConfirmation.festival_id == self._festival)):
            columns = row._asdict()
            yield (columns.pop("id"),), {**columns, "contest": row.contest or ""}


OF_SHEET = N_("Bản dò tên của «%(name)s»: %(what)s", "seal_name_sheet")
OF_CONFIRMATION = N_("Xác nhận tên chưa dò số %(name)s: %(what)s", "seal_name_confirmation")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "state": N_("trạng thái", "seal_state"),
    "sha256": N_("tờ giấy đã lưu", "seal_sheet_bytes"),
    "contest": N_("phần thi", "seal_confirmed_contest"),
    "reason": N_("lý do", "seal_reason"),
    "by_user": N_("người xác nhận", "seal_confirmed_by"),
    "names": N_("các tên", "seal_confirmed_names"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Whose sheet, or which confirmation."""
    codes = {str(each.key[0]) for each in differences}
    rows = db.session.execute(select(Delegation.code, Delegation.name).where(Delegation.code.in_(codes)))
    names = {row.code: row.name for row in rows}
    return [
        (OF_SHEET if each.table == "name_sheet" else OF_CONFIRMATION).filled(
            name=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column]
        )
        for each in differences
    ]


SEAL = Seal("proofing", "decisions:", streams, ProofingReplay, words)
