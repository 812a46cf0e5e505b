"""The organiser sees old and new side by side, says yes or no, and takes a change back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.text import line
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.core.web.forms import not_offered
from festival.registration.asked_changes import deciding
from festival.registration.asked_changes.page import ROAD_WORDS, changes_page, tell_asked
from festival.registration.asked_changes.queries import change_of, waiting_changes
from festival.registration.asked_changes.typed import LONGEST_WHY, TypedChange, typed_change
from festival.registration.blueprint import bp
from festival.registration.coming_back.who_may import Road
from festival.registration.typed.forms import FamilyContactForm
from festival.registration.versions import version_of_form
from festival.roster import families
from festival.roster.asked import asked_rules, rules_of_family
from festival.roster.models import Family


def _page(family: Family, typed: TypedChange | None = None) -> str:
    doors = {
        "send": url_for("registration.review_changes_ask", code=family.code),
        "back": url_for("registration.review", code=family.code),
    }
    looked(SecurityKind.READ_CHILDREN, family=family.code)
    return changes_page(rules_of_family(family), family, Road.OFFICE, typed, doors=doors)


@bp.get("/office/registrations/changes")
@requires(Permission.REVIEW)
def review_changes_waiting() -> ResponseReturnValue:
    """All requests that wait, the oldest first."""
    found = waiting_changes(asked_rules().festival.id)
    return render_template("registration/asked_changes/waiting.html", found=found, road_words=ROAD_WORDS)


@bp.get("/office/registrations/<code>/changes")
@requires(Permission.REVIEW)
def review_changes(code: str) -> ResponseReturnValue:
    """What was changed and asked of this family; the form."""
    return _page(families.family_by_code(code))


@bp.post("/office/registrations/<code>/changes")
@requires(Permission.REVIEW)
def review_changes_ask(code: str) -> ResponseReturnValue:
    """Spellings are written at once; facts stand side by side and are confirmed next."""
    with transaction():
        family = families.family_by_code(code)
        rules = rules_of_family(family)
        typed = typed_change(rules, deciding.household_now(rules, family), FamilyContactForm())
        if typed.faults:
            return _page(family, typed), 422
        done = deciding.ask(rules, family, version_of_form(), typed.household, typed.why, Road.OFFICE, acting_user())
    tell_asked(done)
    return redirect(url_for("registration.review_changes", code=code))


@bp.post("/office/registrations/<code>/changes/<int(max=9007199254740991):number>")
@requires(Permission.REVIEW)
def review_change(code: str, number: int) -> ResponseReturnValue:
    """Carry it out, refuse it with a reason, or undo one that was carried out."""
    deed, reason = request.form.get("deed", ""), line(request.form.get("reason", ""))[:LONGEST_WHY]
    said = {
        "approve": _("Đã thay đổi. Mọi danh sách và máy dùng bản mới; thẻ vẫn dùng được."),
        "refuse": _("Đã từ chối yêu cầu. Hồ sơ giữ như cũ."),
        "undo": _("Đã hoàn tác. Hồ sơ trở lại như trước thay đổi này."),
    }
    if deed not in said:
        raise not_offered("deed")
    if deed != "approve" and not reason:
        raise BadInput(_("Hãy ghi lý do, người gửi sẽ đọc."))
    with transaction():
        family = families.family_by_code(code)
        rules, change, by = rules_of_family(family), change_of(family.id, number), acting_user()
        if deed == "approve":
            deciding.approve(rules, change, by)
        elif deed == "refuse":
            deciding.refuse(rules, change, reason, by)
        else:
            deciding.undo(rules, change, reason, by)
    flash(said[deed], "good")
    return redirect(url_for("registration.review_changes", code=code))
