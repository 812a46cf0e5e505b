"""A family arrives all the same and has not agreed yet: who agrees, to which words, ticked and signed, and the pass works at once.

Registration may be closed and the family dropped by then. What is recorded is the same as by every other road, with the desk as
the way; the approval asks what it always asks, and answers in one sentence when something else is missing.
"""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.consent.models import ConsentPurpose
from festival.consent.texts import CONSENT_WORDS
from festival.core import qr
from festival.core.clock import now
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.documents import paper
from festival.editions.queries import the_festival
from festival.passes import tokens
from festival.passes.models import Pass
from festival.registration import agreeing, decisions, leaving
from festival.registration.blueprint import bp
from festival.registration.family.agreements import agreed_by_link, waiting
from festival.registration.outcomes import Bound
from festival.registration.review.decided import said_of
from festival.registration.typed.forms import GUARDIANS
from festival.registration.waiting import dropping
from festival.roster import delegations, families, views
from festival.roster.asked import rules_of_family
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import Done, Stale
from festival.roster.rules import Rules
from festival.roster.steps import note, step

AT_THE_DESK = "desk"


@bp.get("/office/checkin/agree")
@requires(Permission.CHECKIN)
def desk_agree_list() -> ResponseReturnValue:
    """The families that have not agreed yet, by delegation; also those that were dropped."""
    festival = the_festival()
    looked(SecurityKind.READ_CHILDREN, what="waiting")
    named = {each.id: each for each in delegations.delegations(festival.id)}
    return render_template(
        "registration/review/desk_list.html",
        festival=festival,
        delegations=named,
        waiting=dropping.waiting_of(festival.id),
    )


@bp.get("/office/checkin/agree/<family>")
@requires(Permission.CHECKIN)
def desk_agree(family: str) -> ResponseReturnValue:
    """The words, a tick for each person, and the pass as soon as it works."""
    return _page(_family(family), {})


def _family(code: str) -> Family:
    family = families.family_by_code(code)
    if family.festival_id != the_festival().id or family.state is FamilyState.REJECTED or not family.folded:
        raise NotFound()
    return family


def _page(family: Family, errors: dict[str, str]) -> str:
    rules = rules_of_family(family)
    looked(SecurityKind.READ_CHILDREN, family=family.code)
    row = db.session.scalar(select(Pass).where(Pass.family_id == family.id, Pass.replaced_at.is_(None)))
    return render_template(
        "registration/review/desk_one.html",
        family=family,
        waiting=waiting(family, views.view(family, rules).household, rules),
        words=say(CONSENT_WORDS[ConsentPurpose.TAKING_PART][1]),
        guardians=GUARDIANS,
        typed=request.form,
        errors=errors,
        code=qr.svg(tokens.qr_text(row), label=_("Mã QR của gia đình")) if row else None,
        typed_code=tokens.typed_of(row) if row else "",
    )


@bp.get("/office/checkin/agree/<family>/slip.pdf")
@requires(Permission.CHECKIN)
def desk_slip(family: str) -> Response:
    """The slip that is signed: the words, and a line for each person."""
    found = _family(family)
    rules = rules_of_family(found)
    rows: list[list[Any]] = [
        [str(at), person.name, "", ""]
        for at, (person, _member, _child, _own) in enumerate(
            waiting(found, views.view(found, rules).household, rules), start=1
        )
    ]
    values = {
        "title": _("Phiếu đồng ý tham gia"),
        "organ": rules.festival.organiser or _("Ban Tổ chức ngày hội"),
        "under": f"{found.name} · {found.delegation.name}",
        "head": [_("STT"), _("Họ và tên"), _("Cha, mẹ hoặc người giám hộ (trẻ dưới 16 tuổi)"), _("Ký tên")],
        "widths": [0, 2, 2, 2],
        "rows": rows,
        "notes": [say(CONSENT_WORDS[ConsentPurpose.TAKING_PART][1])],
        "signers": [{"role": _("Người nhận phiếu"), "note": _("(ký, ghi rõ họ tên)")}],
    }
    looked(SecurityKind.EXPORT, what="paper", family=found.code)
    made = paper.pdf("components/list_to_sign.typ", values)
    headers = {"Content-Disposition": 'inline; filename="phieu-dong-y.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=headers)


@bp.post("/office/checkin/agree/<family>")
@requires(Permission.CHECKIN)
def desk_agree_post(family: str) -> ResponseReturnValue:
    """Record what was ticked and signed, and let the family in."""
    if request.form.get("signed") != "y":
        raise BadInput(_("Gia đình ký phiếu rồi đánh dấu «đã ký»."), field="signed")
    try:
        name = _agreed_here(family)
    except _Unagreed as refused:
        return _page(_family(family), refused.errors), 422
    flash(_("%(name)s đã đồng ý và được nhận. Thẻ dùng được ngay.", name=name), "good")
    return redirect(url_for("registration.desk_agree", family=family))


class _Unagreed(Exception):
    """Rolls everything back: a tick that does not count yet, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


def _agreed_here(family: str) -> str:
    """What was ticked is recorded, and the family let in; its name."""
    with transaction():
        found = _family(family)
        rules = rules_of_family(found)
        if found.state is FamilyState.WITHDRAWN:
            found = _taken_back(rules, found)
        agreed, errors = agreed_by_link(found, views.view(found, rules).household, rules, AT_THE_DESK)
        if errors:
            raise _Unagreed(errors)
        for consent in agreed:
            agreeing.record_consent(rules, found, *consent, AT_THE_DESK)
        leaving.come_back(rules, found.id)
        return _let_in(rules, found.id)


def _taken_back(rules: Rules, family: Family) -> Family:
    if not any(each.dropped for each in dropping.waiting_in(family.delegation_id) if each.family.id == family.id):
        raise Conflict(_("Gia đình này đã tự rút đăng ký. Ban Tổ chức khôi phục hồ sơ trước."))
    reason = _("Đến ngày hội và đồng ý tại quầy")
    outcome = decisions.restore_family(rules, family, family.version, reason, acting_user())
    if isinstance(outcome, Bound):
        raise Conflict(" ".join(say(each) for each in outcome.reasons))
    return families.family_by_id(family.id)


def _let_in(rules: Rules, family_id: int) -> str:
    """Sent and approved at once, although registration may be closed; Conflict with what is missing."""
    db.session.flush()
    family = families.family_by_id(family_id)
    if family.state in (FamilyState.DRAFT, FamilyState.RETURNED):
        sent = step(
            family, family.version, (family.state,), state=FamilyState.SUBMITTED, submitted_at=now(), return_reason=""
        )
        if isinstance(sent, Stale):
            raise Conflict()
        note(rules.festival, "registration.submitted", family, sent.version, {"family": family.name})
        family = families.family_by_id(family_id)
    if family.state is FamilyState.SUBMITTED:
        outcome = decisions.approve(rules, views.view(family, rules), family.version, acting_user())
        if not isinstance(outcome, Done):
            raise Conflict(said_of(outcome))
    return family.name
