"""The officer writes down who receives a family's prize money."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.registration.blueprint import bp
from festival.registration.officer.desk import Desk
from festival.registration.receiving import choose_receiver


@bp.post("/delegation/<code>/families/<family>/receiver")
@requires(Permission.DELEGATION)
def family_receiver_typed(code: str, family: str) -> ResponseReturnValue:
    """As the family has said; again until a result is decided."""
    with transaction():
        desk = Desk(code)
        found = desk.family(family).family
        person = choose_receiver(desk.festival, found, request.form.get("receiver", ""), "officer", acting_user())
        words = _("%(family)s: tiền thưởng giao cho %(name)s.", family=found.name, name=person.name)
    flash(words, "good")
    return redirect(url_for("registration.family_edit", code=code, family=family))
