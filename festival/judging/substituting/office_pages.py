"""The organiser substitutes a performer or a family, decides what officers ask, and takes it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.sentence import Sentence
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import not_offered
from festival.judging.routes import bp
from festival.judging.substituting import doing, drawing, typed
from festival.judging.substituting.drawing import OFFICE, SubstitutionDoor
from festival.judging.substituting.foreseeing import foresee
from festival.judging.substituting.foreseen import Foreseen
from festival.judging.substituting.models import SubstitutionKind
from festival.judging.substituting.queries import ToldSubstitution, of_delegation, of_edition, the_substitution
from festival.judging.substituting.wanted import family_alone, wanted, wanted_of
from festival.roster.asked import asked_rules, rules_of_family
from festival.roster.models import Family


def _door(code: str) -> SubstitutionDoor:
    return SubstitutionDoor(OFFICE, f"/office/registrations/{code}/substitute", f"/office/registrations/{code}")


@bp.get("/office/substitutions")
@requires(Permission.REVIEW)
def substitutions() -> ResponseReturnValue:
    """What waits, and what was done."""
    looked(SecurityKind.READ_CHILDREN)
    made = of_edition(asked_rules().festival.id)
    return render_template("judging/substituting/list.html", made=made, **drawing.words())


@bp.get("/office/registrations/<code>/substitute")
@requires(Permission.REVIEW)
def substitute(code: str) -> ResponseReturnValue:
    """Who leaves, who comes in; chosen, it leads on to what would follow."""
    family, choice = family_alone(Family.code == code), typed.chosen()
    if choice:
        return redirect(url_for("judging.substitute_foreseen", code=code, choice=choice))
    return drawing.choosing_page(_door(code), family, of_delegation(family.delegation_id))


@bp.get("/office/registrations/<code>/substitute/<choice>")
@requires(Permission.REVIEW)
def substitute_foreseen(code: str, choice: str) -> ResponseReturnValue:
    """What would follow."""
    family = family_alone(Family.code == code)
    return drawing.foreseen_page(_door(code), rules_of_family(family), family, choice)


@bp.post("/office/registrations/<code>/substitute/<choice>")
@requires(Permission.REVIEW)
def substitute_now(code: str, choice: str) -> ResponseReturnValue:
    """One tap: asked and carried out in one step."""
    with transaction():
        family = family_alone(Family.code == code)
        why, version = typed.typed_why(), typed.typed_version()
        rules, by = rules_of_family(family), acting_user()
        row = doing.ask(rules, wanted(family, choice, all_told=True), version, why, OFFICE, by)
        doing.do(rules, row, by)
        number, delegation = row.number, family.delegation.code
    flash(_("Đã thay. Cổng, phiếu chấm, sân khấu và MC dùng tên mới."), "good")
    return redirect(url_for("judging.one_substitution", code=delegation, number=number))


@bp.get("/office/substitutions/<code>/<int(max=9007199254740991):number>")
@requires(Permission.REVIEW)
def one_substitution(code: str, number: int) -> ResponseReturnValue:
    """What was asked or done, what would follow, and the way back."""
    told = the_substitution(code, number)
    looked(SecurityKind.READ_CHILDREN, family=told.out_code)
    foreseen, stuck = _ahead(told)
    return render_template(
        "judging/substituting/one.html",
        told=told,
        foreseen=foreseen,
        stuck=stuck,
        longest=typed.LONGEST_WHY,
        **drawing.words(),
    )


def _ahead(told: ToldSubstitution) -> tuple[Foreseen | None, tuple[Sentence, ...]]:
    """What follows from a request that waits; what stands against undoing one that was carried out."""
    try:
        asked = wanted_of(told.row)
    except NotFound:
        return None, ()
    rules = rules_of_family(asked.out)
    if told.waits:
        return foresee(rules, asked), ()
    if not told.done:
        return None, ()
    if told.row.kind is SubstitutionKind.PERSON:
        return None, foresee(rules, asked.backwards()).barred
    return None, tuple(doing.undo_barred(told.row, asked, doing.entries_of_row(told.row)))


@bp.post("/office/substitutions/<code>/<int(max=9007199254740991):number>")
@requires(Permission.REVIEW)
def decide_substitution(code: str, number: int) -> ResponseReturnValue:
    """Carry it out, refuse it with a reason, or undo one that was carried out."""
    deed = request.form.get("deed", "")
    said = {
        "do": _("Đã thay. Cổng, phiếu chấm, sân khấu và MC dùng tên mới."),
        "refuse": _("Đã từ chối yêu cầu. Không có gì thay đổi."),
        "undo": _("Đã hoàn tác. Mọi thứ trở lại như trước lần thay này."),
    }
    if deed not in said:
        raise not_offered("deed")
    reason = "" if deed == "do" else typed.typed_reason()
    with transaction():
        row, by = the_substitution(code, number).row, acting_user()
        rules = rules_of_family(family_alone(Family.id == row.out_family_id))
        if deed == "do":
            doing.do(rules, row, by)
        elif deed == "refuse":
            doing.refuse(rules, row, reason, by)
        else:
            doing.undo(rules, row, reason, by)
    flash(said[deed], "good")
    return redirect(url_for("judging.one_substitution", code=code, number=number))
