"""The signed lists, communes and placed families in the tables, as the ledger should tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.compare import Key, SealCounts, SealDifference, compare
from festival.editions.models import Unit
from festival.papers.returned import pages_read, sheet_columns, sheet_read
from festival.papers.signing_lists import ListPage, SigningList
from festival.registration.seal.signed import SigningRecord
from festival.registration.signing.models import DelegationCommune, FamilyCommune, SigningRule
from festival.roster.models import Delegation, Family

Found = Iterator[tuple[Key, Mapping[str, Any]]]
AT_ONCE = 20  # pages in memory


def signed_differences(record: SigningRecord, festival_id: int | None, counts: SealCounts) -> Iterator[SealDifference]:
    """What the record and the tables say differently."""
    yield from compare(record.lists, _lists(festival_id), counts)
    yield from compare(record.pages, _pages(festival_id), counts)
    yield from compare(record.communes, _communes(festival_id), counts)
    yield from compare(record.placed, _placed(festival_id), counts)
    yield from compare(record.rule, _rule(festival_id), counts)


def _lists(festival_id: int | None) -> Found:
    """Every list that was signed, with the digests of the bytes there are; of erased bytes the digest that stays."""
    wanted = (
        select(
            Delegation.code,
            SigningList.id,
            *sheet_columns(SigningList),
        )
        .join(Delegation, Delegation.id == SigningList.delegation_id)
        .where(SigningList.festival_id == festival_id, SigningList.signed_at.is_not(None))
        .execution_options(yield_per=AT_ONCE)
    )
    for row in db.session.execute(wanted):
        yield (row.code, row.id), sheet_read(row)


def _pages(festival_id: int | None) -> Found:
    """The digest of the pages of each sending."""
    wanted = (
        select(Delegation.code, ListPage.list_id, ListPage.turn, ListPage.page, ListPage.content, ListPage.sha256)
        .join(SigningList, SigningList.id == ListPage.list_id)
        .join(Delegation, Delegation.id == SigningList.delegation_id)
        .where(SigningList.festival_id == festival_id)
        .order_by(ListPage.list_id, ListPage.turn, ListPage.page)
        .execution_options(yield_per=AT_ONCE)
    )
    yield from pages_read(db.session.execute(wanted))


def _communes(festival_id: int | None) -> Found:
    wanted = (
        select(Delegation.code, Unit.key, DelegationCommune.position)
        .join(Delegation, Delegation.id == DelegationCommune.delegation_id)
        .join(Unit, Unit.id == DelegationCommune.unit_id)
        .where(Delegation.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        yield (row.code, row.key), {"position": row.position}


def _placed(festival_id: int | None) -> Found:
    wanted = (
        select(Family.code, Unit.key)
        .join(FamilyCommune, FamilyCommune.family_id == Family.id)
        .join(Unit, Unit.id == FamilyCommune.unit_id)
        .where(Family.festival_id == festival_id)
    )
    for row in db.session.execute(wanted):
        yield (row.code,), {"unit": row.key}


def _rule(festival_id: int | None) -> Found:
    wanted = select(SigningRule.required).where(SigningRule.festival_id == festival_id)
    for required in db.session.scalars(wanted):
        yield ("",), {"required": bool(required)}
