"""An officer asks that a performer or a family be substituted, and takes it back while it waits."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import NotFound
from festival.judging.routes import bp
from festival.judging.substituting import doing, drawing, typed
from festival.judging.substituting.drawing import OFFICER, SubstitutionDoor
from festival.judging.substituting.queries import of_delegation, the_substitution
from festival.judging.substituting.wanted import family_alone, wanted
from festival.roster.delegations import delegation_of
from festival.roster.models import Family
from festival.roster.rules import Rules, rules_of


def _door(code: str, family: str) -> SubstitutionDoor:
    own = f"/delegation/{code}/families/{family}"
    return SubstitutionDoor(OFFICER, f"{own}/substitute", own)


def _own(code: str, family: str) -> tuple[Rules, Family]:
    delegation = delegation_of(current_actor(), code)
    return rules_of(delegation.festival), family_alone(Family.code == family, Family.delegation_id == delegation.id)


@bp.get("/delegation/<code>/families/<family>/substitute")
@requires(Permission.DELEGATION)
def officer_substitute(code: str, family: str) -> ResponseReturnValue:
    """Who leaves, who comes in; chosen, it leads on to what would follow."""
    _rules, own = _own(code, family)
    choice = typed.chosen()
    if choice:
        return redirect(url_for("judging.officer_substitute_foreseen", code=code, family=family, choice=choice))
    return drawing.choosing_page(_door(code, family), own, of_delegation(own.delegation_id))


@bp.get("/delegation/<code>/families/<family>/substitute/<choice>")
@requires(Permission.DELEGATION)
def officer_substitute_foreseen(code: str, family: str, choice: str) -> ResponseReturnValue:
    """What would follow."""
    rules, own = _own(code, family)
    return drawing.foreseen_page(_door(code, family), rules, own, choice)


@bp.post("/delegation/<code>/families/<family>/substitute/<choice>")
@requires(Permission.DELEGATION)
def officer_substitute_ask(code: str, family: str, choice: str) -> ResponseReturnValue:
    """It waits for the organiser."""
    with transaction():
        rules, own = _own(code, family)
        why, version = typed.typed_why(), typed.typed_version()
        doing.ask(rules, wanted(own, choice, all_told=False), version, why, OFFICER, acting_user())
    flash(_("Đã gửi yêu cầu cho Ban Tổ chức. Trong lúc chờ, chưa có gì thay đổi."), "good")
    return redirect(url_for("judging.officer_substitute", code=code, family=family))


@bp.post("/delegation/<code>/families/<family>/substitutions/<int(max=9007199254740991):number>")
@requires(Permission.DELEGATION)
def officer_substitute_take_back(code: str, family: str, number: int) -> ResponseReturnValue:
    """What an officer asked is not asked any more."""
    with transaction():
        rules, own = _own(code, family)
        row = the_substitution(own.delegation.code, number).row
        if row.road != OFFICER or own.id not in (row.out_family_id, row.in_family_id):
            raise NotFound()
        doing.take_back(rules, row, acting_user())
    flash(_("Đã rút lại yêu cầu. Không có gì thay đổi."), "good")
    return redirect(url_for("judging.officer_substitute", code=code, family=family))
