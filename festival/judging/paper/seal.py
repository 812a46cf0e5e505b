"""Are the rows on paper those of the ledger, a picture by its bytes, and how is a difference said?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, select

from festival.contests.models import Contest, Judge
from festival.core.database import Base, db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.judging.paper.models import (
    BorderCheck,
    BorderTyping,
    PaperSeat,
    SheetConfirmation,
    SlipDecision,
    SlipPhoto,
    SlipTyping,
)
from festival.judging.paper.recorded import PaperRecord
from festival.judging.paper.recording import paper_stream, said_of


def _streams() -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for contest in db.session.scalars(select(Contest)):
        found[paper_stream(contest)].append(contest.id)
    return found


_OF_JUDGES = (PaperSeat, SlipTyping, SlipDecision, SlipPhoto)


def _own(model: type[Any], contests: Sequence[int]) -> Select[Any]:
    """The rows of a table that belong to these contests."""
    wanted = select(model)
    if model in _OF_JUDGES:
        return wanted.join(Judge, Judge.id == model.judge_id).where(Judge.contest_id.in_(contests))
    if model is BorderTyping:
        return wanted.join(BorderCheck).where(BorderCheck.contest_id.in_(contests))
    return wanted.where(model.contest_id.in_(contests))


class PaperReplay:
    """One stream against the rows of its contests."""

    def __init__(self, _stream: str, contest_ids: list[int] | None) -> None:
        self._contests = contest_ids or []
        self._record = PaperRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        for model in (*_OF_JUDGES, BorderCheck, BorderTyping, SheetConfirmation):
            # a seat that is struck off the panel takes its state with it
            gone = model is PaperSeat
            yield from compare(self._record.tables[model.__tablename__], self._rows(model), counts, gone_is_fine=gone)

    def _rows(self, model: type[Any]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        found = db.session.scalars(_own(model, self._contests).execution_options(yield_per=PART))
        for row in found:
            key = row.judge_id if model is PaperSeat else row.id
            yield (key,), _found(row)
            db.session.expunge(row)


def _found(row: Base) -> dict[str, Any]:
    said = said_of(row)
    if isinstance(row, SlipPhoto) and row.content:
        digest = sha256(row.content).hexdigest()
        said["sha256"] = digest if digest == row.sha256 else f"{digest}, {row.sha256}"
    return said


_TABLES: Mapping[str, Sentence] = {
    "paper_seat": N_("Ai chấm trên giấy"),
    "slip_typing": N_("Lượt gõ phiếu giấy"),
    "slip_decision": N_("Quyết định về phiếu giấy"),
    "slip_photo": N_("Ảnh của phiếu"),
    "border_check": N_("Kiểm tra ranh giới"),
    "border_typing": N_("Phiếu gõ lại khi kiểm tra ranh giới"),
    "sheet_confirmation": N_("Giám khảo xác nhận phiếu đã khóa"),
}
PLACE = N_("%(table)s, dòng %(row)s: %(column)s", "seal_paper")


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    return [PLACE.filled(table=_TABLES[each.table], row=str(each.key[0]), column=each.column) for each in differences]


SEAL = Seal("paper", "paper:", _streams, PaperReplay, _words)
