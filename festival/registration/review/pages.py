"""The organiser reads registrations, approves, returns with a reason or refuses.

Each decision carries the version that was seen: of two reviewers at once the second is told, and nothing is lost.
"""

from __future__ import annotations

from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.rules import ages
from festival.core import qr
from festival.core.looks import looked
from festival.core.post.outbox import Attachment
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import Overtaken
from festival.core.web.i18n import say
from festival.core.web.paging import asked_number
from festival.core.web.searching import SEALED, asked_search, posted_search
from festival.passes import queries, taking_back, tokens
from festival.passes.issue import next_issue
from festival.registration import decisions
from festival.registration.asked_changes.queries import count_waiting
from festival.registration.blueprint import bp
from festival.registration.guarding import held, tails
from festival.registration.locked.withdrawn import kept_results
from festival.registration.outcomes import Bound, Decision, StandsInLine
from festival.registration.queueing.holding import stands_in_line
from festival.registration.review import queries as review_queries
from festival.registration.review.decided import said_of
from festival.registration.signing.units import is_asked, stands_signed
from festival.registration.typed import former
from festival.registration.typed.forms import ReasonForm
from festival.registration.versions import version_of_form
from festival.roster import delegations, families, views
from festival.roster import rules as roster_rules
from festival.roster.asked import asked_rules, rules_of_family
from festival.roster.links import of_families
from festival.roster.links.of_families import replace_link
from festival.roster.models import FamilyState
from festival.roster.outcomes import Done, Stale
from festival.roster.words import STATE_WORDS

RESERVE = "reserve"  # asked like a state


@bp.get("/office/registrations")
@requires(Permission.REVIEW)
def review_list() -> ResponseReturnValue:
    """All registrations, filtered and searched; without a filter those that wait."""
    rules = asked_rules()
    delegation, search = request.args.get("delegation", ""), asked_search()
    wanted = request.args.get("state")
    chosen = next((state for state in FamilyState if state.value == wanted), None)
    state = FamilyState.SUBMITTED if wanted is None and not search else chosen
    number = asked_number("page", 1)
    reserve = wanted == RESERVE
    found = review_queries.review_page(
        rules, state=state, delegation=delegation, search=search, page=number, reserve=reserve
    )

    shown = RESERVE if reserve else state.value if state else "all"

    def url(other: int) -> str:
        return url_for(
            "registration.review_list",
            page=other,
            s=request.args.get(SEALED),
            delegation=delegation,
            state=shown,
        )

    listed = delegations.delegations(rules.festival.id)
    every = [each.id for each in listed]
    return render_template(
        "registration/review/list.html",
        rules=rules,
        result=found,
        shown=shown,
        states=[
            ("all", _("Tất cả")),
            *((each.value, say(STATE_WORDS[each])) for each in FamilyState),
            (RESERVE, _("Dự bị")),
        ],
        states_by_value={each.value: each for each in FamilyState},
        delegation_choices=[(each.code, each.name) for each in listed],
        delegation=next((each for each in listed if each.code == delegation), None),
        search=search,
        page_url=url,
        to_look=len(held.held_ids(every)) + len(tails.closed_in(every)),
        changes_waiting=count_waiting(rules.festival.id),
    )


@bp.post("/office/registrations/search")
@requires(Permission.REVIEW)
def review_search() -> ResponseReturnValue:
    """Filter and search; what was typed does not stand in the address."""
    state, delegation = request.form.get("state") or None, request.form.get("delegation") or None
    return redirect(url_for("registration.review_list", state=state, delegation=delegation, s=posted_search()), 303)


@bp.get("/office/registrations/<code>")
@requires(Permission.REVIEW)
def review(code: str) -> ResponseReturnValue:
    """One registration with what it lacks and what can be decided."""
    return _review_page(code, ReasonForm(formdata=None))


def _review_page(code: str, reason: ReasonForm, stale: str = "") -> str:
    """`stale`: why a decision was refused; the reason that was typed for it stays in the form."""
    family = families.family_by_code(code)
    rules = rules_of_family(family)
    item = views.view(family, rules)
    on = rules.festival.starts_on
    looked(SecurityKind.READ_CHILDREN, family=code)
    issued = queries.family_pass(family.id)
    return render_template(
        "registration/review/one.html",
        in_line=stands_in_line(family),
        view=item,
        family=family,
        rules=rules,
        reason=reason,
        stale=stale,
        following=review_queries.next_waiting(family),
        ages=[ages(member.birth, on) if member.birth else None for member in item.household.members],
        code=qr.svg(tokens.qr_text(issued), label=_("Mã QR của %(name)s", name=family.name)) if issued else "",
        typed=tokens.typed_of(issued) if issued else "",
        issue=issued.issue if issued else 0,
        former=taking_back.former(issued) if issued else None,
        link=of_families.link_code(family),
        held=held.is_held(family.id),
        link_closed=tails.is_closed(family),
        unseen=review_queries.changed_since(item),
        stands_signed=stands_signed(family),
        signing_asked=is_asked(family.festival_id),
    )


def _picture(family_id: int, issue: int) -> Attachment:
    """The QR of a pass as a file of a letter; drawing it is work that no transaction should wait for."""
    return Attachment("ma-qr-gia-dinh.png", "image/png", qr.png(tokens.qr_text_of_issue("family", family_id, issue)))


@bp.post("/office/registrations/<code>/approve")
@requires(Permission.REVIEW)
def approve(code: str) -> ResponseReturnValue:
    """Take a family in."""
    with reading():
        family = families.family_by_code(code)
        pictured = [(family.id, next_issue(family.id))] if family.email else []
    attachments = [_picture(family_id, issue) for family_id, issue in pictured]
    with transaction():
        family = families.family_by_code(code)
        rules = rules_of_family(family)
        outcome = decisions.approve(rules, views.view(family, rules), version_of_form(), acting_user(), attachments)
        if isinstance(outcome, Done):
            former.saw(family.id, outcome.version)
    words = said_of(outcome)
    if isinstance(outcome, Stale):
        raise Overtaken(words)
    flash(_("Đã duyệt %(name)s.", name=family.name) if isinstance(outcome, Done) else words, _tone(outcome))
    return redirect(url_for("registration.review", code=code))


def _tone(outcome: Decision) -> str:
    return "good" if isinstance(outcome, Done) else "warn"


@bp.post("/office/registrations/<code>/return")
@requires(Permission.REVIEW)
def review_return(code: str) -> ResponseReturnValue:
    """Give it back with what to mend."""
    return _with_reason(code, FamilyState.RETURNED)


@bp.post("/office/registrations/<code>/seen")
@requires(Permission.REVIEW)
def review_seen(code: str) -> ResponseReturnValue:
    """What changed was looked at; from now on only what changes later is shown."""
    version = version_of_form()
    with transaction():
        former.saw(families.family_by_code(code).id, version)
    flash(_("Đã ghi là đã xem các thay đổi."), "good")
    return redirect(url_for("registration.review", code=code))


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
        family = families.family_by_code(code)
        decide = decisions.return_family if state is FamilyState.RETURNED else decisions.reject_family
        outcome = decide(rules_of_family(family), family, version_of_form(), reason, acting_user())
        if isinstance(outcome, Stale):
            return _review_page(code, form, said_of(outcome)), 409
        former.saw(family.id, outcome.version)
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
        family = families.family_by_code(code)
        was = family.state
        undo = decisions.undo_rejection if was is FamilyState.REJECTED else decisions.undo_approval
        reason = (form.reason.data or "").strip()
        outcome = undo(rules_of_family(family), family, version_of_form(), reason, acting_user())
        if isinstance(outcome, Stale):
            return _review_page(code, form, said_of(outcome)), 409
    match outcome:
        case Done() if was is FamilyState.REJECTED:
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
        family = families.family_by_code(code)
        kept = kept_results(family.id)
        outcome = decisions.withdraw_family(rules_of_family(family), family, version_of_form(), "office")
    match outcome:
        case Done():
            flash(_("Đã rút %(name)s khỏi ngày hội.", name=family.name), "good")
            if kept:
                flash(
                    _("Phần thi đã khóa giữ nguyên kết quả của gia đình: %(contests)s.", contests=", ".join(kept)),
                    "note",
                )
        case Stale():
            raise Overtaken(said_of(outcome))
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.review", code=code))


@bp.post("/office/registrations/delegations/<code>/approve")
@requires(Permission.REVIEW)
def review_bulk(code: str) -> ResponseReturnValue:
    """Approve all complete waiting families of a delegation."""
    with reading():
        delegation = delegations.delegation_by_code(code)
        waiting = views.complete_and_waiting(delegation.id, roster_rules.rules_of(delegation.festival))
        pictured = [(v.family.id, next_issue(v.family.id)) for v in waiting if v.family.email]
    pictures = {family_id: _picture(family_id, issue) for family_id, issue in pictured}
    with transaction():
        delegation = delegations.delegation_by_code(code)
        rules = roster_rules.rules_of(delegation.festival)
        approved, refused = decisions.approve_complete(rules, delegation, acting_user(), pictures)
        for family in approved:
            former.saw(family.id, family.version + 1)
    flash(
        _("Đã duyệt %(n)s gia đình của %(name)s.", n=len(approved), name=delegation.name),
        "good" if approved else "note",
    )
    in_line = [family for family, outcome in refused if isinstance(outcome, StandsInLine)]
    if in_line:
        flash(_("%(n)s gia đình đứng trong danh sách chờ nên không duyệt tay.", n=len(in_line)), "note")
    for family, outcome in refused:
        if family in in_line:
            continue
        flash(f"{family.name}: {said_of(outcome)}", "warn")
    return redirect(url_for("registration.review_list", delegation=code))


@bp.post("/office/registrations/<code>/link")
@requires(Permission.REVIEW)
def relink(code: str) -> ResponseReturnValue:
    """A link that went astray: a new one; the old one leads nowhere."""
    with transaction():
        family = families.family_by_code(code)
        replace_link(rules_of_family(family), family, acting_user())
    flash(_("Đã đổi liên kết. Liên kết cũ không còn dùng được, hãy gửi liên kết mới cho gia đình."), "good")
    return redirect(url_for("registration.review", code=code))
