"""Which officer registers which delegation, as the organiser sets it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.registration.blueprint import bp
from festival.registration.officer import assigning
from festival.roster import delegations
from festival.roster import rules as roster_rules
from festival.roster.asked import asked_rules


@bp.get("/office/delegations")
@requires(Permission.REVIEW)
def delegation_list() -> ResponseReturnValue:
    """The delegations with their quota and the officers who register for them."""
    return _list_page()


def _list_page(wrong: str = "") -> str:
    """`wrong` is the delegation for which nobody was chosen."""
    rules = asked_rules()
    return render_template(
        "registration/review/delegations.html",
        rules=rules,
        delegations=delegations.delegations(rules.festival.id),
        officers=delegations.officers(rules.festival.id),
        accounts=[(user.id, f"{user.name} ({user.login})") for user in delegations.officer_accounts()],
        wrong=wrong,
    )


@bp.post("/office/delegations/<code>/officers")
@requires(Permission.REVIEW)
def delegation_officer(code: str) -> ResponseReturnValue:
    """Give a delegation to an officer, or take it away."""
    typed = request.form.get("user", "")
    with transaction():
        delegation = delegations.delegation_by_code(code)
        user = next((each for each in delegations.officer_accounts() if str(each.id) == typed), None)
        if user is None:
            return _list_page(delegation.code), 422
        change = assigning.dismiss_officer if request.form.get("remove") == "yes" else assigning.assign_officer
        change(roster_rules.rules_of(delegation.festival), delegation, user.id)
    flash(_("Đã lưu người phụ trách của %(name)s.", name=delegation.name), "good")
    return redirect(url_for("registration.delegation_list"))
