"""The family hands a link to father, mother or guardian elsewhere, and the phone to a child; the last four digits are asked."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import reading, transaction
from festival.core.web.access import family_link
from festival.core.web.errors import NotFound
from festival.registration.agreements import staff, writing
from festival.registration.agreements.parent_pages import child_answer, child_screen, thanked
from festival.registration.blueprint import bp
from festival.registration.family.link import checked_tail, family_page_with, own_family, tail_limit
from festival.registration.typed.forms import TailForm
from festival.roster import rules as roster_rules
from festival.roster.models import Family, Person
from festival.roster.rules import Rules

HOW = "link"


@bp.post("/family/parents")
@family_link
@tail_limit
def family_parent() -> ResponseReturnValue:
    """A link of the own for one who agrees for children and is somewhere else."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        name = staff.made(roster_rules.rules_of(family.delegation.festival), family, None)
    flash(_("Đã có liên kết riêng cho %(name)s. Gửi cho đúng người ấy.", name=name), "good")
    return redirect(url_for("registration.family_page", _anchor="parents"), 303)


@bp.post("/family/parents/<int:link_id>")
@family_link
@tail_limit
def family_parent_changed(link_id: int) -> ResponseReturnValue:
    """Another code for it, or none any more."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        words = staff.changed(roster_rules.rules_of(family.delegation.festival), family, link_id, None)
    flash(words, "good")
    return redirect(url_for("registration.family_page", _anchor="parents"), 303)


def _child(person: str) -> tuple[Family, Rules, Person]:
    """A child of the own family that is asked, also one that left: it may have changed its mind."""
    family = own_family()
    rules = roster_rules.rules_of(family.delegation.festival)
    child = next((each for each in family.members if each.code == person), None)
    if child is None:
        raise NotFound()
    asked = writing.asked_person(child, rules)
    if not asked.child or not (asked.own_asked or asked.picture_asked):
        raise NotFound()
    return family, rules, child


def _doors() -> dict[str, Any]:
    return {
        "back": url_for("registration.family_page"),
        "tail_words": _("4 số cuối của số điện thoại gia đình"),
    }


@bp.get("/family/child/<person>")
@family_link
def family_child(person: str) -> ResponseReturnValue:
    """The child's own screen."""
    family, rules, child = _child(person)
    return child_screen(family, rules, child, TailForm(formdata=None), **_doors())


@bp.post("/family/child/<person>")
@family_link
@tail_limit
def family_child_answer(person: str) -> ResponseReturnValue:
    """What the child answered; a no is thanked like a yes."""
    tail, fits = checked_tail()
    with reading():
        family, rules, child = _child(person)
        staff.over(family)
        answer, errors = child_answer(rules, child)
    if answer is None or not fits:
        family, rules, child = _child(person)
        return child_screen(family, rules, child, tail, errors, **_doors()), 422
    with transaction():
        family, rules, child = _child(person)
        staff.over(family)
        writing.child_answers(rules, family, child, *answer, HOW)
        writing.after_agreeing(rules, family.id)
    flash(thanked(child.name), "good")
    return redirect(url_for("registration.family_page", _anchor="agreements"), 303)
