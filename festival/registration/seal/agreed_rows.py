"""The refusals, parents' links, signed sheets and reminders in the tables, as the ledger should tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from festival.consent.models import ConsentRefusal
from festival.core.database import db
from festival.core.seal.compare import Key, SealCounts, SealDifference, compare
from festival.papers.agreement_sheets import AgreementSheet
from festival.registration.agreements.models import AgreementReminder, ParentLink
from festival.registration.seal.agreed import AgreedRecord
from festival.roster.models import Family, Person

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def agreed_differences(
    record: AgreedRecord, festival_id: int | None, present: set[str], counts: SealCounts
) -> Iterator[SealDifference]:
    """What the record and the tables say differently; `present`: the people who are still of the festival."""
    for key in [key for key in record.refusals.rows if key[0] not in present]:
        record.refusals.drop(key)
    yield from compare(record.refusals, _refusals(set(record.refusals.rows)), counts)
    yield from compare(record.links, _links(festival_id), counts)
    yield from compare(record.sheets, _sheets(festival_id), counts)
    yield from compare(record.reminders, _reminders(festival_id), counts)


def _refusals(told: set[Key]) -> Found:
    """Whether one stands, for each that a line tells of; what a registration itself said is told by no line."""
    rows = db.session.execute(
        select(Person.code, ConsentRefusal.purpose)
        .join(Person, Person.id == ConsentRefusal.person_id)
        .where(Person.code.in_([key[0] for key in told]), ConsentRefusal.ended_at.is_(None))
    )
    standing: set[Key] = {(row.code, row.purpose.value) for row in rows}
    for each in sorted(told, key=str):
        yield each, {"standing": each in standing}


def _links(festival_id: int | None) -> Found:
    wanted = (
        select(ParentLink.id, ParentLink.issue, ParentLink.ended_how)
        .join(Family, Family.id == ParentLink.family_id)
        .where(Family.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        yield (str(row.id),), {"issue": str(row.issue), "ended_how": row.ended_how}


def _sheets(festival_id: int | None) -> Found:
    wanted = (
        select(AgreementSheet.id, AgreementSheet.sha256, AgreementSheet.taken_back_at)
        .join(Family, Family.id == AgreementSheet.family_id)
        .where(Family.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        yield (str(row.id),), {"sha256": row.sha256, "taken_back": row.taken_back_at is not None}


def _reminders(festival_id: int | None) -> Found:
    wanted = (
        select(Family.code, AgreementReminder.times)
        .join(Family, Family.id == AgreementReminder.family_id)
        .where(Family.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        yield (row.code,), {"times": row.times}
