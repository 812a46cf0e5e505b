"""Are the lines, versions and documents of reports those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from festival.ceremony.report.models import ReportFile, ReportLine, ReportVersion
from festival.ceremony.report.seal.recorded import ReportRecord
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class ReportReplay:
    """One festival's lines against its report."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = ReportRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.lines, self._lines(), counts)
        yield from compare(self._record.versions, self._versions(), counts)
        yield from compare(self._record.files, self._files(), counts)

    def _lines(self) -> Found:
        for row in db.session.scalars(select(ReportLine).where(ReportLine.festival_id == self._festival)):
            yield (
                (row.id,),
                {
                    "kind": row.kind.value,
                    "amount": row.amount_vnd,
                    "version": row.version,
                    "out": row.taken_back_at is not None,
                    "name": row.name,
                    "grounds": row.grounds,
                },
            )

    def _versions(self) -> Found:
        """`content`: whether it still is what its digest says."""
        for row in db.session.scalars(select(ReportVersion).where(ReportVersion.festival_id == self._festival)):
            yield (
                (row.number,),
                {
                    "sha256": row.sha256,
                    "version": row.version,
                    "out": row.taken_back_at is not None,
                    "reason": row.reason,
                    "content": sha256(canonical_json(row.content)).hexdigest() == row.sha256,
                },
            )

    def _files(self) -> Found:
        wanted = (
            select(ReportVersion.number, ReportFile.form, ReportFile.sha256, ReportFile.content)
            .join(ReportVersion, ReportVersion.id == ReportFile.report_id)
            .where(ReportVersion.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            same = sha256(row.content).hexdigest() == row.sha256
            yield (row.number, row.form.value), {"sha256": row.sha256, "content": same}


LINE = N_("Dòng số %(code)s của báo cáo", "seal_report_line")
VERSION = N_("Bản %(code)s của báo cáo", "seal_report_version")


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which line, or which version."""
    return [(LINE if each.table == "report_line" else VERSION).filled(code=str(each.key[0])) for each in differences]


SEAL = Seal("report", "decisions:", streams, ReportReplay, words)
