"""Which message is in a delegation's group, who said so, and has its content changed since?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.core.clock import now
from festival.core.database import db
from festival.messages.models import MessageSent
from festival.roster.models import Delegation


def tick(delegation: Delegation, digest: str, by: int | None) -> None:
    """It is in the group, as it was on the screen of whoever ticked it."""
    insert: Any = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}[db.session.connection().dialect.name]
    values = {"digest": digest, "sent_at": now(), "sent_by": by}
    row = insert(MessageSent).values(delegation_id=delegation.id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["delegation_id"], set_=values))


def untick(delegation: Delegation) -> None:
    """Ticked by a slip."""
    db.session.execute(delete(MessageSent).where(MessageSent.delegation_id == delegation.id))


def ticked(festival_id: int) -> dict[int, MessageSent]:
    """By delegation."""
    wanted = select(MessageSent).join(Delegation, Delegation.id == MessageSent.delegation_id)
    rows = db.session.scalars(wanted.where(Delegation.festival_id == festival_id))
    return {row.delegation_id: row for row in rows}
