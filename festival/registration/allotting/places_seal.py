"""Are the places, days and reminders of delegations those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import UNKNOWN, Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.registration.allotting.models import DelegationReminder
from festival.registration.allotting.places_recorded import PlacesRecord, without
from festival.registration.allotting.setting import allotted_of, as_written
from festival.roster.models import ContestPlace, Delegation
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def _streams() -> dict[str, int]:
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class PlacesReplay:
    """One festival's lines against its delegations."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = PlacesRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        there = set(db.session.scalars(select(Delegation.code).where(Delegation.festival_id == self._festival)))
        for rows in (self._record.own, self._record.reminders):  # a delegation that nobody was in may go
            for key in [key for key in rows.rows if key[0] not in there]:
                rows.drop(key)
        held = set(db.session.scalars(select(Contest.code).where(Contest.festival_id == self._festival)))
        for columns in self._record.own.rows.values():
            told = columns["contests"]
            columns["contests"] = without(told, set() if told is UNKNOWN else set(told) - held)
        told_of = [str(key[0]) for key in self._record.own.rows]
        yield from compare(self._record.own, self._own(told_of), counts)
        yield from compare(self._record.reminders, self._reminders(), counts)

    def _own(self, told_of: Sequence[str]) -> Found:
        """Every delegation that has anything of its own, and those a line tells of."""
        allotted = select(ContestPlace.delegation_id).where(
            or_(ContestPlace.entries_most.is_not(None), ContestPlace.performers_most.is_not(None))
        )
        own = or_(
            Delegation.families_own,
            Delegation.people_max.is_not(None),
            Delegation.extended_until.is_not(None),
            Delegation.id.in_(allotted),
            Delegation.code.in_(told_of),
        )
        wanted = select(Delegation).where(Delegation.festival_id == self._festival, own)
        for delegation in db.session.scalars(wanted.execution_options(populate_existing=True)).all():
            until = delegation.extended_until
            yield (
                (delegation.code,),
                {
                    **as_written(allotted_of(delegation)),
                    "until": until.isoformat() if until else None,
                    "version": delegation.places_version,
                },
            )

    def _reminders(self) -> Found:
        wanted = select(Delegation.code, DelegationReminder.times).join(
            DelegationReminder, DelegationReminder.delegation_id == Delegation.id
        )
        for row in db.session.execute(wanted.where(Delegation.festival_id == self._festival)):
            yield (row.code,), {"times": row.times}


SAID = N_("Đoàn «%(name)s», %(what)s", "seal_delegation_own")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "families": N_("chỉ tiêu gia đình riêng", "seal_own_families"),
    "people": N_("số người nhiều nhất", "seal_own_people"),
    "contests": N_("chỉ tiêu riêng ở các phần thi", "seal_own_contests"),
    "until": N_("gia hạn", "seal_extended"),
    "version": N_("số bản", "seal_version_number"),
    "times": N_("số lần nhắc", "seal_reminded"),
}


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    codes = {each.key[0] for each in differences}
    wanted = db.session.execute(select(Delegation.code, Delegation.name).where(Delegation.code.in_(codes)))
    names: dict[str, str] = {row.code: row.name for row in wanted}
    return [SAID.filled(name=names.get(str(each.key[0]), ""), what=COLUMNS[each.column]) for each in differences]


SEAL = Seal("places", "decisions:", _streams, PlacesReplay, _words)
