"""The organiser sees which delegations have signed lists, what changed since, and says whether an approval asks for one."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.editions.queries import the_festival
from festival.registration.blueprint import bp
from festival.registration.officer import signing_shown
from festival.registration.officer.signing_shown import Load, SigningDoors
from festival.registration.signing import communes
from festival.registration.signing.listed import SigningState
from festival.registration.signing.units import rule_of, signings
from festival.roster import delegations
from festival.roster.models import Delegation
from festival.roster.rules import Rules, rules_of


def _load(code: str) -> Load:
    def load() -> tuple[Delegation, Rules]:
        delegation = delegations.delegation_by_code(code)
        return delegation, rules_of(delegation.festival)

    return load


def _doors(code: str) -> SigningDoors:
    back = url_for("registration.review_signings")
    return SigningDoors("review_signing", code, back, _("Danh sách đã ký"), organiser=True)


@bp.get("/office/signing")
@requires(Permission.REVIEW)
def review_signings() -> ResponseReturnValue:
    """All delegations and how far each unit is; the rule of the edition."""
    festival = the_festival()
    found = signings(delegations.delegations(festival.id))
    counts = {state: sum(own.state is state for each in found for own in each.units) for state in SigningState}
    return render_template(
        "registration/review/signing.html",
        festival=festival,
        signings=found,
        counts=counts,
        rule=rule_of(festival.id),
    )


@bp.post("/office/signing/rule")
@requires(Permission.REVIEW)
def review_signing_rule() -> ResponseReturnValue:
    """Whether a family is approved only when it stands on a signed list."""
    version, asked = typed_number(request.form.get("version", "")), request.form.get("required", "")
    if version is None or asked not in ("yes", "no"):
        raise BadInput()
    with transaction():
        communes.ask_for_signing(the_festival(), asked == "yes", version, acting_user())
    words = (
        _("Từ nay chỉ duyệt gia đình có trong danh sách đã ký.")
        if asked == "yes"
        else _("Từ nay duyệt không cần danh sách đã ký.")
    )
    flash(words, "good")
    return redirect(url_for("registration.review_signings"), 303)


@bp.get("/office/signing/<code>")
@requires(Permission.REVIEW)
def review_signing(code: str) -> ResponseReturnValue:
    """The units of a delegation; its communes can be named."""
    return signing_shown.index_page(_load(code), _doors(code))


@bp.post("/office/signing/<code>/communes")
@requires(Permission.REVIEW)
def review_signing_communes(code: str) -> ResponseReturnValue:
    """Which communes sign for this delegation."""
    with transaction():
        delegation = delegations.delegation_by_code(code)
        units = communes.units_meant(request.form.get("communes", ""), delegation.festival, delegation.unit)
        off = communes.name_communes(delegation, units, request.form.get("was", ""), acting_user())
        number = len(units)
    if number:
        flash(_("Đoàn có %(n)s xã, phường, mỗi nơi ký một danh sách.", n=number), "good")
    else:
        flash(_("Đoàn ký một danh sách chung."), "good")
    if off and number:
        flash(_("%(n)s gia đình chưa thuộc danh sách nào: xếp lại bên dưới.", n=off), "warn")
    return redirect(url_for("registration.review_signing", code=code), 303)


@bp.post("/office/signing/<code>/families")
@requires(Permission.REVIEW)
def review_signing_place(code: str) -> ResponseReturnValue:
    """Which commune each family belongs to."""
    return signing_shown.place(_load(code), _doors(code))


@bp.get("/office/signing/<code>/<unit>")
@requires(Permission.REVIEW)
def review_signing_unit(code: str, unit: str) -> ResponseReturnValue:
    """One unit's list."""
    return signing_shown.unit_page(_load(code), _doors(code), unit)


@bp.post("/office/signing/<code>/<unit>/<step>")
@requires(Permission.REVIEW)
def review_signing_act(code: str, unit: str, step: str) -> ResponseReturnValue:
    """Print, signed, put right, taken back, in force again."""
    return signing_shown.act(_load(code), _doors(code), unit, step)


@bp.get("/office/signing/<code>/lists/<int:list_id>/<file>")
@requires(Permission.REVIEW)
def review_signing_file(code: str, list_id: int, file: str) -> Response:
    """A kept file."""
    return signing_shown.file(_load(code), list_id, file)
