"""How does a family take an agreement back behind its own link, seeing beforehand what follows?"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.models import ConsentPurpose
from festival.core.transaction import reading, transaction
from festival.core.web.access import family_link
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.forms import not_offered
from festival.registration import leaving
from festival.registration.blueprint import bp
from festival.registration.family.link import OVER, checked_tail, family_page_with, own_family, tail_limit
from festival.roster import rules as roster_rules
from festival.roster.models import Family, Person


@bp.post("/family/consent/withdraw")
@family_link
@tail_limit
def family_consent_withdraw() -> ResponseReturnValue:
    """Take an agreement back; what leaves the festival is shown first and asked once more."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    purpose = next((p for p in ConsentPurpose if p.value == request.form.get("purpose")), None)
    if purpose in leaving.LEAVES and request.form.get("sure") != "yes":
        with reading():
            family, person = _asked()
            rules = roster_rules.rules_of(family.delegation.festival)
            follows = leaving.foresee(rules, family, person)
        return render_template(
            "registration/family/leaving.html",
            family=family,
            person=person,
            purpose=purpose.value if purpose else "",
            follows=follows,
            tail=tail.tail.data,
        )
    with transaction():
        family, person = _asked()
        if purpose is None:
            raise not_offered("purpose")
        if family.state in OVER:
            raise Conflict(_("Hồ sơ của gia đình đã kết thúc."))
        rules = roster_rules.rules_of(family.delegation.festival)
        done = leaving.take_back(rules, family, person, purpose, "link")
    if done:
        flash(_("Đã rút lại sự đồng ý của %(name)s.", name=person.name), "good")
    else:
        flash(_("Không còn người lớn nào đại diện gia đình. Hãy rút đăng ký của cả gia đình."), "warn")
    return redirect(url_for("registration.family_page"))


def _asked() -> tuple[Family, Person]:
    family = own_family()
    person = next((p for p in family.members if p.code == request.form.get("person")), None)
    if person is None:
        raise BadInput(_("Chưa chọn người nào của gia đình. Hãy chọn một người rồi gửi lại."))
    return family, person
