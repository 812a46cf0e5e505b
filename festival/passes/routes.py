"""The cards of a delegation or of one family, to print; a lost one is made anew."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core import qr
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.paging import asked_number, asked_part
from festival.passes import queries, renewing, taking_back, tokens
from festival.passes.cards import PrintedCard, card
from festival.passes.forms import RenewForm
from festival.passes.issue import changed_since, reissue_pass
from festival.passes.models import Pass
from festival.roster import delegations
from festival.roster import families as roster_families
from festival.roster import rules as roster_rules
from festival.roster.asked import asked_rules, rules_of_family
from festival.roster.models import Delegation, Family, FamilyState

bp = Blueprint("passes", __name__)

# Five sheets of A4, four cards each.
CARDS_A_PAGE = 20
# Passes made anew by one press of the button: seconds, not minutes.
A_REQUEST = 1000


@bp.get("/office/passes")
@requires(Permission.REVIEW)
def cards() -> ResponseReturnValue:
    """Cards of a delegation (or one family), A6, four to a page."""
    code, one = request.args.get("delegation", ""), request.args.get("family", "")
    if one:
        looked(SecurityKind.EXPORT, what="passes", family=one)
        family = roster_families.family_by_code(one)
        rules = rules_of_family(family)
        issued = queries.family_pass(family.id)
        if issued is None:
            raise NotFound(_("Gia đình này chưa được duyệt nên chưa có thẻ."))
        return render_template(
            "passes/cards.html",
            rules=rules,
            cards=[card(issued, family)],
            back=url_for("registration.review", code=one),
            part=None,
        )
    if not code:
        rules = asked_rules()
        return render_template(
            "passes/choose.html", rules=rules, delegations=delegations.delegations(rules.festival.id)
        )
    delegation = delegations.delegation_by_code(code)
    looked(SecurityKind.EXPORT, what="passes", delegation=code)
    rules = roster_rules.rules_of(delegation.festival)
    families = {item.id: item for item in roster_families.families_of(delegation.id)}
    passes_issued = list(queries.passes(rules.festival.id, delegation.id))
    rows = [row for row in passes_issued if row.family_id in families]
    whole = [row for row in passes_issued if row.delegation_id is not None]
    # the delegation's own card first; codes are drawn only for the part that is printed
    part = asked_part(len(whole) + len(rows), CARDS_A_PAGE)
    cards = [
        card(row, families[row.family_id])
        if row.family_id is not None
        else _delegation_card(row, delegation, list(families.values()))
        for row in part.of([*whole, *rows])
    ]
    return render_template(
        "passes/cards.html",
        rules=rules,
        cards=cards,
        back=url_for("passes.cards"),
        part=part,
        delegation=delegation,
    )


def _delegation_card(row: Pass, delegation: Delegation, families: list[Family]) -> PrintedCard:
    approved = [each for each in families if each.state is FamilyState.APPROVED]
    return PrintedCard(
        title=delegation.name,
        under=str(_("Thẻ của đoàn, dùng để điểm danh cả đoàn")),
        people=sum(not person.out for each in approved for person in each.members),
        names=tuple(each.name for each in approved),
        code=qr.svg(tokens.qr_text(row), label=_("Mã QR của %(name)s", name=delegation.name)),
        typed=tokens.typed_of(row),
        issue=row.issue,
        code_of=delegation.code,
    )


@bp.get("/office/passes/all")
@requires(Permission.REVIEW)
def all_cards() -> ResponseReturnValue:
    """Every card of the festival, delegation by delegation: to print all anew."""
    rules = asked_rules()
    listed = delegations.delegations(rules.festival.id)
    order = {each.id: place for place, each in enumerate(listed)}
    places = queries.places(rules.festival.id)
    # the delegation's own card first; codes are drawn only for the part that is printed
    places.sort(key=lambda each: (order[each.delegation_id], each.family_id or 0))
    part = asked_part(len(places), CARDS_A_PAGE)
    wanted = part.of(places)
    rows = queries.by_id([each.id for each in wanted])
    groups = {each.id: each for each in listed}
    families = roster_families.families_of_all({each.delegation_id for each in wanted})
    drawn = []
    for each in wanted:
        own = families[each.delegation_id]
        if each.family_id is not None:
            drawn.append(card(rows[each.id], own[each.family_id]))
        else:
            drawn.append(_delegation_card(rows[each.id], groups[each.delegation_id], list(own.values())))
    return render_template(
        "passes/cards.html", rules=rules, cards=drawn, back=url_for("passes.cards"), part=part, delegation=None
    )


@bp.get("/office/passes/renew")
@requires(Permission.REVIEW)
def renew() -> ResponseReturnValue:
    """What it means to make every pass anew, and how far that is: the address carries the last pass that is meant."""
    rules = asked_rules()
    until = asked_number("until")
    meant = until or renewing.latest(rules.festival.id)
    return render_template(
        "passes/renew.html",
        rules=rules,
        until=meant,
        begun=bool(until),
        left=renewing.left(rules.festival.id, meant),
        old_form=queries.first_form_left(rules.festival.id),
        form=RenewForm(formdata=None),
        wrong="",
    )


@bp.post("/office/passes/renew")
@requires(Permission.REVIEW)
def renew_all() -> ResponseReturnValue:
    """Some hundreds of them; the page then says how many are left, and the same button goes on."""
    form = RenewForm()
    with reading():
        rules = asked_rules()
        until = typed_number(form.until.data or "") or 0
        left = renewing.left(rules.festival.id, until)
        old_form = queries.first_form_left(rules.festival.id)
    if not form.validate() or typed_number(form.count.data or "") != left:
        wrong = _("Chưa làm gì. Ghi lý do và gõ đúng số thẻ đang ghi trên trang (%(n)s).", n=left)
        page = render_template(
            "passes/renew.html",
            rules=rules,
            until=until,
            begun=False,
            left=left,
            old_form=old_form,
            form=form,
            wrong=wrong,
        )
        return page, 422
    done = renewing.renew_all(rules.festival, until, (form.reason.data or "").strip(), acting_user(), most=A_REQUEST)
    flash(_("Đã phát hành lại %(n)s thẻ. Thẻ cũ không còn dùng được.", n=done), "good")
    return redirect(url_for("passes.renew", until=until))


@bp.post("/office/registrations/<code>/pass")
@requires(Permission.REVIEW)
def reissue(code: str) -> ResponseReturnValue:
    """A lost card: a new pass; the old one is refused at the gates."""
    with transaction():
        family = roster_families.family_by_code(code)
        if family.state is not FamilyState.APPROVED:
            raise Conflict(_("Gia đình chưa được duyệt nên chưa có thẻ để cấp lại."))
        _as_seen(family)
        reissue_pass(rules_of_family(family), family, acting_user())
    flash(_("Đã cấp thẻ mới. Thẻ cũ không còn dùng được, hãy in thẻ mới cho gia đình."), "good")
    return redirect(url_for("registration.review", code=code))


@bp.post("/office/registrations/<code>/pass/back")
@requires(Permission.REVIEW)
def take_back(code: str) -> ResponseReturnValue:
    """Issued anew by mistake: the card that was replaced is good again, the other one is refused; and the same once more."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise BadInput(_("Chưa dùng lại thẻ đã thay. Hãy ghi lý do, ví dụ: cấp lại nhầm, thẻ trước vẫn còn."))
    with transaction():
        family = roster_families.family_by_code(code)
        _as_seen(family)
        issued = queries.family_pass(family.id)
        back = (
            taking_back.take_back(family.delegation.festival, issued, reason[:300], acting_user()) if issued else None
        )
        if back is None:
            raise Conflict(_("Không có thẻ đã thay nào dùng lại được."))
        issue = back.issue
    flash(_("Thẻ lần %(n)s của gia đình dùng lại được. Thẻ kia không còn dùng được.", n=issue), "good")
    return redirect(url_for("registration.review", code=code))


def _as_seen(family: Family) -> None:
    """The page shows one pass; what is pressed on it is meant for that one."""
    if changed_since("family", family.id, typed_number(request.form.get("issue", ""))):
        raise Overtaken(_("Thẻ của gia đình này vừa được người khác cấp lại hoặc đổi."))
