"""How does an officer's grid stay on the server while it is typed?

One for an officer and a delegation (new families), one for an officer and a registered family. It is the officer's own
`RegistrationDraft`, so that what ends drafts ends it too.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import keyed_hash
from festival.core.statements import insert_or_pass
from festival.registration.grid.sheet import Sheet, from_json, to_json
from festival.registration.models import RegistrationDraft
from festival.roster.models import Delegation, Family

LIFETIME = timedelta(days=60)


def own_draft(
    owner_id: int, delegation: Delegation, family_id: int | None, *, lock: bool = False
) -> RegistrationDraft | None:
    """The grid this officer is typing here; locked until the transaction ends when it is about to change."""
    query = select(RegistrationDraft).where(
        RegistrationDraft.token_hash == _key(owner_id, delegation, family_id), RegistrationDraft.expires_at > now()
    )
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def sheet_of(draft: RegistrationDraft) -> Sheet:
    """What is kept of it."""
    return from_json(draft.content["grid"])


def keep(
    owner_id: int, delegation: Delegation, begun: tuple[int, int] | None, draft: RegistrationDraft | None, sheet: Sheet
) -> int | None:
    """Write it; its version then. None when another page of the same officer was first to begin one.

    `begun`: the registered family, and the version of it that was seen when the typing began.
    """
    at = now()
    values = {"content": {"grid": to_json(sheet)}, "expires_at": at + LIFETIME}
    if draft is not None:
        return db.session.scalar(
            update(RegistrationDraft)
            .where(RegistrationDraft.id == draft.id)
            .values(**values, version=RegistrationDraft.version + 1)
            .returning(RegistrationDraft.version)
            .execution_options(synchronize_session=False)
        )
    family_id, base = begun or (None, None)
    key = _key(owner_id, delegation, family_id)
    over = delete(RegistrationDraft).where(RegistrationDraft.token_hash == key, RegistrationDraft.expires_at <= at)
    db.session.execute(over.execution_options(synchronize_session=False))
    inserting = insert_or_pass(RegistrationDraft).values(
        **values,
        festival_id=delegation.festival_id,
        delegation_id=delegation.id,
        family_id=family_id,
        owner_id=owner_id,
        base_version=base,
        token_hash=key,
        version=1,
        created_at=at,
    )
    return db.session.scalar(inserting.on_conflict_do_nothing().returning(RegistrationDraft.version))


def stand_on(draft: RegistrationDraft, version: int) -> None:
    """It was compared with this version of the family: from now on it is a change of that one."""
    db.session.execute(update(RegistrationDraft).where(RegistrationDraft.id == draft.id).values(base_version=version))


def end(draft: RegistrationDraft) -> None:
    """It was saved: nothing typed stays behind."""
    db.session.execute(delete(RegistrationDraft).where(RegistrationDraft.id == draft.id))
    db.session.expunge(draft)


def taken(festival_id: int, identities: Collection[str], own: int | None) -> set[str]:
    """Which of these identities another registration of the edition has."""
    query = select(Family.identity).where(
        Family.festival_id == festival_id, Family.identity.in_(identities), Family.id.is_distinct_from(own)
    )
    return {identity for identity in db.session.scalars(query) if identity}


def _key(owner_id: int, delegation: Delegation, family_id: int | None) -> str:
    return keyed_hash("grid", f"{owner_id}:{delegation.id}:{family_id or 'new'}")
