"""Who of a delegation needs help or must not eat something: asked and written by officer or organiser, read by kitchen and nurse."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.models import ConsentPurpose
from festival.consent.rules import GUARDIANS, Ticks
from festival.consent.texts import ASKED_BY_WORDS, CONSENT_WORDS, GIVEN_AS_WORDS
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.text import cut, line
from festival.core.transaction import transaction
from festival.core.web.access import Permission, current_actor, requires
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.editions.queries import the_festival
from festival.logistics import needs, queries, supporting
from festival.logistics.blueprint import bp
from festival.logistics.needs import NEED_WORDS, Need
from festival.logistics.office_pages import own_delegation
from festival.logistics.words import MEAL_WORDS
from festival.roster.delegations import delegation_of
from festival.roster.models import Delegation

LONGEST = 200


@bp.get("/care")
@requires(Permission.CARE)
def kitchen() -> ResponseReturnValue:
    """What is cooked, and who must not eat what. Every look is noted."""
    festival = the_festival()
    looked(SecurityKind.READ_HEALTH, festival=festival.code)
    return render_template(
        "logistics/care.html",
        festival=festival,
        totals=[each for each in queries.meal_totals(festival.id) if not each.removed],
        allergies=queries.allergies(festival.id),
        meal_words=MEAL_WORDS,
    )


@bp.get("/delegation/<code>/support")
@requires(Permission.DELEGATION)
def support(code: str) -> ResponseReturnValue:
    """Everybody of one's own delegation, and what is written of each."""
    return _list(delegation_of(current_actor(), code), f"/delegation/{code}/support")


@bp.get("/office/logistics/<code>/support")
@requires(Permission.OFFICE)
def office_support(code: str) -> ResponseReturnValue:
    """The same for the organiser."""
    return _list(own_delegation(code), f"/office/logistics/{code}/support", office=True)


def _list(delegation: Delegation, base: str, *, office: bool = False) -> str:
    return render_template(
        "logistics/support.html",
        delegation=delegation,
        base=base,
        office=office,
        lines=queries.care_lines(delegation.id),
        read=lambda text: [say(NEED_WORDS[need]) for need in Need if need in needs.read(text)[0]],
    )


@bp.get("/delegation/<code>/support/<person>")
@requires(Permission.DELEGATION)
def support_of(code: str, person: str) -> ResponseReturnValue:
    """One person: what is asked, and by whom it is agreed."""
    return _one(delegation_of(current_actor(), code), person, f"/delegation/{code}/support")


@bp.get("/office/logistics/<code>/support/<person>")
@requires(Permission.OFFICE)
def office_support_of(code: str, person: str) -> ResponseReturnValue:
    """The same for the organiser."""
    return _one(own_delegation(code), person, f"/office/logistics/{code}/support")


def _one(delegation: Delegation, code: str, base: str) -> str:
    person = supporting.own_person(delegation, code)
    line_of = next(each for each in queries.care_lines(delegation.id) if each.code == code)
    kinds, own = needs.read(person.needs)
    return render_template(
        "logistics/support_one.html",
        delegation=delegation,
        person=person,
        line=line_of,
        base=base,
        kinds=kinds,
        own=own,
        need_words={need: say(words) for need, words in NEED_WORDS.items() if need is not Need.OTHER},
        asked=supporting.asked(person, delegation.festival),
        words={purpose.value: say(CONSENT_WORDS[purpose][1]) for purpose in supporting.HEALTH},
        guardians=[(key, say(GIVEN_AS_WORDS[key])) for key in GUARDIANS],
        roads=[(key, say(words)) for key, words in ASKED_BY_WORDS.items()],
    )


@bp.post("/delegation/<code>/support/<person>")
@requires(Permission.DELEGATION)
def support_post(code: str, person: str) -> ResponseReturnValue:
    """Write down, or take back, what one person agreed to."""
    with transaction():
        _keep(delegation_of(current_actor(), code), person)
    return redirect(url_for("logistics.support", code=code))


@bp.post("/office/logistics/<code>/support/<person>")
@requires(Permission.OFFICE)
def office_support_post(code: str, person: str) -> ResponseReturnValue:
    """The same for the organiser."""
    with transaction():
        _keep(own_delegation(code), person)
    return redirect(url_for("logistics.office_support", code=code))


def _keep(delegation: Delegation, code: str) -> None:
    person, festival = supporting.own_person(delegation, code), delegation.festival
    how = request.form.get("how", "")
    if how not in ASKED_BY_WORDS:
        raise BadInput(field="how")
    what = next((each for each in supporting.HEALTH if each.value == request.form.get("what")), None)
    if what is None:
        raise BadInput(field="what")
    if request.form.get("act") == "end":
        supporting.take_back(festival, person, what, how)
        flash(_("Đã rút lại và xóa điều đã ghi của %(name)s.", name=person.name), "good")
        return
    name = what.value
    ticks = Ticks(
        agreed=request.form.get(f"{name}-agreed") == "y",
        guardian=request.form.get(f"{name}-guardian", ""),
        as_who=request.form.get(f"{name}-as", ""),
        own=request.form.get(f"{name}-own") == "y",
    )
    by = supporting.agreed_by(supporting.asked(person, festival), ticks, how)
    if what is ConsentPurpose.ALLERGY:
        told = cut(line(request.form.get("allergy", "")), LONGEST)
        if not told:
            raise BadInput(_("Hãy ghi dị ứng với gì, ví dụ: tôm, đậu phộng."))
        supporting.agree_allergy(festival, person, told, by)
    else:
        kinds = [need for need in Need if need.value in request.form.getlist("need")]
        text = needs.written(kinds, cut(line(request.form.get("own", "")), LONGEST))
        if not text:
            raise BadInput(_("Hãy chọn hoặc ghi sự hỗ trợ cần có."))
        supporting.agree_support(festival, person, text, request.form.get("seen", ""), by)
    flash(_("Đã ghi cho %(name)s, với sự đồng ý.", name=person.name), "good")
