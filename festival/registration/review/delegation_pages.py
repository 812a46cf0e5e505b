"""Which officer registers which delegation, as the organiser sets it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput
from festival.core.web.paging import asked_number, part
from festival.registration.blueprint import bp
from festival.registration.officer import assigning
from festival.roster import delegations
from festival.roster import rules as roster_rules
from festival.roster.asked import asked_rules

PAGE = 40


@bp.get("/office/delegations")
@requires(Permission.REVIEW)
def delegation_list() -> ResponseReturnValue:
    """The delegations with their quota and the officers who register for them; `?delegation=`: the page it is on, chosen already."""
    rules = asked_rules()
    every = delegations.delegations(rules.festival.id)
    chosen = request.args.get("delegation", "")
    at = next((place for place, each in enumerate(every) if each.code == chosen), 0)
    shown = part(len(every), PAGE, asked_number("page", at // PAGE + 1))
    return render_template(
        "registration/review/delegations.html",
        rules=rules,
        named=[(each.code, each.name) for each in every],
        delegations=every[shown.offset : shown.offset + PAGE],
        chosen=chosen,
        part=shown,
        page_url=lambda number: url_for("registration.delegation_list", page=number),
        officers=delegations.officers(rules.festival.id),
        accounts=[(user.id, f"{user.name} ({user.login})") for user in delegations.officer_accounts()],
    )


@bp.post("/office/delegations")
@requires(Permission.REVIEW)
def delegation_officer() -> ResponseReturnValue:
    """Give a delegation to an officer (`delegation`, `user`), or take it away (`off`: both in one)."""
    off, _colon, leaves = request.form.get("off", "").partition(":")
    code, typed = (off, leaves) if off else (request.form.get("delegation", ""), request.form.get("user", ""))
    if not code:
        raise BadInput(_("Chưa chọn đoàn. Chọn một đoàn trong danh sách rồi bấm Giao."), field="delegation")
    with transaction():
        delegation = delegations.delegation_by_code(code)
        # who has no open account any more is taken away all the same
        given = delegations.officers(delegation.festival_id).get(delegation.id, [])
        user = next(
            (each for each in (given if off else delegations.officer_accounts()) if str(each.id) == typed), None
        )
        if user is None:
            raise BadInput(_("Chưa chọn cán bộ. Chọn một người trong danh sách rồi bấm Giao."), field="user")
        change = assigning.dismiss_officer if off else assigning.assign_officer
        change(roster_rules.rules_of(delegation.festival), delegation, user.id)
    if off:
        flash(
            _("%(who)s thôi phụ trách %(name)s. Nhầm thì giao lại ở dưới.", who=user.name, name=delegation.name), "good"
        )
    else:
        flash(_("Đã lưu người phụ trách của %(name)s.", name=delegation.name), "good")
    return redirect(url_for("registration.delegation_list", delegation=code), 303)
