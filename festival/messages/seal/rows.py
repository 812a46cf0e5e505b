"""Are announcements in the table those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.messages.models import Announcement
from festival.messages.seal.recorded import AnnouncementRecord


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class AnnouncementReplay:
    """One festival's lines against its announcements."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = AnnouncementRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.announcements, self._rows(), counts)

    def _rows(self) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        for row in db.session.scalars(select(Announcement).where(Announcement.festival_id == self._festival)):
            yield (
                (row.id,),
                {
                    "audience": row.audience.value,
                    "delegation": row.delegation_id,
                    "entry": row.entry_code,
                    "words": row.words,
                    "until": row.until.isoformat(),
                    "state": row.state.value,
                    "version": row.version,
                },
            )


ANNOUNCED = N_("Thông báo số %(number)s, %(what)s", "seal_announcement")
COLUMN_WORDS = {
    "": N_("cả dòng", "seal_row"),
    "audience": N_("gửi tới ai", "seal_audience"),
    "delegation": N_("gửi tới ai", "seal_audience"),
    "entry": N_("gửi tới ai", "seal_audience"),
    "words": N_("nội dung", "seal_whole_content"),
    "until": N_("giờ hết hiệu lực", "seal_until"),
    "state": N_("trạng thái", "seal_state"),
    "version": N_("lần sửa", "seal_version"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which announcement, and what of it."""
    return [ANNOUNCED.filled(number=each.key[0], what=COLUMN_WORDS[each.column]) for each in differences]


SEAL = Seal("messages", "decisions:", streams, AnnouncementReplay, words)
