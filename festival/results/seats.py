"""Who of a contest's panel may do what needs a seat, and who reads as the MC?"""

from __future__ import annotations

from flask_babel import gettext as _

from festival.core.web.access import Actor, Permission, current_actor
from festival.core.web.errors import Forbidden
from festival.judging.contest_access import ContestAccess, contest_for


def may_read_as_mc(actor: Actor) -> bool:
    return actor.may(Permission.MC) or actor.may(Permission.RELEASE)


def seated(code: str, *, sealed_too: bool = False) -> ContestAccess:
    """The contest, for its chair or its secretary; `sealed_too`: to read, for the organiser once the data was erased."""
    access = contest_for(current_actor(), code)
    if sealed_too and access.sealed:
        return access
    if not (access.chair or access.secretary):
        raise Forbidden(_("Việc này do trưởng ban giám khảo hoặc thư ký của phần thi làm."))
    return access
