"""What can a family do behind its own link: see what we hold, agree, change, withdraw?

The link `/g/…` only shows; consenting, changing and withdrawing ask for the last four digits of the phone, because links
travel through groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from config import Config
from festival.consent.models import ConsentPurpose
from festival.consent.rules import ages
from festival.consent.texts import CONSENT_WORDS
from festival.core.secrets import token_hash
from festival.core.transaction import transaction
from festival.core.web.access import current_actor, family_link, public
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.core.web.previews import asks_for_preview
from festival.core.web.redrawing import STANDS_AT
from festival.registration import agreeing, decisions
from festival.registration.agreements.shown import LINK_WORDS, shown_links
from festival.registration.agreements.writing import after_agreeing, asked_person
from festival.registration.blueprint import FAMILY_COOKIE, bp
from festival.registration.coming_back import bringing_back
from festival.registration.coming_back.who_may import Road
from festival.registration.editing import saving
from festival.registration.errors import LinkReplaced
from festival.registration.family.agreements import agreed_by_link, waiting
from festival.registration.guarding import tails
from festival.registration.guarding.tails import Guess
from festival.registration.kept import keeping
from festival.registration.locked.withdrawn import kept_results
from festival.registration.offering import looking
from festival.registration.receiving import receiving_of
from festival.registration.sending import may_send_again
from festival.registration.typed.forms import GUARDIANS, TailForm, offered_in, typed_form
from festival.roster import families, views
from festival.roster import rules as roster_rules
from festival.roster.links import of_families
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import Done, Stale

COOKIE_DAYS = 180


@bp.get("/g/<code>")
@public
@limiter.limit("60 per minute")
def family_code(code: str) -> ResponseReturnValue:
    """Remember the link in an HttpOnly cookie and go on to a plain address; nothing else happens."""
    code = code.strip().upper()
    family = of_families.family_of_link(code)
    if family is None:
        if keeping.kept_of_link(code) is not None:
            return redirect(url_for("registration.kept_page", code=code))
        if not of_families.is_whole(code):
            raise NotFound(_("Liên kết chép chưa đủ. Hãy mở lại từ tin nhắn đã nhận, hoặc sao chép cả liên kết."))
        # An old message opened on a phone that holds the new link must not take that from it.
        held = request.cookies.get(FAMILY_COOKIE, "")
        raise LinkReplaced("" if held and of_families.family_of_link(held) else FAMILY_COOKIE, 404)
    if asks_for_preview():
        return render_template("layouts/link_preview.html", festival=family.delegation.festival)
    return remembered(FAMILY_COOKIE, code, "/family")


def remembered(cookie: str, code: str, address: str) -> Response:
    """The plain address, and the link as a cookie no script reads."""
    config: Config = current_app.config["FESTIVAL"]
    answer = current_app.make_response(redirect(address))
    answer.set_cookie(
        cookie, code, max_age=COOKIE_DAYS * 24 * 3600, httponly=True, samesite="Lax", secure=config.secure_cookies
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/family/forget")
@public
def family_forget() -> ResponseReturnValue:
    """Forget the family on this phone; the link opens it again."""
    answer = current_app.make_response(redirect("/"))
    answer.delete_cookie(FAMILY_COOKIE)
    flash(_("Máy này không còn nhớ gia đình. Mở lại liên kết để xem tiếp."), "note")
    return answer


@bp.get("/family/registration")
@family_link
def family_page() -> ResponseReturnValue:
    """What we hold about the family, what is missing, and what it can do about both."""
    return family_page_with(TailForm(formdata=None))


def family_page_with(tail: TailForm, errors: Mapping[str, str] = MappingProxyType({})) -> str:
    """The page; what was typed into a form that was refused stays in it, `errors` stand beside its fields by name."""
    g.setdefault(STANDS_AT, url_for("registration.family_page"))
    family = own_family()
    rules = roster_rules.rules_of(family.delegation.festival)
    view = views.view(family, rules)
    on = rules.festival.starts_on
    return render_template(
        "registration/family/family.html",
        view=view,
        family=family,
        festival=rules.festival,
        rules=rules,
        tail=tail,
        ages=[ages(member.birth, on) if member.birth else None for member in view.household.members],
        receiving=receiving_of(family),
        line=looking.own_place(family),
        waiting=waiting(family, view.household, rules),
        standing={
            (person.code, consent.purpose.value): consent
            for person in family.members
            for consent in person.consents
            if consent.withdrawn_at is None
        },
        purposes=ConsentPurpose,
        guardians=GUARDIANS,
        children=[
            (person, member.agreements, asked_person(person, rules))
            for person, member in zip(family.members, view.household.members, strict=True)
            if asked_person(person, rules).child
        ],
        parents=shown_links(family),
        link_words=LINK_WORDS,
        send_again=may_send_again(family.state, family.origin),
        open_states=views.OPEN_STATES,
        not_back=bringing_back.hindrance(family, Road.LINK),
        may_be_brought_back=saving.brought_back(view),
        kept_until=keeping.kept_until(rules.festival.ends_on),
        errors=errors,
        link_closed=tails.CLOSED_LINK if tails.is_closed(family) else "",
        typed=typed_form() if request.method == "POST" else MultiDict(),
        offers=offered_in({f"name-{person.code}": person.name for person in family.members}, "guardian")
        | offered_in({}, "away"),
        words={purpose.value: say(text) for purpose, (_version, text) in CONSENT_WORDS.items()},
    )


def own_family() -> Family:
    family_id = current_actor().family_id
    if family_id is None:
        raise NotFound()
    return families.family_by_id(family_id)


def family_of_request() -> str:
    return f"family:{token_hash(request.cookies.get(FAMILY_COOKIE, ''))}"


# Against a flood only; how often the digits may be guessed is counted in the database (`tails`).
tail_limit = limiter.shared_limit("120 per hour", scope="family-tail", key_func=family_of_request)


def checked_tail() -> tuple[TailForm, bool]:
    """The four digits, and whether they fit. The guess is counted in a transaction of its own, before the change."""
    form = TailForm()
    if not form.validate():
        return form, False
    if not form.four:
        form.tail.errors = [tails.NO_TAIL]
        return form, False
    with transaction():
        family = own_family()
        outcome = tails.guess(family, form.fits(family.phone))
    match outcome:
        case Guess.RIGHT:
            return form, True
        case Guess.WRONG:
            form.tail.errors = [tails.WRONG_TAIL]
        case Guess.CLOSED:
            form.tail.errors = [tails.CLOSED_LINK]
    return form, False


@bp.post("/family/consent")
@family_link
@tail_limit
def family_consent() -> ResponseReturnValue:
    """Adults agree for themselves, a parent or guardian for a child, the child from 7 for itself."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        if family.state in OVER:
            raise Conflict(_("Hồ sơ của gia đình đã kết thúc nên không ghi thêm sự đồng ý."))
        rules = roster_rules.rules_of(family.delegation.festival)
        household = views.view(family, rules).household
        agreed, errors = agreed_by_link(family, household, rules)
        if errors:
            return family_page_with(tail, errors=errors), 422
        for consent in agreed:
            agreeing.record_consent(rules, family, *consent, "link")
        full, sent = after_agreeing(rules, family.id)
    if sent:
        flash(_("Mọi người đã đồng ý: hồ sơ đã gửi đi."), "good")
    if full:
        flash(_("Không còn chỗ ở: %(contests)s.", contests=", ".join(full)), "warn")
    flash(
        _("Đã ghi nhận sự đồng ý. Cảm ơn gia đình.") if agreed else _("Chưa có ai được đánh dấu đồng ý."),
        "good" if agreed else "warn",
    )
    return redirect(url_for("registration.family_page"))


OVER = (FamilyState.WITHDRAWN, FamilyState.REJECTED)


@bp.post("/family/withdraw")
@family_link
@tail_limit
def family_withdraw() -> ResponseReturnValue:
    """The family does not come after all."""
    tail, fits = checked_tail()
    if not fits:
        return family_page_with(tail), 422
    with transaction():
        family = own_family()
        rules = roster_rules.rules_of(family.delegation.festival)
        kept = kept_results(family.id)
        outcome = decisions.withdraw_family(rules, family, None, "link", "link")
    match outcome:
        case Done():
            flash(_("Đã rút đăng ký của gia đình. Đổi ý thì bấm “Tham gia lại” ở trang này."), "good")
            if kept:
                flash(_("Kết quả đã khóa của gia đình giữ nguyên ở: %(contests)s.", contests=", ".join(kept)), "note")
        case Stale():
            flash(_("Đăng ký này đã rút hoặc đã kết thúc từ trước."), "warn")
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.family_page"))
