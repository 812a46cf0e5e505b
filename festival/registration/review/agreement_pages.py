"""The organiser notes what somebody of a family asked about an agreement."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from festival.core.web.access import Permission, requires
from festival.registration import asking
from festival.registration.blueprint import bp
from festival.roster import families
from festival.roster.asked import rules_of_family
from festival.roster.models import Family
from festival.roster.rules import Rules


@bp.post("/office/registrations/<code>/consent")
@requires(Permission.REVIEW)
def review_asked(code: str) -> ResponseReturnValue:
    """Take an agreement back, or let it stand again."""

    def load() -> tuple[Rules, Family]:
        family = families.family_by_code(code)
        return rules_of_family(family), family

    return asking.answered(load, url_for("registration.review", code=code))
