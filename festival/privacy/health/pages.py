"""How does a family let others know behind its own link, with agreements of their own, of help somebody needs and of allergies?

A link travels through groups: the page says for whom something is written, never what. Writing wants the last four digits. It
is taken back where every agreement of the family is.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import GUARDIANS, Ticks
from festival.consent.texts import CONSENT_WORDS, GIVEN_AS_WORDS
from festival.core.database import db
from festival.core.names import nfc
from festival.core.text import cut, line
from festival.core.transaction import transaction
from festival.core.web.access import family_link
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.core.web.forms import form_number, not_offered
from festival.core.web.limiter import limiter
from festival.logistics import needs, supporting
from festival.logistics.needs import NEED_WORDS, Need
from festival.privacy.blueprint import bp
from festival.privacy.people.erasing_one import OVER
from festival.privacy.requests.family_pages import own_family_id
from festival.privacy.requests.typed import asked_person, check_tail
from festival.roster import families
from festival.roster.models import Family, Person

LONGEST = 200


@bp.get("/family/health")
@family_link
def family_health() -> ResponseReturnValue:
    """For whom something is written, and the forms."""
    family = families.family_by_id(own_family_id())
    return render_template(
        "privacy/health/family.html",
        family=family,
        festival=family.delegation.festival,
        over=family.state in OVER,
        agreed=_agreed(family),
        need_words=[(need.value, NEED_WORDS[need]) for need in Need if need is not Need.OTHER],
        texts={purpose.value: CONSENT_WORDS[purpose][1] for purpose in supporting.HEALTH},
        guardians=[(key, GIVEN_AS_WORDS[key]) for key in GUARDIANS],
    )


def _agreed(family: Family) -> dict[str, set[int]]:
    """Purpose → whose agreement stands."""
    people = [one.id for one in family.members]
    rows = db.session.execute(
        select(Consent.purpose, Consent.person_id).where(
            Consent.person_id.in_(people), Consent.purpose.in_(supporting.HEALTH), Consent.withdrawn_at.is_(None)
        )
    )
    found: dict[str, set[int]] = {purpose.value: set() for purpose in supporting.HEALTH}
    for row in rows:
        found[row.purpose.value].add(row.person_id)
    return found


@bp.post("/family/health")
@family_link
@limiter.limit("60 per hour")
def family_health_post() -> ResponseReturnValue:
    """Agree for one person, and write it down in the words of the form."""
    family_id = own_family_id()
    check_tail(family_id)
    with transaction():
        family = families.family_by_id(family_id)
        person = _who(family)
        what = next((each for each in supporting.HEALTH if each.value == request.form.get("what")), None)
        if what is None:
            raise not_offered("what")
        _write(family, person, what)
        name = person.name
    flash(_("Đã ghi cho %(name)s, với sự đồng ý.", name=name), "good")
    return redirect(url_for("privacy.family_health"))


def _who(family: Family) -> Person:
    person = asked_person(family)
    if person is None:
        raise BadInput(_("Chưa chọn người nào của gia đình. Hãy chọn một người rồi gửi lại."))
    if family.state in OVER or not person.folded:
        raise Conflict(_("Hồ sơ của gia đình đã kết thúc."))
    if person.out:
        raise Conflict(_("%(name)s không còn tham gia nên không ghi nữa.", name=person.name))
    return person


def _write(family: Family, person: Person, what: ConsentPurpose) -> None:
    festival = family.delegation.festival
    ticks = Ticks(
        agreed=request.form.get("agree") == "y",
        guardian=nfc(request.form.get("guardian", "")),
        as_who=request.form.get("guardian-as", ""),
        own=request.form.get("own-agreed") == "y",
    )
    by = supporting.agreed_by(supporting.asked(person, festival), ticks, "link")
    if what is ConsentPurpose.ALLERGY:
        told = cut(line(request.form.get("allergy", "")), LONGEST)
        if not told:
            raise BadInput(_("Hãy ghi dị ứng với gì, ví dụ: tôm, đậu phộng."))
        supporting.agree_allergy(festival, person, told, by)
        return
    kinds = [need for need in Need if need.value in request.form.getlist("need")]
    text = needs.written(kinds, cut(line(request.form.get("own", "")), LONGEST))
    if not text:
        raise BadInput(_("Hãy chọn hoặc ghi sự hỗ trợ cần có."))
    # What stands is not shown, so the version of the page says whether somebody has written since.
    if form_number("version") != family.version:
        raise Overtaken()
    supporting.agree_support(festival, person, text, person.needs, by)
