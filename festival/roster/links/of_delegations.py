"""Which link leads to a delegation's page, for its head?"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from festival.core import ledger, secrets, security_log
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.security_log import SecurityKind
from festival.core.web.errors import Overtaken
from festival.editions.models import Festival
from festival.roster.links.of_families import LINK_CHARACTERS
from festival.roster.models import Delegation
from festival.roster.steps import stream


def delegation_link(delegation: Delegation) -> str:
    """The code of the link of a delegation's head (`/d/<code>`), the same each time it is printed."""
    return secrets.derived_code("delegation-link", delegation.id, delegation.link_issue, LINK_CHARACTERS)


def first_link(delegation: Delegation) -> None:
    """A new delegation's link leads somewhere from now on; its row is written."""
    delegation.link_hash = look_up_hash(delegation_link(delegation))


def delegation_of_link(code: str) -> Delegation | None:
    """The delegation a head's link belongs to; None for an unknown or replaced one."""
    query = select(Delegation).where(Delegation.link_hash == look_up_hash(code))
    return db.session.scalar(query.options(joinedload(Delegation.festival)))


def replace_delegation_link(
    festival: Festival, delegation: Delegation, by: int | None, *, seen: int | None = None, how: str = ""
) -> str:
    """A new link for the head; the old one leads nowhere. Overtaken when another one is in force than was seen."""
    before = delegation.link_issue if seen is None else seen
    code = secrets.derived_code("delegation-link", delegation.id, before + 1, LINK_CHARACTERS)
    done = db.session.scalar(
        update(Delegation)
        .where(Delegation.id == delegation.id, Delegation.link_issue == before)
        .values(link_issue=before + 1, link_hash=look_up_hash(code))
        .returning(Delegation.id)
    )
    if done is None:
        raise Overtaken()
    payload = {"delegation": delegation.name, "by": by} | ({"how": how} if how else {})
    ledger.append(stream(festival), "link.replaced", {"delegation": delegation.code}, payload)
    security_log.note(SecurityKind.LINK_REPLACED, {"delegation": delegation.code})
    return code
