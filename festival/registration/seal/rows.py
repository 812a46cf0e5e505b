"""Are the registrations in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.registration.seal.recorded import RegistrationRecord
from festival.roster.models import Delegation, Family
from festival.roster.steps import stream


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class RegistrationReplay:
    """One festival's lines against its families."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = RegistrationRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.families, self._families(), counts)

    def _families(self) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        wanted = (
            select(
                Family.code,
                Family.state,
                Family.version,
                Family.return_reason,
                Family.decided_by,
                Family.name,
                Delegation.code.label("delegation"),
            )
            .join(Delegation, Delegation.id == Family.delegation_id)
            .where(Family.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.code,), row._asdict()


FAMILY = N_("Hồ sơ «%(name)s», %(what)s", "seal_family")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "state": N_("trạng thái", "seal_state"),
    "version": N_("số bản", "seal_version_number"),
    "return_reason": N_("lý do", "seal_reason"),
    "decided_by": N_("người quyết định", "seal_decided_by"),
    "name": N_("tên", "seal_name"),
    "delegation": N_("đoàn", "seal_delegation"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Whose registration."""
    families = select(Family.code, Family.name).where(Family.code.in_({each.key[0] for each in differences}))
    names = {row.code: row.name for row in db.session.execute(families)}
    return [
        FAMILY.filled(name=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column])
        for each in differences
    ]


SEAL = Seal("registration", "decisions:", streams, RegistrationReplay, words)
