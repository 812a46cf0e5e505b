"""Are requests and days off in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.privacy.models import DayOff, EthnicGroup, PrivacyRequest
from festival.privacy.seal.recorded import PrivacyRecord
from festival.roster.models import Family, Person
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]
COLUMNS = ("number", "kind", "person_code", "state", "said", "how", "answer", "outcome")


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class PrivacyReplay:
    """One festival's lines against its requests and days off."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = PrivacyRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.requests, self._requests(), counts)
        yield from compare(self._record.days, self._days(), counts)
        # Who was taken off a registration is gone with what was said of that person.
        yield from compare(self._record.groups, self._groups(), counts, gone_is_fine=True)

    def _requests(self) -> Found:
        wanted = (
            select(
                PrivacyRequest.code,
                Family.code.label("family"),
                *(getattr(PrivacyRequest, column) for column in COLUMNS),
            )
            .join(Family, Family.id == PrivacyRequest.family_id)
            .where(PrivacyRequest.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            found = row._asdict()
            yield (row.code,), {**found, "kind": row.kind.value, "state": row.state.value}

    def _days(self) -> Found:
        wanted = select(DayOff.day, DayOff.name).where(DayOff.festival_id == self._festival)
        for row in db.session.execute(wanted):
            yield (row.day.isoformat(),), {"name": row.name}

    def _groups(self) -> Found:
        standing = func.count().filter(EthnicGroup.withdrawn_at.is_(None))
        wanted = (
            select(Person.code, standing.label("standing"))
            .join(EthnicGroup, EthnicGroup.person_id == Person.id)
            .where(Person.festival_id == self._festival)
            .group_by(Person.code)
        )
        for row in db.session.execute(wanted):
            yield (row.code,), {"standing": bool(row.standing)}


REQUEST = N_("Yêu cầu về dữ liệu %(code)s", "seal_privacy_request")
DAY_OFF = N_("Ngày nghỉ %(code)s", "seal_day_off")
GROUP = N_("Dân tộc của người có mã %(code)s", "seal_ethnic_group")


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which request, or which day."""
    return [(DAY_OFF if each.table == "day_off" else REQUEST).filled(code=str(each.key[0])) for each in differences]


SEAL = Seal("privacy", "decisions:", streams, PrivacyReplay, words)
