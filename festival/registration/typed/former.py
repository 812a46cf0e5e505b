"""What did a registration say before each change of it, who changed it, and has whoever reviews seen the change?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.registration.models import FormerRegistration
from festival.roster.household import Household, to_json
from festival.roster.models import Family


def keep(family: Family, version: int, household: Household, by: int | None, how: str) -> None:
    """What stood there until this change. Nobody waits to see a change of what was never sent."""
    at = now()
    db.session.add(
        FormerRegistration(
            family_id=family.id,
            version=version,
            household=to_json(household),
            changed_at=at,
            changed_by=by,
            how=how,
            seen_at=at if family.submitted_at is None else None,
        )
    )


def before_last_change(family_id: int) -> FormerRegistration | None:
    """What stood there before the last change; None when there was none."""
    query = select(FormerRegistration).where(FormerRegistration.family_id == family_id)
    return db.session.scalar(query.order_by(FormerRegistration.version.desc()).limit(1))


def at_version(family_id: int, version: int) -> FormerRegistration | None:
    """What a page showed that was drawn at this version; None when it says so still."""
    query = select(FormerRegistration).where(
        FormerRegistration.family_id == family_id, FormerRegistration.version >= version
    )
    return db.session.scalar(query.order_by(FormerRegistration.version).limit(1))


def unseen(family_id: int) -> Sequence[FormerRegistration]:
    """From what was last seen on, the oldest first."""
    query = select(FormerRegistration).where(
        FormerRegistration.family_id == family_id, FormerRegistration.seen_at.is_(None)
    )
    return db.session.scalars(query.order_by(FormerRegistration.version)).all()


def changed_unseen(family_ids: Collection[int]) -> set[int]:
    """Those of the families that were changed since whoever reviews last saw them."""
    query = select(FormerRegistration.family_id).where(
        FormerRegistration.family_id.in_(family_ids), FormerRegistration.seen_at.is_(None)
    )
    return set(db.session.scalars(query.distinct()))


def saw(family_id: int, version: int) -> None:
    """Whoever reviews has seen everything up to this version."""
    db.session.execute(
        update(FormerRegistration)
        .where(
            FormerRegistration.family_id == family_id,
            FormerRegistration.version < version,
            FormerRegistration.seen_at.is_(None),
        )
        .values(seen_at=now())
        .execution_options(synchronize_session=False)
    )
