"""The family says by its link who receives its prize money; like every change it asks for the last four digits."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import family_link
from festival.registration.blueprint import bp
from festival.registration.family.link import checked_tail, family_page_with, own_family, tail_limit
from festival.registration.receiving import choose_receiver


@bp.post("/family/receiver")
@family_link
@tail_limit
def family_receiver() -> ResponseReturnValue:
    """One of the grown-ups; again until a result is decided."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        person = choose_receiver(family.delegation.festival, family, request.form.get("receiver", ""), "link")
        words = _("Tiền thưởng của gia đình, nếu có, sẽ giao cho %(name)s.", name=person.name)
    flash(words, "good")
    return redirect(url_for("registration.family_page"))
