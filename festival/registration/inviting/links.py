"""Which link invites officers of a delegation, until when, how often was it used; made, replaced, revoked, opened again.

The code is derived like a family's link, so it can be shown again, and the database keeps a keyed hash. What is unknown, replaced,
revoked or too old is answered alike. Each step is a line of `decisions:<festival>`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from festival.core import ledger, secrets
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Overtaken
from festival.registration.inviting.models import AccountRequest, Invitation
from festival.roster.links.of_families import LINK_CHARACTERS
from festival.roster.models import Delegation
from festival.roster.steps import stream

DAYS = (3, 7, 14, 30)  # what the organiser may choose; a link that lies in a group for months is an open door


def invitation_of(delegation_id: int) -> Invitation | None:
    """The one of this delegation, also when it is revoked or over."""
    wanted = select(Invitation).where(Invitation.delegation_id == delegation_id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def invitation_code(invitation: Invitation) -> str:
    """The code of the link (`/join/<code>`), the same each time it is shown."""
    return _code(invitation.delegation_id, invitation.issue)


def _code(delegation_id: int, issue: int) -> str:
    return secrets.derived_code("invitation", delegation_id, issue, LINK_CHARACTERS)


def standing_invitation(code: str, *, lock: bool = False) -> Invitation | None:
    """Where a link leads now; None for everything that leads nowhere. `lock`: nobody revokes it meanwhile."""
    wanted = select(Invitation).where(
        Invitation.link_hash == look_up_hash(code), Invitation.revoked_at.is_(None), Invitation.expires_at > now()
    )
    if lock:
        return db.session.scalar(wanted.with_for_update())
    return db.session.scalar(wanted.options(joinedload(Invitation.delegation).joinedload(Delegation.festival)))


def used(invitation: Invitation) -> int:
    """How many have asked for an account by this link."""
    asked = select(func.count(AccountRequest.id)).where(
        AccountRequest.delegation_id == invitation.delegation_id, AccountRequest.issue == invitation.issue
    )
    return db.session.scalar(asked) or 0


def make_invitation(delegation: Delegation, days: int, seen: int, by: int | None) -> None:
    """The first link (`seen` 0), or a new one in place of the one that was seen: that leads nowhere then. Overtaken."""
    until, issue = now() + timedelta(days=days), seen + 1
    values = {
        "issue": issue,
        "link_hash": look_up_hash(_code(delegation.id, issue)),
        "expires_at": until,
        "revoked_at": None,
    }
    first = insert_or_pass(Invitation).values(delegation_id=delegation.id, **values)
    done = db.session.scalar(
        first.on_conflict_do_update(
            index_elements=["delegation_id"], set_=values, where=Invitation.issue == seen
        ).returning(Invitation.issue)
        if seen
        else first.on_conflict_do_nothing().returning(Invitation.issue)
    )
    if done is None:
        raise Overtaken()
    _note(delegation, issue, until, revoked=False, by=by)


def revoke(delegation: Delegation, seen: int, by: int | None, *, back: bool = False) -> None:
    """The link leads nowhere until it is opened again (`back`): the same one then. Overtaken."""
    set_now: dict[str, Any] = {"revoked_at": None if back else now()}
    was = Invitation.revoked_at.is_not(None) if back else Invitation.revoked_at.is_(None)
    until: datetime | None = db.session.scalar(
        update(Invitation)
        .where(Invitation.delegation_id == delegation.id, Invitation.issue == seen, was)
        .values(**set_now)
        .returning(Invitation.expires_at)
        .execution_options(synchronize_session=False)
    )
    if until is None:
        raise Overtaken()
    _note(delegation, seen, until, revoked=not back, by=by)


def _note(delegation: Delegation, issue: int, until: datetime, *, revoked: bool, by: int | None) -> None:
    subject = {"delegation": delegation.code, "issue": issue, "revoked": revoked}
    payload = {"delegation": delegation.name, "until": until.isoformat(), "by": by}
    ledger.append(stream(delegation.festival), "invitation.set", subject, payload)
