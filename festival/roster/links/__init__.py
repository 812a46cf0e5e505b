"""Which link leads to a family's own page, and which to a delegation's?

The same each time it is printed; a new one makes the old one lead nowhere. Of two people who make one anew at the same moment
the second is told, so that nobody holds a link that died while it was given.
"""

from festival.roster.links.of_delegations import (
    delegation_link,
    delegation_of_link,
    first_link,
    replace_delegation_link,
)
from festival.roster.links.of_families import (
    FIRST_ISSUE,
    family_of_link,
    is_whole,
    link_code,
    link_code_of,
    replace_link,
)

__all__ = [
    "FIRST_ISSUE",
    "delegation_link",
    "delegation_of_link",
    "family_of_link",
    "first_link",
    "is_whole",
    "link_code",
    "link_code_of",
    "replace_delegation_link",
    "replace_link",
]
