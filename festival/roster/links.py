"""Which link leads to a family's own page? The same each time it is printed; a new one makes the old one lead nowhere."""

from __future__ import annotations

from sqlalchemy import select, update

from festival.core import secrets
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.roster.models import (
    Family,
)
from festival.roster.rules import Rules
from festival.roster.steps import note


def replace_link(rules: Rules, family: Family, by: int | None) -> str:
    """A new link for a family whose old one went astray; the old one leads nowhere."""
    issue = family.link_issue + 1
    code = link_code_of(family.id, issue)
    db.session.execute(
        update(Family).where(Family.id == family.id).values(link_issue=issue, link_hash=look_up_hash(code))
    )
    note(rules.festival, "link.replaced", family, family.version, {"family": family.name, "by": by})
    return code


LINK_CHARACTERS = 26


def link_code(family: Family) -> str:
    """The code of the family's own link, the same each time it is printed."""
    return link_code_of(family.id, family.link_issue)


def link_code_of(family_id: int, issue: int) -> str:
    """The code of a link by family and issue."""
    return secrets.derived_code("family-link", family_id, issue, LINK_CHARACTERS)


def family_of_link(code: str) -> Family | None:
    """The family a link belongs to; None for an unknown or replaced one."""
    return db.session.scalar(select(Family).where(Family.link_hash == look_up_hash(code)))
