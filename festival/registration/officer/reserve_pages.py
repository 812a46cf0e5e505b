"""An officer puts a family into reserve, and takes it out again."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import Overtaken
from festival.registration.blueprint import bp
from festival.registration.officer.desk import Desk
from festival.registration.reserves import reserving
from festival.registration.versions import told_stale, version_of_form
from festival.roster.outcomes import Stale


@bp.post("/delegation/<code>/families/<family>/reserve")
@requires(Permission.DELEGATION)
def family_reserve(code: str, family: str) -> ResponseReturnValue:
    """In, or out."""
    into = request.form.get("to") == "proposed"
    with transaction():
        desk = Desk(code)
        item = desk.family(family)
        outcome = reserving.propose(desk.rules, item.family, version_of_form(), acting_user(), reserve=into)
    if isinstance(outcome, Stale):
        raise Overtaken(told_stale(outcome))
    words = (
        _("%(name)s là dự bị của đoàn. Gửi hồ sơ như mọi gia đình; chỉ tiêu không tính.")
        if into
        else _("%(name)s thôi làm dự bị.")
    )
    flash(words % {"name": item.family.name}, "good")
    return redirect(url_for("registration.family_edit", code=code, family=family))
