"""The organiser reads registrations, approves, returns with a reason or refuses, and prints passes.

Each decision carries the version that was seen: of two reviewers at once the second is told, and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from festival.core import qr
from festival.core.access import Permission, acting_user, requires
from festival.core.errors import Conflict, NotFound
from festival.core.forms import typed_number
from festival.core.i18n import say
from festival.core.outbox import Attachment
from festival.core.paging import asked_part
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from festival.registration import decisions, officers, pass_code, pass_tokens, queries
from festival.registration.blueprint import bp
from festival.registration.consent_rules import ages
from festival.registration.forms import ReasonForm
from festival.registration.models import Delegation, Family, FamilyState, Pass
from festival.registration.officer_pages import version_of_form
from festival.registration.outcomes import Bound, Decision, Done, NotComplete, QuotaFull, Stale
from festival.registration.passes import next_issue, reissue_pass, replace_link
from festival.registration.queries import Rules
from festival.registration.words import STATE_WORDS

# Five sheets of A4, four cards each.
CARDS_A_PAGE = 20


def _rules() -> Rules:
    code = request.args.get("festival", "")
    return queries.rules_of(queries.festival_by_code(code) if code else the_festival())


def _rules_of(family: Family) -> Rules:
    return queries.rules_of(family.delegation.festival)


@bp.get("/office/registrations")
@requires(Permission.REVIEW)
def review_list() -> ResponseReturnValue:
    """All registrations, filtered and searched; without a filter those that wait."""
    rules = _rules()
    wanted = request.args.get("state")
    chosen = next((state for state in FamilyState if state.value == wanted), None)
    state = FamilyState.SUBMITTED if wanted is None and not request.args.get("q") else chosen
    number = typed_number(request.args.get("page", ""), 5) or 1
    delegation, search = request.args.get("delegation", ""), request.args.get("q", "")[:80]
    found = queries.review_page(rules, state=state, delegation=delegation, search=search, page=number)

    def url(other: int) -> str:
        return url_for(
            "registration.review_list",
            page=other,
            q=search,
            delegation=delegation,
            state=state.value if state else "all",
        )

    listed = queries.delegations(rules.festival.id)
    return render_template(
        "registration/review_list.html",
        rules=rules,
        result=found,
        state=state,
        states=[("all", _("Tất cả")), *((each.value, say(STATE_WORDS[each])) for each in FamilyState)],
        states_by_value={each.value: each for each in FamilyState},
        delegation_choices=[(each.code, each.name) for each in listed],
        delegation=next((each for each in listed if each.code == delegation), None),
        search=search,
        page_url=url,
    )


@bp.get("/office/registrations/<code>")
@requires(Permission.REVIEW)
def review(code: str) -> ResponseReturnValue:
    """One registration with what it lacks and what can be decided."""
    return _review_page(code, ReasonForm(formdata=None))


def _review_page(code: str, reason: ReasonForm, stale: str = "") -> str:
    """`stale`: why a decision was refused; the reason that was typed for it stays in the form."""
    family = queries.family_by_code(code)
    rules = _rules_of(family)
    item = queries.view(family, rules)
    on = rules.festival.starts_on
    issued = queries.family_pass(family.id)
    return render_template(
        "registration/review_one.html",
        view=item,
        family=family,
        rules=rules,
        reason=reason,
        stale=stale,
        following=queries.next_waiting(family),
        ages=[ages(member.birth, on) if member.birth else None for member in item.household.members],
        card=_card(issued, rules, family) if issued else None,
        link=queries.link_code(family),
    )


def _picture(family_id: int, issue: int) -> Attachment:
    """The QR of a pass as a file of a letter; drawing it is work that no transaction should wait for."""
    text = pass_code.encode(pass_tokens.token("family", family_id, issue))
    return Attachment("ma-qr-gia-dinh.png", "image/png", qr.png(text))


@bp.post("/office/registrations/<code>/approve")
@requires(Permission.REVIEW)
def approve(code: str) -> ResponseReturnValue:
    """Take a family in."""
    with reading():
        family = queries.family_by_code(code)
        pictured = [(family.id, next_issue(family.id))] if family.email else []
    attachments = [_picture(family_id, issue) for family_id, issue in pictured]
    with transaction():
        family = queries.family_by_code(code)
        rules = _rules_of(family)
        outcome = decisions.approve(rules, queries.view(family, rules), version_of_form(), acting_user(), attachments)
    words = _said(outcome)
    if isinstance(outcome, Stale):
        raise Conflict(words)
    flash(_("Đã duyệt %(name)s.", name=family.name) if isinstance(outcome, Done) else words, _tone(outcome))
    return redirect(url_for("registration.review", code=code))


def _tone(outcome: Decision) -> str:
    return "good" if isinstance(outcome, Done) else "warn"


def _said(outcome: Decision) -> str:
    match outcome:
        case Done():
            return str(_("Đã duyệt."))
        case Stale(state=state):
            return str(
                _(
                    "Người khác vừa xử lý hồ sơ này, hiện là “%(state)s”. Mở lại hồ sơ để xem bản mới. Chưa có gì bị ghi đè.",
                    state=say(STATE_WORDS[state]),
                )
            )
        case NotComplete(lacks):
            return str(_("Chưa duyệt được: %(why)s", why=" ".join(say(lack.reason) for lack in lacks)))
        case QuotaFull(contest="", most=most):
            return str(_("Chưa duyệt được: đoàn đã đủ %(most)s gia đình theo chỉ tiêu.", most=most))
        case QuotaFull(contest=contest, most=most):
            text = _("Chưa duyệt được: đoàn đã đủ %(most)s đội ở phần thi %(contest)s.", most=most, contest=contest)
            return str(text)
        case _:
            assert_never(outcome)


@bp.post("/office/registrations/<code>/return")
@requires(Permission.REVIEW)
def review_return(code: str) -> ResponseReturnValue:
    """Give it back with what to mend."""
    return _with_reason(code, FamilyState.RETURNED)


@bp.post("/office/registrations/<code>/reject")
@requires(Permission.REVIEW)
def review_reject(code: str) -> ResponseReturnValue:
    """Refuse it."""
    return _with_reason(code, FamilyState.REJECTED)


def _with_reason(code: str, state: FamilyState) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _review_page(code, form), 422
    reason = (form.reason.data or "").strip()
    with transaction():
        family = queries.family_by_code(code)
        decide = decisions.return_family if state is FamilyState.RETURNED else decisions.reject_family
        outcome = decide(_rules_of(family), family, version_of_form(), reason, acting_user())
        if isinstance(outcome, Stale):
            return _review_page(code, form, _said(outcome)), 409
    match outcome:
        case Done():
            words = _("Đã trả lại %(name)s để sửa.") if state is FamilyState.RETURNED else _("Đã từ chối %(name)s.")
            flash(words % {"name": family.name}, "good")
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.review_list"))


@bp.post("/office/registrations/<code>/undo")
@requires(Permission.REVIEW)
def review_undo(code: str) -> ResponseReturnValue:
    """Take an approval back while nothing stands on it, or a refusal."""
    form = ReasonForm()
    if not form.validate():
        return _review_page(code, form), 422
    with transaction():
        family = queries.family_by_code(code)
        rejected = family.state is FamilyState.REJECTED
        undo = decisions.undo_rejection if rejected else decisions.undo_approval
        reason = (form.reason.data or "").strip()
        outcome = undo(_rules_of(family), family, version_of_form(), reason, acting_user())
        if isinstance(outcome, Stale):
            return _review_page(code, form, _said(outcome)), 409
    match outcome:
        case Done() if rejected:
            flash(_("Hồ sơ chờ duyệt trở lại."), "good")
        case Done():
            flash(_("Đã hoàn tác duyệt. Thẻ cũ không còn dùng được."), "good")
        case Bound(reasons):
            why = " ".join(say(reason) for reason in reasons)
            flash(
                _("Chưa hoàn tác được: %(why)s Gia đình không đến nữa thì dùng “Rút khỏi ngày hội”.", why=why), "warn"
            )
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.review", code=code))


@bp.post("/office/registrations/<code>/withdraw")
@requires(Permission.REVIEW)
def review_withdraw(code: str) -> ResponseReturnValue:
    """The family does not come: places are free again, the pass ends."""
    with transaction():
        family = queries.family_by_code(code)
        outcome = decisions.withdraw_family(_rules_of(family), family, version_of_form(), "office")
    match outcome:
        case Done():
            flash(_("Đã rút %(name)s khỏi ngày hội.", name=family.name), "good")
        case Stale():
            raise Conflict(_said(outcome))
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.review", code=code))


@bp.post("/office/registrations/delegations/<code>/approve")
@requires(Permission.REVIEW)
def review_bulk(code: str) -> ResponseReturnValue:
    """Approve all complete waiting families of a delegation."""
    with reading():
        delegation = queries.delegation_by_code(code)
        waiting = queries.complete_and_waiting(delegation.id, queries.rules_of(delegation.festival))
        pictured = [(v.family.id, next_issue(v.family.id)) for v in waiting if v.family.email]
    pictures = {family_id: _picture(family_id, issue) for family_id, issue in pictured}
    with transaction():
        delegation = queries.delegation_by_code(code)
        rules = queries.rules_of(delegation.festival)
        approved, refused = decisions.approve_complete(rules, delegation, acting_user(), pictures)
    flash(
        _("Đã duyệt %(n)s gia đình của %(name)s.", n=len(approved), name=delegation.name),
        "good" if approved else "note",
    )
    for family, outcome in refused:
        flash(f"{family.name}: {_said(outcome)}", "warn")
    return redirect(url_for("registration.review_list", delegation=code))


# ---------------------------------------------------------------- delegations and their officers


@bp.get("/office/delegations")
@requires(Permission.REVIEW)
def delegation_list() -> ResponseReturnValue:
    """The delegations with their quota and the officers who register for them."""
    rules = _rules()
    return render_template(
        "registration/delegations.html",
        rules=rules,
        delegations=queries.delegations(rules.festival.id),
        officers=queries.officers(rules.festival.id),
        accounts=[(user.id, f"{user.name} ({user.login})") for user in queries.officer_accounts()],
    )


@bp.post("/office/delegations/<code>/officers")
@requires(Permission.REVIEW)
def delegation_officer(code: str) -> ResponseReturnValue:
    """Give a delegation to an officer, or take it away."""
    typed = request.form.get("user", "")
    with transaction():
        delegation = queries.delegation_by_code(code)
        user = next((each for each in queries.officer_accounts() if str(each.id) == typed), None)
        if user is None:
            raise NotFound(_("Chưa chọn cán bộ. Hãy chọn một tài khoản có vai trò cán bộ."))
        change = officers.dismiss_officer if request.form.get("remove") == "yes" else officers.assign_officer
        change(queries.rules_of(delegation.festival), delegation, user.id)
    flash(_("Đã lưu người phụ trách của %(name)s.", name=delegation.name), "good")
    return redirect(url_for("registration.delegation_list"))


# ---------------------------------------------------------------- passes


@dataclass(frozen=True, slots=True)
class Card:
    """One pass on paper: whose it is, the two codes, how many people it is for."""

    title: str
    under: str
    people: int
    names: tuple[str, ...]
    code: Markup
    typed: str
    issue: int
    code_of: str


def _card(row: Pass, rules: Rules, family: Family) -> Card:
    text = pass_tokens.qr_text(row)
    return Card(
        title=family.name,
        under=family.delegation.name,
        people=len(family.members),
        names=tuple(person.name for person in family.members),
        code=qr.svg(text, label=_("Mã QR của %(name)s", name=family.name)),
        typed=pass_tokens.typed_of(row),
        issue=row.issue,
        code_of=family.code,
    )


@bp.get("/office/passes")
@requires(Permission.REVIEW)
def passes() -> ResponseReturnValue:
    """Cards of a delegation (or one family), A6, four to a page."""
    code, one = request.args.get("delegation", ""), request.args.get("family", "")
    if one:
        family = queries.family_by_code(one)
        rules = _rules_of(family)
        issued = queries.family_pass(family.id)
        if issued is None:
            raise NotFound(_("Gia đình này chưa được duyệt nên chưa có thẻ."))
        return render_template(
            "registration/passes.html",
            rules=rules,
            cards=[_card(issued, rules, family)],
            back=url_for("registration.review", code=one),
            part=None,
        )
    if not code:
        rules = _rules()
        return render_template(
            "registration/passes_choose.html", rules=rules, delegations=queries.delegations(rules.festival.id)
        )
    delegation = queries.delegation_by_code(code)
    rules = queries.rules_of(delegation.festival)
    families = {item.id: item for item in queries.families_of(delegation.id)}
    passes_issued = list(queries.passes(rules.festival.id, delegation.id))
    rows = [row for row in passes_issued if row.family_id in families]
    whole = [row for row in passes_issued if row.delegation_id is not None]
    # the delegation's own card first; codes are drawn only for the part that is printed
    part = asked_part(len(whole) + len(rows), CARDS_A_PAGE)
    cards = [
        _card(row, rules, families[row.family_id])
        if row.family_id is not None
        else _delegation_card(row, delegation, list(families.values()))
        for row in part.of([*whole, *rows])
    ]
    return render_template(
        "registration/passes.html",
        rules=rules,
        cards=cards,
        back=url_for("registration.passes"),
        part=part,
        delegation=delegation,
    )


def _delegation_card(row: Pass, delegation: Delegation, families: list[Family]) -> Card:
    approved = [each for each in families if each.state is FamilyState.APPROVED]
    return Card(
        title=delegation.name,
        under=str(_("Thẻ của đoàn, dùng để điểm danh cả đoàn")),
        people=sum(len(each.members) for each in approved),
        names=tuple(each.name for each in approved),
        code=qr.svg(pass_tokens.qr_text(row), label=_("Mã QR của %(name)s", name=delegation.name)),
        typed=pass_tokens.typed_of(row),
        issue=row.issue,
        code_of=delegation.code,
    )


@bp.post("/office/registrations/<code>/pass")
@requires(Permission.REVIEW)
def reissue(code: str) -> ResponseReturnValue:
    """A lost card: a new pass; the old one is refused at the gates."""
    with transaction():
        family = queries.family_by_code(code)
        if family.state is not FamilyState.APPROVED:
            raise Conflict(_("Gia đình chưa được duyệt nên chưa có thẻ để cấp lại."))
        reissue_pass(_rules_of(family), family, acting_user())
    flash(_("Đã cấp thẻ mới. Thẻ cũ không còn dùng được, hãy in thẻ mới cho gia đình."), "good")
    return redirect(url_for("registration.review", code=code))


@bp.post("/office/registrations/<code>/link")
@requires(Permission.REVIEW)
def relink(code: str) -> ResponseReturnValue:
    """A link that went astray: a new one; the old one leads nowhere."""
    with transaction():
        family = queries.family_by_code(code)
        replace_link(_rules_of(family), family, acting_user())
    flash(_("Đã đổi liên kết. Liên kết cũ không còn dùng được, hãy gửi liên kết mới cho gia đình."), "good")
    return redirect(url_for("registration.review", code=code))
