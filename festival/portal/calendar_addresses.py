"""At which address does a calendar program ask for the turns of a family or a delegation?

It has no sign-in and keeps the address for good, so the address is its own: it opens the turns and nothing else, never the
family's page, and ends when the family's (the head's) link is replaced.
"""

from __future__ import annotations

from hmac import compare_digest

from flask import current_app
from sqlalchemy import select

from festival.core import secrets
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.roster.models import Delegation, Family


def family_address(family: Family) -> str:
    """The whole address, to be copied into a calendar."""
    return _address("families", family.code, _family_code(family))


def delegation_address(delegation: Delegation) -> str:
    """The same for a delegation."""
    return _address("delegations", delegation.code, _delegation_code(delegation))


def _address(whose: str, code: str, token: str) -> str:
    return f"{current_app.config['FESTIVAL'].public_url}/calendars/{whose}/{code}/{token}.ics"


def _family_code(family: Family) -> str:
    return secrets.derived_code("family-calendar", family.id, family.link_issue)


def _delegation_code(delegation: Delegation) -> str:
    return secrets.derived_code("delegation-calendar", delegation.id, delegation.link_issue)


def family_of_calendar(code: str, token: str) -> Family:
    """NotFound for an address that was replaced or never given."""
    found = db.session.scalar(select(Family).where(Family.code == code))
    if found is None or not _same(_family_code(found), token):
        raise NotFound()
    return found


def delegation_of_calendar(code: str, token: str) -> Delegation:
    """NotFound as for a family."""
    found = db.session.scalar(select(Delegation).where(Delegation.code == code))
    if found is None or not _same(_delegation_code(found), token):
        raise NotFound()
    return found


def _same(own: str, typed: str) -> bool:
    return compare_digest(own.encode(), typed.encode())
