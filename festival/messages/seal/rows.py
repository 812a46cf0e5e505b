"""Are announcements, and what whom was told of turns, those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare, digest
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.messages.models import Announcement, TurnsTold
from festival.messages.seal.recorded import AnnouncementRecord
from festival.roster.models import Delegation


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
        # Who is erased takes along what was told; such a row leaves without a line of its own.
        yield from compare(self._record.told, self._told(), counts, gone_is_fine=True)

    def _told(self) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        wanted = select(TurnsTold).join(Delegation, Delegation.id == TurnsTold.delegation_id)
        for row in db.session.scalars(wanted.where(Delegation.festival_id == self._festival)):
            yield (
                (row.id,),
                {
                    "delegation": row.delegation_id,
                    "family": row.family_id,
                    "version": row.version,
                    "turns": digest(row.turns),
                    "way": row.way.value,
                    "told_by": row.told_by,
                    "stands": row.taken_back_at is None,
                },
            )

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
TOLD = N_("Tin lịch thi đã gửi số %(number)s, %(what)s", "seal_turns_told")
COLUMN_WORDS = {
    "": N_("cả dòng", "seal_row"),
    "audience": N_("gửi tới ai", "seal_audience"),
    "delegation": N_("gửi tới ai", "seal_audience"),
    "entry": N_("gửi tới ai", "seal_audience"),
    "words": N_("nội dung", "seal_whole_content"),
    "until": N_("giờ hết hiệu lực", "seal_until"),
    "state": N_("trạng thái", "seal_state"),
    "version": N_("lần sửa", "seal_version"),
    "family": N_("gửi tới ai", "seal_audience"),
    "turns": N_("nội dung", "seal_whole_content"),
    "way": N_("cách gửi", "seal_told_way"),
    "told_by": N_("người ghi", "seal_noted_by"),
    "stands": N_("trạng thái", "seal_state"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which announcement, and what of it."""
    return [
        (TOLD if each.table == "turns_told" else ANNOUNCED).filled(number=each.key[0], what=COLUMN_WORDS[each.column])
        for each in differences
    ]


SEAL = Seal("messages", "decisions:", streams, AnnouncementReplay, words)
