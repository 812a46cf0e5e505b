"""The cards of a delegation or one card again, as PDF to print; a lost one is made anew."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import chosen_language
from festival.core.web.paging import asked_number, asked_part
from festival.core.work import jobs
from festival.core.work.fetching import fetched, how_far
from festival.core.work.jobs import JobState
from festival.editions.models import Festival
from festival.passes import all_cards as every_card
from festival.passes import back_pages as _back_pages  # noqa: F401 (its doors)
from festival.passes import blank_pages as _blank_pages  # noqa: F401 (its doors)
from festival.passes import queries, renewing, taking_back
from festival.passes.back import back_of
from festival.passes.blueprint import bp
from festival.passes.forms import RenewForm
from festival.passes.holders import holders
from festival.passes.issue import changed_since, reissue_pass
from festival.passes.printing import Sides, pdf
from festival.roster import delegations
from festival.roster import families as roster_families
from festival.roster.asked import asked_rules, rules_of_family
from festival.roster.models import Family, FamilyState

__all__ = ["bp"]

ROWS_A_PAGE = 50
# Drawn while somebody waits: a second or two. All of the festival is the worker's.
CARDS_A_FILE = 200
# Passes made anew by one press of the button: seconds, not minutes.
A_REQUEST = 1000


@bp.get("/office/passes")
@requires(Permission.REVIEW)
def cards() -> ResponseReturnValue:
    """The delegations, or the cards of one: all as one PDF, and each again by itself."""
    code = request.args.get("delegation", "")
    if not code:
        rules = asked_rules()
        return render_template(
            "passes/choose.html", rules=rules, delegations=delegations.delegations(rules.festival.id)
        )
    delegation = delegations.delegation_by_code(code)
    found = holders(delegation.festival, delegation)
    part = asked_part(len(found.passes), ROWS_A_PAGE)
    rows = [row for _delegation, group in found.ordered() for row in group]
    wanted = part.of(rows)
    return render_template(
        "passes/cards.html",
        delegation=delegation,
        cards=list(zip(wanted, found.cards(wanted), strict=True)),
        part=part,
        files=asked_part(len(rows), CARDS_A_FILE).last,
    )


@bp.get("/office/passes/pdf")
@requires(Permission.REVIEW)
def cards_pdf() -> ResponseReturnValue:
    """The cards of a delegation, of one family, or one card again, to print at once."""
    one, number = request.args.get("family", ""), asked_number("pass")
    if one:
        family = roster_families.family_by_code(one)
        issued = queries.family_pass(family.id)
        if issued is None:
            raise NotFound(_("Gia đình này chưa được duyệt nên chưa có thẻ."))
        delegation, number = family.delegation, issued.id
    else:
        delegation = delegations.delegation_by_code(request.args.get("delegation", ""))
    looked(SecurityKind.EXPORT, what="passes", **({"family": one} if one else {"delegation": delegation.code}))
    found = holders(delegation.festival, delegation)
    rows = [row for _delegation, group in found.ordered() for row in group]
    name = delegation.rule_code or delegation.code
    if number:
        rows = [row for row in rows if row.id == number]
    else:
        part = asked_part(len(rows), CARDS_A_FILE)
        rows = list(part.of(rows))
        name += f"-{part.number}" if part.last > 1 else ""
    if not rows:
        raise NotFound(_("Thẻ này không còn dùng, hoặc chưa có thẻ nào. Mở lại trang thẻ của đoàn."))
    sides: Sides = "front" if request.args.get("sides") == "front" else "both"
    made = pdf(delegation.festival.name, list(found.cards(rows)), back_of(delegation.festival), sides)
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="the-{name}.pdf"'
    return answer


@bp.get("/office/passes/all")
@requires(Permission.REVIEW)
def all_cards() -> ResponseReturnValue:
    """Every card of the edition: the worker makes them, so the page says how far they are and where they lie."""
    rules = asked_rules()
    plan = every_card.plan_of(rules.festival)
    progress = _all_progress(rules.festival)
    return render_template(
        "passes/all.html",
        cards=sum(len(each["cards"]) for each in plan["files"]),
        files=len(plan["files"]),
        progress=progress,
        stale=progress is not None and progress.state is JobState.READY and progress.basis != jobs.basis_of(plan),
    )


def _all_progress(festival: Festival) -> jobs.Progress | None:
    return jobs.latest(every_card.KIND, every_card.subject_of(festival), chosen_language())


@bp.post("/office/passes/all")
@requires(Permission.REVIEW)
def make_all_cards() -> ResponseReturnValue:
    """Let them be made; who asks while they are being made gets the same ones."""
    with transaction():
        jobs.ask(every_card.KIND, every_card.subject_of(asked_rules().festival), chosen_language())
    return redirect(url_for("passes.all_cards"), 303)


@bp.get("/office/passes/all/state")
@requires(Permission.REVIEW)
def all_cards_state() -> ResponseReturnValue:
    """How far they are, for the page that waits."""
    return how_far(_all_progress(asked_rules().festival))


@bp.get("/office/passes/all/file")
@requires(Permission.REVIEW)
def all_cards_file() -> ResponseReturnValue:
    """The finished archive, a PDF for each delegation."""
    festival = asked_rules().festival
    progress = fetched([_all_progress(festival)], _("Thẻ chưa làm xong hoặc đã hết hạn giữ. Làm lại ở trang in thẻ."))
    looked(SecurityKind.EXPORT, what="passes", festival=festival.code)
    return jobs.archive(progress, f"the-{festival.code}.zip")


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
