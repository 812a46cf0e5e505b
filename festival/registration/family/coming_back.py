"""A family that withdrew takes part again, by one tap behind its own link and its four digits."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from festival.core.transaction import transaction
from festival.core.web.access import family_link
from festival.registration.blueprint import bp
from festival.registration.coming_back.back_words import told_back
from festival.registration.coming_back.bringing_back import bring_back
from festival.registration.coming_back.who_may import Road
from festival.registration.family.link import checked_tail, family_page_with, own_family, tail_limit
from festival.registration.versions import version_of_form
from festival.roster import rules as roster_rules


@bp.post("/family/come-back")
@family_link
@tail_limit
def family_come_back() -> ResponseReturnValue:
    """Undo the family's own withdrawal."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        rules = roster_rules.rules_of(family.delegation.festival)
        said = told_back(family, bring_back(rules, family, version_of_form(), "", None, Road.LINK))
    for words, tone in said:
        flash(words, tone)
    return redirect(url_for("registration.family_page"))
