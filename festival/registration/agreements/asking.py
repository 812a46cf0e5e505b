"""Somebody asks an officer or the organiser, in person, by phone or on paper, to take an agreement back or give it again.

Both doors end here; what leaves the festival is shown first and asked once more. How it was asked stands with the agreement.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.models import ConsentPurpose
from festival.consent.texts import ASKED_BY_WORDS
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.registration import leaving
from festival.roster.models import Family, FamilyState, Person
from festival.roster.rules import Rules

OVER = (FamilyState.WITHDRAWN, FamilyState.REJECTED)


def answered(load: Callable[[], tuple[Rules, Family]], back: str) -> ResponseReturnValue:
    """Do what was asked, or show what would follow. `load` reads the family of this door, in whatever transaction is open."""
    how, giving = request.form.get("how", ""), request.form.get("act") == "give"
    purpose = next((p for p in ConsentPurpose if p.value == request.form.get("purpose")), None)
    with reading():
        load()  # whose family it is comes before what was asked: a stranger learns nothing of a form's faults
    if how not in ASKED_BY_WORDS or purpose is None:
        raise BadInput(_("Hãy chọn việc gì và người ấy báo bằng cách nào."))
    if not giving and purpose in leaving.LEAVES and request.form.get("sure") != "yes":
        with reading():
            rules, family = load()
            person = _person(family)
            follows = leaving.foresee(rules, family, person)
        return render_template(
            "registration/asked.html",
            family=family,
            person=person,
            follows=follows,
            back=back,
            fields={"person": person.code, "purpose": purpose.value, "how": how, "act": "withdraw", "sure": "yes"},
        )
    full: list[str] = []
    with transaction():
        rules, family = load()
        person = _person(family)
        if family.state in OVER:
            raise Conflict(_("Hồ sơ của gia đình đã kết thúc."))
        if giving:
            full = leaving.give_again(rules, family, person, purpose, how)
        elif not leaving.take_back(rules, family, person, purpose, how):
            raise Conflict(_("Không còn người lớn nào đại diện gia đình. Hãy rút đăng ký của cả gia đình."))
    if full:
        flash(_("Không còn chỗ ở: %(contests)s.", contests=", ".join(full)), "warn")
    name = person.name
    flash(
        _("Đã ghi: %(name)s đồng ý lại.", name=name) if giving else _("Đã rút lại sự đồng ý của %(name)s.", name=name),
        "good",
    )
    return redirect(back)


def _person(family: Family) -> Person:
    found = next((one for one in family.members if one.code == request.form.get("person")), None)
    if found is None:
        raise BadInput(_("Chưa chọn người nào của gia đình. Hãy chọn một người rồi gửi lại."))
    return found
