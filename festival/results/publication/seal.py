"""Are the published lines those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.results.proof.lines import proof_lines, proof_stream, said_columns
from festival.results.proof.recorded import ProofRecord


def _streams() -> dict[str, int]:
    return {proof_stream(each): each.id for each in db.session.scalars(select(Festival))}


class ProofReplay:
    """One festival's lines against its rows."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id or 0
        self._record = ProofRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        rows = [((row.n,), said_columns(row)) for row in proof_lines(self._festival)]
        yield from compare(self._record.lines, rows, counts)


LINE = N_("Dòng công bố số %(n)s, %(what)s", "seal_proof_line")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "what": N_("công bố gì", "seal_proof_what"),
    "contest": N_("phần thi", "seal_proof_contest"),
    "evening": N_("tối nào", "seal_proof_evening"),
    "late": N_("trước hay sau điểm đầu tiên", "seal_proof_late"),
    "reason": N_("lý do", "seal_proof_reason"),
    "content": N_("mã đã công bố", "seal_proof_content"),
    "opens": N_("dữ liệu đầu vào của mã", "seal_proof_opens"),
    "by_user": N_("người công bố", "seal_proof_by"),
}


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    return [LINE.filled(n=each.key[0], what=COLUMNS[each.column]) for each in differences]


SEAL = Seal("proof", "proof:", _streams, ProofReplay, _words)
