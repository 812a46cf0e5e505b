"""Are the hours that were typed for the jury's review those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import RecordedRows, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.results.meeting.recorded import SAID
from festival.results.meeting.saying import said_columns
from festival.results.petition_desk.hours import hour_rows
from festival.results.petition_desk.models import HOUR


def _streams() -> dict[str, int]:
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class PetitionHoursReplay:
    """One festival's lines against the hours of its contests; each line says all that the row then holds."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id or 0
        self._hours = RecordedRows("petition_hour")

    def take(self, line: RecordLine) -> None:
        if line.kind == "edition_removed":  # nothing of it is left; the code may be used again
            self._hours = RecordedRows("petition_hour")
        elif line.kind == HOUR:
            self._hours.put(line, (line.subject["contest_id"],), **{name: line.says(name) for name in SAID})

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        found = [((contest_id,), said_columns(row)) for contest_id, row in hour_rows(self._festival).items()]
        yield from compare(self._hours, found, counts)


HOUR_OF = N_("Giờ xem xét kiến nghị phần thi «%(contest)s»", "seal_petition_hour")


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    named = select(Contest.id, Contest.name).where(Contest.id.in_({each.key[0] for each in differences}))
    contests: dict[object, str] = {row.id: row.name for row in db.session.execute(named)}
    return [HOUR_OF.filled(contest=contests.get(each.key[0], f"#{each.key[0]}")) for each in differences]


SEAL = Seal("petition hours", "decisions:", _streams, PetitionHoursReplay, _words)
