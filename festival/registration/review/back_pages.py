"""The organiser brings a withdrawn family back as it was, or as a draft to be changed first."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.text import line
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.registration.blueprint import bp
from festival.registration.coming_back.back_words import told_back
from festival.registration.coming_back.bringing_back import BackAgain, bring_back
from festival.registration.decisions import restore_family
from festival.registration.outcomes import Bound
from festival.registration.versions import version_of_form
from festival.roster import families
from festival.roster.asked import rules_of_family
from festival.roster.models import FamilyState
from festival.roster.outcomes import Done, QuotaFull, Stale

LONGEST_REASON = 600


@bp.post("/office/registrations/<code>/come-back")
@requires(Permission.REVIEW)
def review_back(code: str) -> ResponseReturnValue:
    """Also after the end of registration; quota and draw are asked and told."""
    reason = line(request.form.get("reason", ""))
    if not reason:
        raise BadInput(_("Hãy ghi lý do khôi phục."))
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("Lý do dài quá %(most)s ký tự. Hãy rút gọn.", most=LONGEST_REASON))
    as_draft = request.form.get("to") == FamilyState.DRAFT.value
    with transaction():
        family = families.family_by_code(code)
        rules, version, by = rules_of_family(family), version_of_form(), acting_user()
        back: BackAgain | Stale | Bound | QuotaFull
        if as_draft:
            outcome = restore_family(rules, family, version, reason, by)
            back = BackAgain(outcome.version, FamilyState.DRAFT) if isinstance(outcome, Done) else outcome
        else:
            back = bring_back(rules, family, version, reason, by)
        said = told_back(family, back)
    if as_draft:
        said = [(_("Đã khôi phục thành bản nháp, đủ các phần thi đã chọn. Gửi rồi duyệt như mọi hồ sơ."), "good")]
    for words, tone in said:
        flash(words, tone)
    return redirect(url_for("registration.review", code=code))
