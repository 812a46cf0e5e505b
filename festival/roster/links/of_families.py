"""Which link leads to a family's own page?"""

from __future__ import annotations

from sqlalchemy import select, update

from festival.core import secrets, security_log
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.security_log import SecurityKind
from festival.core.web.errors import Overtaken
from festival.roster.models import Family
from festival.roster.rules import Rules
from festival.roster.steps import note

LINK_CHARACTERS = 26
FIRST_ISSUE = 1


def replace_link(rules: Rules, family: Family, by: int | None, *, seen: int | None = None, how: str = "") -> str:
    """A new link for a family whose old one went astray; the old one leads nowhere.

    `seen`: the number of the link that was on the page; `how` the family was known. Overtaken when another one is in force.
    """
    issue = (family.link_issue if seen is None else seen) + 1
    code = link_code_of(family.id, issue)
    done = db.session.scalar(
        update(Family)
        .where(Family.id == family.id, Family.link_issue == issue - 1, Family.link_hash.is_not(None))
        .values(link_issue=issue, link_hash=look_up_hash(code))
        .returning(Family.id)
    )
    if done is None:
        raise Overtaken()
    payload = {"family": family.name, "by": by} | ({"how": how} if how else {})
    note(rules.festival, "link.replaced", family, family.version, payload)
    security_log.note(SecurityKind.LINK_REPLACED, {"family": family.code})
    return code


def link_code(family: Family) -> str:
    """The code of the family's own link, the same each time it is printed."""
    return link_code_of(family.id, family.link_issue)


def link_code_of(family_id: int, issue: int) -> str:
    """The code of a link by family and issue."""
    return secrets.derived_code("family-link", family_id, issue, LINK_CHARACTERS)


def family_of_link(code: str) -> Family | None:
    """The family a link belongs to; None for an unknown or replaced one."""
    return db.session.scalar(select(Family).where(Family.link_hash == look_up_hash(code)))


def is_whole(code: str) -> bool:
    """Whether this has the form of a link: then it was replaced, or its data is gone; else it was cut when it was copied."""
    return len(code) == LINK_CHARACTERS and set(code) <= set(secrets.CROCKFORD)
