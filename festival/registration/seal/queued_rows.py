"""The waiting lists, offers and places in the line in the tables, as the ledger should tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.compare import Key, SealCounts, SealDifference, compare
from festival.registration.offering.steps import stamp
from festival.registration.queueing.models import LineSpot, PlaceOffer, WaitingList
from festival.registration.seal.queued import QueuedRecord
from festival.roster.models import Delegation, Family

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def queued_differences(record: QueuedRecord, festival_id: int | None, counts: SealCounts) -> Iterator[SealDifference]:
    """What the record and the tables say differently."""
    yield from compare(record.by_itself, _by_itself(festival_id, [key[0] for key in record.by_itself.rows]), counts)
    yield from compare(record.lists, _lists(festival_id), counts)
    yield from compare(record.offers, _offers(festival_id), counts)
    yield from compare(record.spots, _spots(festival_id), counts)


def _lists(festival_id: int | None) -> Found:
    wanted = (
        select(WaitingList, Delegation.code, Delegation.self_registration)
        .join(Delegation, Delegation.id == WaitingList.delegation_id)
        .where(Delegation.festival_id == festival_id)
    )
    for row, code, by_itself in db.session.execute(wanted):
        yield (
            (code,),
            {
                "open": "yes" if row.open else "",
                "hours": str(row.answer_hours),
                "people": str(row.people_max or ""),
                "self": "yes" if by_itself else "",
            },
        )


def _by_itself(festival_id: int | None, told: Sequence[int | str]) -> Found:
    wanted = select(Delegation.code, Delegation.self_registration).where(
        Delegation.festival_id == festival_id, Delegation.code.in_(told)
    )
    for code, by_itself in db.session.execute(wanted):
        yield (code,), {"self": "yes" if by_itself else ""}


def _offers(festival_id: int | None) -> Found:
    wanted = (
        select(Family.code, PlaceOffer.number, PlaceOffer.people, PlaceOffer.until, PlaceOffer.state)
        .join(Family, Family.id == PlaceOffer.family_id)
        .where(Family.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        facts = {"people": str(row.people), "until": stamp(row.until), "state": row.state}
        yield (row.code, row.number), facts


def _spots(festival_id: int | None) -> Found:
    wanted = (
        select(Family.code, LineSpot.stands_at, LineSpot.out_by)
        .join(Family, Family.id == LineSpot.family_id)
        .where(Family.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        yield (row.code,), {"at": stamp(row.stands_at), "out": row.out_by or ""}
