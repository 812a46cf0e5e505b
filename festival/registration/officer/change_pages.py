"""An officer corrects the spelling of an approved family at once, and asks for what must be decided."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.registration.asked_changes import deciding
from festival.registration.asked_changes.page import changes_page, tell_asked
from festival.registration.asked_changes.queries import change_of
from festival.registration.asked_changes.typed import TypedChange, typed_change
from festival.registration.blueprint import bp
from festival.registration.coming_back.who_may import Road
from festival.registration.officer.desk import Desk
from festival.registration.typed.forms import FamilyContactForm
from festival.registration.versions import version_of_form


def _page(desk: Desk, code: str, family: str, typed: TypedChange | None = None) -> str:
    doors = {
        "send": url_for("registration.officer_changes_ask", code=code, family=family),
        "back": url_for("registration.family_edit", code=code, family=family),
    }
    looked(SecurityKind.READ_CHILDREN, family=family)
    return changes_page(desk.rules, desk.family(family).family, Road.OFFICER, typed, doors=doors)


@bp.get("/delegation/<code>/families/<family>/changes")
@requires(Permission.DELEGATION)
def officer_changes(code: str, family: str) -> ResponseReturnValue:
    """What was changed and asked; the form."""
    return _page(Desk(code), code, family)


@bp.post("/delegation/<code>/families/<family>/changes")
@requires(Permission.DELEGATION)
def officer_changes_ask(code: str, family: str) -> ResponseReturnValue:
    """Spellings are written, facts wait for the organiser."""
    with transaction():
        desk = Desk(code)
        own = desk.family(family).family
        typed = typed_change(desk.rules, deciding.household_now(desk.rules, own), FamilyContactForm())
        if typed.faults:
            return _page(desk, code, family, typed), 422
        version, by = version_of_form(), acting_user()
        done = deciding.ask(desk.rules, own, version, typed.household, typed.why, Road.OFFICER, by)
    tell_asked(done)
    return redirect(url_for("registration.officer_changes", code=code, family=family))


@bp.post("/delegation/<code>/families/<family>/changes/<int(max=9007199254740991):number>")
@requires(Permission.DELEGATION)
def officer_change_take_back(code: str, family: str, number: int) -> ResponseReturnValue:
    """A request of the family or of an officer is not asked any more."""
    with transaction():
        desk = Desk(code)
        change = change_of(desk.family(family).family.id, number)
        if change.road == Road.OFFICE:
            raise NotFound()
        deciding.take_back(desk.rules, change, acting_user())
    flash(_("Đã rút lại yêu cầu. Hồ sơ giữ như cũ."), "good")
    return redirect(url_for("registration.officer_changes", code=code, family=family))
