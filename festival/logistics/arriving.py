"""How is a delegation's arrival, its nights and what it is told written down, one version after the other?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update

from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Overtaken
from festival.editions.models import Festival
from festival.logistics.models import DelegationStay, EditionStay
from festival.logistics.recording import record_edition, record_stay
from festival.logistics.typed import StayTyped
from festival.roster.models import Delegation


def stay_of(delegation_id: int) -> DelegationStay | None:
    """What was said so far."""
    return db.session.scalars(select(DelegationStay).where(DelegationStay.delegation_id == delegation_id)).one_or_none()


def edition_stay(festival_id: int) -> EditionStay | None:
    """What every delegation is told."""
    return db.session.scalars(select(EditionStay).where(EditionStay.festival_id == festival_id)).one_or_none()


def save_stay(delegation: Delegation, typed: StayTyped, seen: int, by: int | None) -> DelegationStay:
    """The whole stay as it is now; `seen`: the version of the form, 0 for none. Overtaken."""
    _write(DelegationStay, {"delegation_id": delegation.id}, asdict(typed), seen)
    row = db.session.get_one(DelegationStay, delegation.id, populate_existing=True)
    record_stay(delegation.festival, row, delegation.code, by)
    return row


def save_edition(festival: Festival, bring: str, bus_home: str, seen: int, by: int | None) -> EditionStay:
    """What every delegation is told unless its own row says otherwise. Overtaken."""
    _write(EditionStay, {"festival_id": festival.id}, {"bring": bring, "bus_home": bus_home}, seen)
    row = db.session.get_one(EditionStay, festival.id, populate_existing=True)
    record_edition(festival, row, by)
    return row


def _write(model: type[DelegationStay | EditionStay], key: dict[str, int], values: dict[str, Any], seen: int) -> None:
    if seen == 0:
        done = db.session.scalar(
            insert_or_pass(model).values(**key, **values, version=1).on_conflict_do_nothing().returning(model.version)
        )
    else:
        done = db.session.scalar(
            update(model)
            .filter_by(**key, version=seen)
            .values(**values, version=seen + 1)
            .returning(model.version)
            .execution_options(synchronize_session=False)
        )
    if done is None:
        raise Overtaken()
