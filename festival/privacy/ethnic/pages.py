"""The family writes ethnic groups down behind its own link, or takes them back; the organiser sees numbers of five or more."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.rules import Ticks
from festival.consent.texts import GIVEN_AS_WORDS
from festival.core.names import nfc
from festival.core.transaction import transaction
from festival.core.web.access import Permission, current_actor, family_link, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.limiter import limiter
from festival.editions.queries import the_festival
from festival.privacy.blueprint import bp
from festival.privacy.ethnic import agreed_text, agreeing
from festival.privacy.groups import GROUPS, LEAST
from festival.privacy.requests.typed import asked_person, check_tail
from festival.roster import families


@bp.get("/family/ethnic")
@family_link
def family_ethnic() -> ResponseReturnValue:
    """What is written down, and the form."""
    family = families.family_by_id(_own())
    return render_template(
        "privacy/ethnic/family.html",
        family=family,
        festival=family.delegation.festival,
        standing=agreeing.standing(family),
        groups=sorted(GROUPS.items()),
        text=agreed_text.TEXT,
        guardians=[(key, words) for key, words in GIVEN_AS_WORDS.items() if key != "self"],
    )


def _own() -> int:
    family_id = current_actor().family_id
    if family_id is None:
        raise NotFound()
    return family_id


@bp.post("/family/ethnic")
@family_link
@limiter.limit("60 per hour")
def family_ethnic_post() -> ResponseReturnValue:
    """Agree and write down, or take back (`act`)."""
    family_id, giving = _own(), request.form.get("act") != "back"
    check_tail(family_id)
    with transaction():
        family = families.family_by_id(family_id)
        person = asked_person(family)
        if person is None:
            raise BadInput(_("Chưa chọn người nào của gia đình. Hãy chọn một người rồi gửi lại."))
        if not person.folded:
            raise Conflict(_("Dữ liệu này đã được xóa rồi, không còn gì để xem, sửa hay xóa nữa."))
        if giving:
            ticks = Ticks(
                agreed=request.form.get("agree") == "y",
                guardian=nfc(request.form.get("guardian", "")),
                as_who=request.form.get("guardian-as", ""),
            )
            agreeing.write_down(family, person, request.form.get("group", ""), ticks, "link")
        else:
            agreeing.take_back(family, person, "link")
        name = person.name
    flash(
        _("Đã ghi dân tộc của %(name)s.", name=name) if giving else _("Đã xóa dân tộc đã ghi của %(name)s.", name=name),
        "good",
    )
    return redirect(url_for("privacy.family_ethnic"))


@bp.get("/office/privacy/ethnic")
@requires(Permission.ETHNIC)
def office_ethnic() -> ResponseReturnValue:
    """Numbers, never names."""
    festival = the_festival()
    return render_template(
        "privacy/ethnic/office.html", festival=festival, counts=agreeing.counts(festival.id), least=LEAST
    )
