"""An approved family asks behind its own link, with its four digits, that something of its registration be changed."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import family_link
from festival.core.web.errors import NotFound
from festival.registration.asked_changes import deciding
from festival.registration.asked_changes.page import changes_page, tell_asked
from festival.registration.asked_changes.queries import change_of
from festival.registration.asked_changes.typed import TypedChange, typed_change
from festival.registration.blueprint import bp
from festival.registration.family.link import checked_tail, own_family, tail_limit
from festival.registration.typed.forms import FamilyContactForm, TailForm
from festival.registration.versions import version_of_form
from festival.roster import rules as roster_rules


def _page(tail: TailForm, typed: TypedChange | None = None) -> str:
    family = own_family()
    rules = roster_rules.rules_of(family.delegation.festival)
    doors = {"send": url_for("registration.family_changes_ask"), "back": url_for("registration.family_page")}
    return changes_page(rules, family, deciding.LINK, typed, tail, doors=doors)


@bp.get("/family/changes")
@family_link
def family_changes() -> ResponseReturnValue:
    """What was asked and what came of it; the form to ask."""
    return _page(TailForm(formdata=None))


@bp.post("/family/changes")
@family_link
@tail_limit
def family_changes_ask() -> ResponseReturnValue:
    """Ask; nothing changes before the organiser says yes."""
    tail, fits = checked_tail()
    with transaction():
        family = own_family()
        rules = roster_rules.rules_of(family.delegation.festival)
        typed = typed_change(rules, deciding.household_now(rules, family), FamilyContactForm())
        if typed.faults or not fits:
            return _page(tail, typed), 422
        done = deciding.ask(rules, family, version_of_form(), typed.household, typed.why, deciding.LINK, None)
    tell_asked(done)
    return redirect(url_for("registration.family_changes"))


@bp.post("/family/changes/<int(max=9007199254740991):number>")
@family_link
@tail_limit
def family_change_take_back(number: int) -> ResponseReturnValue:
    """The family does not ask any more."""
    tail, fits = checked_tail()
    if not fits:
        return _page(tail), 422
    with transaction():
        family = own_family()
        change = change_of(family.id, number)
        if change.road != deciding.LINK:
            raise NotFound()
        deciding.take_back(roster_rules.rules_of(family.delegation.festival), change, None)
    flash(_("Đã rút lại yêu cầu. Hồ sơ giữ như cũ."), "good")
    return redirect(url_for("registration.family_changes"))
