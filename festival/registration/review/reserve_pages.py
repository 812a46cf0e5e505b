"""The organiser accepts a family in reserve, gives that up again, and calls one up."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import Overtaken
from festival.registration.blueprint import bp
from festival.registration.reserves import reserving
from festival.registration.review.decided import said_of
from festival.registration.versions import version_of_form
from festival.roster import families, views
from festival.roster.asked import rules_of_family
from festival.roster.outcomes import Done, Stale


@bp.post("/office/registrations/<code>/reserve")
@requires(Permission.REVIEW)
def review_reserve(code: str) -> ResponseReturnValue:
    """Accepted in reserve, no longer accepted, or a family like any other."""
    to, version = request.form.get("to"), version_of_form()
    with transaction():
        family = families.family_by_code(code)
        rules = rules_of_family(family)
        if to == "accepted":
            outcome = reserving.accept(rules, views.view(family, rules), version, acting_user())
        else:
            outcome = reserving.release(rules, family, version, acting_user(), reserve=to == "proposed")
    if isinstance(outcome, Stale):
        raise Overtaken(said_of(outcome))
    words = {
        "accepted": _("Đã nhận %(name)s làm dự bị.", name=family.name),
        "proposed": _("Đã thôi nhận %(name)s làm dự bị.", name=family.name),
    }.get(to or "", _("%(name)s được xét như gia đình chính thức.", name=family.name))
    done = isinstance(outcome, Done)
    flash(words if done else said_of(outcome), "good" if done else "warn")
    return redirect(url_for("registration.review", code=code))


@bp.post("/office/registrations/<code>/call-up")
@requires(Permission.REVIEW)
def call_up(code: str) -> ResponseReturnValue:
    """Out of reserve into a place, with a pass; it stays in reserve where there is none."""
    with transaction():
        family = families.family_by_code(code)
        rules = rules_of_family(family)
        outcome = reserving.call_up(rules, views.view(family, rules), version_of_form(), acting_user())
    if isinstance(outcome, Stale):
        raise Overtaken(said_of(outcome))
    done = isinstance(outcome, Done)
    words = _("Đã gọi %(name)s lên thi chính thức; thẻ đã có.", name=family.name) if done else said_of(outcome)
    flash(words, "good" if done else "warn")
    return redirect(url_for("registration.review", code=code))
