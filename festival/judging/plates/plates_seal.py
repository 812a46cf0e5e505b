"""Are the plates of the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.judging.models import Plate
from festival.judging.plates.plates_recorded import PlatesRecord
from festival.judging.plates.putting import plates_stream
from festival.roster.models import Entry


def _streams() -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for contest in db.session.scalars(select(Contest).where(Contest.plates_of != "")):
        found[plates_stream(contest)].append(contest.id)
    return found


class PlatesReplay:
    """One stream against the rows of its contests."""

    def __init__(self, _stream: str, contest_ids: list[int] | None) -> None:
        self._contests = contest_ids or []
        self._record = PlatesRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.plates, self._rows(), counts)

    def _rows(self) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        wanted = select(Plate.entry_id, Plate.number, Entry.from_id).join(Entry, Entry.id == Plate.entry_id)
        for row in db.session.execute(wanted.where(Plate.contest_id.in_(self._contests))):
            yield (row.entry_id,), row._asdict()


SAID = N_("Mã mâm của lượt thi %(entry)s: %(column)s", "seal_plate")


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    return [SAID.filled(entry=each.key[0], column=each.column) for each in differences]


SEAL = Seal("plates", "plates:", _streams, PlatesReplay, _words)
