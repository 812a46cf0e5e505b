"""The same for the organiser, over all delegations: not every delegation has an officer."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.registration.blueprint import bp
from festival.registration.guarding import held, resembling, tails
from festival.registration.officer.look_pages import decision_of_form, said
from festival.registration.officer.settling import settle
from festival.roster import delegations, families
from festival.roster.asked import asked_rules, rules_of_family


@bp.get("/office/registrations/look")
@requires(Permission.REVIEW)
def review_look() -> ResponseReturnValue:
    """Everything that waits for a look in this edition."""
    rules = asked_rules()
    every = [each.id for each in delegations.delegations(rules.festival.id)]
    return render_template(
        "registration/officer/look.html",
        trail=[(_("Đăng ký"), url_for("registration.review_list"))],
        held=held.to_look_at(every),
        closed=tails.closed_in(every),
        may_see=lambda family: True,
        alike=resembling.alike,
        edit=lambda family: url_for("registration.review", code=family.code),
        decide=lambda family: url_for("registration.review_look_decide", code=family.code),
        open_link=lambda family: url_for("registration.review_open_link", code=family.code),
    )


@bp.post("/office/registrations/<code>/look")
@requires(Permission.REVIEW)
def review_look_decide(code: str) -> ResponseReturnValue:
    """The same family once more, or another one."""
    with transaction():
        family = families.family_by_code(code)
        wanted, merge = decision_of_form()
        done = settle(rules_of_family(family), family, wanted, acting_user(), current_actor().name, merge=merge)
    flash(*said(wanted, family.name, done))
    return redirect(url_for("registration.review_look"))


@bp.post("/office/registrations/<code>/open-link")
@requires(Permission.REVIEW)
def review_open_link(code: str) -> ResponseReturnValue:
    """The link takes the digits again."""
    with transaction():
        family = families.family_by_code(code)
        tails.open_again(family.delegation.festival, family, acting_user())
    flash(_("Liên kết của %(name)s đã mở lại.", name=family.name), "good")
    return redirect(url_for("registration.review_look"))
