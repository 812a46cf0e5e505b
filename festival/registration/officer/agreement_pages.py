"""The officer notes what somebody of a family of the own delegation asked about an agreement."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from festival.core.web.access import Permission, requires
from festival.registration import asking
from festival.registration.blueprint import bp
from festival.registration.officer.desk import Desk
from festival.roster.models import Family
from festival.roster.rules import Rules


@bp.post("/delegation/<code>/families/<family>/consent")
@requires(Permission.DELEGATION)
def family_asked(code: str, family: str) -> ResponseReturnValue:
    """Take an agreement back, or let it stand again."""

    def load() -> tuple[Rules, Family]:
        desk = Desk(code)
        return desk.rules, desk.family(family).family

    return asking.answered(load, url_for("registration.family_edit", code=code, family=family))
