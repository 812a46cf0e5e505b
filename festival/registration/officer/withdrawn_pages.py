"""An officer sees which families of the unit were withdrawn, by whom, and takes one back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.registration.blueprint import bp
from festival.registration.coming_back.back_words import told_back
from festival.registration.coming_back.bringing_back import bring_back
from festival.registration.coming_back.queries import withdrawn_in
from festival.registration.coming_back.who_may import Road, why_not
from festival.registration.kept import copies
from festival.registration.officer.desk import Desk
from festival.registration.versions import version_of_form
from festival.roster.models import Family


@bp.get("/delegation/<code>/withdrawn")
@requires(Permission.DELEGATION)
def withdrawn(code: str) -> ResponseReturnValue:
    """The last one first, each with why it may not be taken back here."""
    desk = Desk(code)
    gone = copies.forgotten(Family.delegation_id == desk.delegation.id)
    return render_template(
        "registration/officer/withdrawn.html",
        delegation=desk.delegation,
        families=[
            (
                family,
                copies.FORGOTTEN
                if family.id in gone
                else why_not(Road.OFFICER, Road(family.withdrawn_road or Road.OFFICE), open_now=desk.open),
            )
            for family in withdrawn_in(desk.delegation.id)
        ],
    )


@bp.post("/delegation/<code>/withdrawn/<family>")
@requires(Permission.DELEGATION)
def withdrawn_back(code: str, family: str) -> ResponseReturnValue:
    """Undo one withdrawal."""
    with transaction():
        desk = Desk(code)
        found = desk.family(family).family
        reason = _("Cán bộ lấy lại hồ sơ đã rút")
        said = told_back(found, bring_back(desk.rules, found, version_of_form(), reason, acting_user(), Road.OFFICER))
    for words, tone in said:
        flash(words, tone)
    return redirect(url_for("registration.withdrawn", code=code))
