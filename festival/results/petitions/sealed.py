"""Are petitions and what was done with them in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.papers.prints import digest_there
from festival.results.petitions.models import Petition, PetitionStep
from festival.results.petitions.recorded import PetitionRecord
from festival.roster.models import Delegation, Entry
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]
PLAIN = ("lodged_by", "words", "taken_by", "late", "carried", "told")
CHOSEN = ("about", "title", "road", "state", "desk")


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class PetitionReplay:
    """One festival's lines against its petitions."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = PetitionRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.petitions, self._petitions(), counts)
        yield from compare(self._record.steps, self._steps(), counts)

    def _petitions(self) -> Found:
        names = (*PLAIN, *CHOSEN, "lodged_at", "until", "photo", "photo_sha256")
        wanted = (
            select(
                Petition.number,
                Delegation.code.label("delegation"),
                Contest.code.label("contest"),
                Entry.code.label("entry"),
                *(getattr(Petition, name) for name in names),
            )
            .join(Delegation, Delegation.id == Petition.delegation_id)
            .outerjoin(Contest, Contest.id == Petition.contest_id)
            .outerjoin(Entry, Entry.id == Petition.entry_id)
            .where(Petition.festival_id == self._festival)
        )
        for row in db.session.execute(wanted):
            found = {name: getattr(row, name) for name in PLAIN} | {name: getattr(row, name).value for name in CHOSEN}
            # of bytes that are there their digest, of erased ones the digest that stays
            digest = digest_there(row.photo, row.photo_sha256)
            until = row.until.isoformat() if row.until else None
            found |= {"lodged_at": row.lodged_at.isoformat(), "until": until, "photo_sha256": digest}
            yield (
                (row.number,),
                {**found, "delegation": row.delegation, "contest": row.contest or "", "entry": row.entry or ""},
            )

    def _steps(self) -> Found:
        names = ("words", "by_user", "with_user", "before", "paper_id", "told")
        wanted = (
            select(
                Petition.number,
                PetitionStep.ordinal,
                PetitionStep.deed,
                *(getattr(PetitionStep, name) for name in names),
            )
            .join(Petition, Petition.id == PetitionStep.petition_id)
            .where(Petition.festival_id == self._festival)
        )
        for row in db.session.execute(wanted):
            said = {name: getattr(row, name) for name in names}
            yield (row.number, row.ordinal), {**said, "deed": row.deed.value}


PETITION = N_("Kiến nghị số %(number)s", "seal_petition")
STEP = N_("Kiến nghị số %(number)s, bước thứ %(step)s", "seal_petition_step")


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which petition, and which step of it."""
    return [
        STEP.filled(number=str(each.key[0]), step=str(each.key[1]))
        if each.table == "petition_step"
        else PETITION.filled(number=str(each.key[0]))
        for each in differences
    ]


SEAL = Seal("petitions", "decisions:", streams, PetitionReplay, words)
