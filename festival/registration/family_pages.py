"""A family registers itself on a phone, in three steps and a review, without an account and without script.

What was typed is kept on the server after each step under an unguessable link, so it can be gone on with on another
phone. The family's own link `/g/…` only shows; consenting, changing and withdrawing ask for the last four digits of the
phone, because links travel through groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import assert_never

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from config import Config
from festival.core import qr
from festival.core.access import current_actor, family_link, public
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.errors import BadInput, Conflict, NotFound
from festival.core.forms import typed_number
from festival.core.i18n import say
from festival.core.limiter import limiter
from festival.core.names import birth, name_fault, nfc
from festival.core.secrets import token_hash
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.registration import consent_rules, consents, decisions, drafts, queries, registering
from festival.registration.blueprint import FAMILY_COOKIE, bp
from festival.registration.consent_rules import AskedPerson, Ticks, ages, agreed_later, asked_at_sending, waited_for
from festival.registration.eligibility import Relation
from festival.registration.forms import (
    GUARDIANS,
    FamilyContactForm,
    FamilyStepForm,
    PersonForm,
    TailForm,
    person_values,
)
from festival.registration.household import MOST_MEMBERS, Household, Member, from_json, with_birth
from festival.registration.letters import send_received
from festival.registration.models import (
    ConsentPurpose,
    Delegation,
    Family,
    FamilyState,
    Origin,
    Person,
    RegistrationDraft,
)
from festival.registration.outcomes import (
    AlreadyRegistered,
    Done,
    NotSent,
    Registered,
    Registration,
    SameHousehold,
    Stale,
)
from festival.registration.queries import Rules
from festival.registration.sending import Ground, Hindrance, hindrances, may_send_again
from festival.registration.words import CONSENT_WORDS

COOKIE_DAYS = 180


# ---------------------------------------------------------------- the form in steps


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    """What is asked for and how long it takes; one button begins."""
    open_now = queries.festivals_open_for_registration(now())
    return render_template("registration/start.html", festivals=open_now)


@bp.post("/register")
@public
@limiter.limit("120 per hour")
def register_post() -> ResponseReturnValue:
    """Begin a form that is kept on the server."""
    wanted = request.form.get("festival", "")
    with transaction():
        festival = next((f for f in queries.festivals_open_for_registration(now()) if f.code == wanted), None)
        if festival is None:
            raise NotFound(_("Ngày hội này chưa mở hoặc đã hết hạn đăng ký. Gia đình liên hệ Ban Tổ chức."))
        token = drafts.start_draft(festival.id)
    return redirect(url_for("registration.step_family", token=token))


class _Form:
    """One draft with the rules it is held to."""

    def __init__(self, token: str, *, lock: bool = False) -> None:
        self.token = token
        self.draft: RegistrationDraft = queries.draft_of(token, lock=lock)
        festival = db.session.get(Festival, self.draft.festival_id)
        if festival is None:
            raise NotFound()
        self.rules: Rules = queries.rules_of(festival)
        self.delegation_code: str = self.draft.content["delegation"]
        self.household: Household = from_json(self.draft.content["household"])
        self.sent: Family | None = queries.family_of_submission(self.key)

    @property
    def key(self) -> str:
        """The submission key: one form is one family, however often it is sent."""
        return f"draft:{token_hash(self.token)}"

    @property
    def festival(self) -> Festival:
        """The edition the form is for."""
        return self.rules.festival

    @property
    def hindrances(self) -> list[Hindrance]:
        """What keeps it from being sent, without the agreements: they are given on the review page itself."""
        delegation = self.delegation
        ground = (
            queries.ground_of(delegation.id)
            if delegation
            else Ground(queries.registration_is_open(self.festival.id, now()))
        )
        found = hindrances(self.household.facts, self.rules.quotas, self.festival.starts_on, ground)
        return [each for each in found if each.reason.code not in consent_rules.CODES]

    @property
    def seen(self) -> str:
        """Stands for the people of the form as a page shows them; pages name people by their place in the list."""
        people = [(m.name, m.relation, m.sex, m.birth, m.needs) for m in self.household.members]
        return token_hash(repr(people))[:16]

    @property
    def changed_elsewhere(self) -> bool:
        """Whether the page that was sent showed other people: another tab or phone was faster."""
        return request.form.get("seen", self.seen) != self.seen

    @cached_property
    def delegations(self) -> list[Delegation]:
        """Those open to families' own registrations."""
        return queries.delegations(self.festival.id, self_registration=True)

    @property
    def delegation(self) -> Delegation | None:
        """The one that was chosen."""
        return next((each for each in self.delegations if each.code == self.delegation_code), None)

    def choices(self) -> list[tuple[str, str]]:
        """The units to choose from."""
        return [(each.code, each.unit.full_name) for each in self.delegations]

    def save(self, household: Household, delegation: str | None = None) -> None:
        """Keep a step."""
        drafts.save_draft(self.draft, self.delegation_code if delegation is None else delegation, household)

    def url(self, step: str) -> str:
        """The address of a step of this form."""
        return url_for(f"registration.step_{step}", token=self.token)

    def render(self, template: str, **values: object) -> str:
        """A step's page with what all of them need."""
        return render_template(
            f"registration/{template}", form_url=self.url, token=self.token, festival=self.festival,
            household=self.household, rules=self.rules, address=_absolute(self.url("family")), seen=self.seen,
            changed=request.method == "POST" and self.changed_elsewhere, **values,
        )  # fmt: skip


@bp.get("/register/<token>/family")
@public
def step_family(token: str) -> ResponseReturnValue:
    """Step one: the unit, the phone, the address."""
    draft = _Form(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    shown = draft.household
    form = FamilyStepForm(
        formdata=None,
        delegation=draft.delegation_code, phone=shown.phone, address=shown.address, email=shown.email,
        introduction=shown.introduction,
    )  # fmt: skip
    form.choose_from(draft.choices())
    return draft.render("step_family.html", form=form)


@bp.post("/register/<token>/family")
@public
@limiter.limit("240 per hour")
def step_family_post(token: str) -> ResponseReturnValue:
    """Keep step one and go on."""
    with transaction():
        draft = _open_form(token)
        form = FamilyStepForm()
        form.choose_from(draft.choices())
        if form.validate():
            draft.save(form.fill(draft.household), form.delegation.data or "")
            return redirect(draft.url("members"))
    return draft.render("step_family.html", form=form), 422


@bp.get("/register/<token>/members")
@public
def step_members(token: str) -> ResponseReturnValue:
    """Step two: who is in the family, one person at a time."""
    draft = _Form(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return draft.render("step_members.html", **_member_form(draft, request.args.get("member", "")))


def _member_form(draft: _Form, wanted: str) -> dict[str, object]:
    """The form for one member: the one asked for, or the next new one."""
    people = draft.household.members
    place = _place(wanted, len(people))
    if place < len(people):
        form = PersonForm(formdata=None, **person_values(people[place]))
    else:
        place = len(people)
        first = Relation.REPRESENTATIVE.value if not people else ""
        form = PersonForm(formdata=None, relation=first)
    most = draft.rules.quotas.members.most
    full = place == len(people) and most is not None and len(people) >= most
    return {"form": form, "place": place, "full": full}


def _place(wanted: str, new: int) -> int:
    """The place in the list that an address or a form names; without one, that of a new person."""
    place = typed_number(wanted, 3)
    return new if place is None else place


@bp.post("/register/<token>/members")
@public
@limiter.limit("240 per hour")
def step_members_post(token: str) -> ResponseReturnValue:
    """Add, change or remove one person."""
    with transaction():
        draft = _open_form(token)
        people = list(draft.household.members)
        place = _place(request.form.get("place", ""), len(people))
        form = PersonForm()
        if draft.changed_elsewhere:
            # Nothing is touched: the place may stand for somebody else by now. A second tap of one button is no change.
            if request.form.get("remove") != "yes" and form.validate() and people and people[-1] == form.member():
                return redirect(draft.url("members"))
            if request.form.get("remove") == "yes":
                return draft.render("step_members.html", **_member_form(draft, "")), 409
            return draft.render("step_members.html", form=form, place=len(people), full=False), 409
        if request.form.get("remove") == "yes":
            if place < len(people):
                del people[place]
                draft.save(replace(draft.household, members=tuple(people)))
            return redirect(draft.url("members"))
        if form.validate() and len(people) < MOST_MEMBERS:
            if place < len(people):
                people[place] = form.member(people[place])
            else:
                people.append(form.member())
            draft.save(replace(draft.household, members=tuple(people)))
            flash(_("Đã lưu %(name)s.", name=form.name.data), "good")
            return redirect(draft.url("members"))
    return draft.render("step_members.html", form=form, place=min(place, len(people)), full=False), 422


@bp.get("/register/<token>/contests")
@public
def step_contests(token: str) -> ResponseReturnValue:
    """Step three: who takes part in which contest."""
    draft = _Form(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return draft.render("step_contests.html")


@bp.post("/register/<token>/contests")
@public
@limiter.limit("240 per hour")
def step_contests_post(token: str) -> ResponseReturnValue:
    """Keep step three and go on to the review."""
    with transaction():
        draft = _open_form(token)
        if draft.changed_elsewhere:
            return draft.render("step_contests.html"), 409
        members = tuple(
            replace(
                member,
                contests=tuple(c for c in draft.rules.contests if str(at) in request.form.getlist(f"contest-{c}")),
            )
            for at, member in enumerate(draft.household.members)
        )
        draft.save(replace(draft.household, members=members))
    return redirect(draft.url("review"))


@bp.get("/register/<token>/review")
@public
def step_review(token: str) -> ResponseReturnValue:
    """All of it once more, what is missing, and the agreements."""
    draft = _Form(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return _review_page(draft, {})


def _review_page(draft: _Form, errors: dict[str, str], conflict: bool = False) -> str:
    on = draft.festival.starts_on
    found = draft.hindrances
    return draft.render(
        "review.html",
        lacks=[each.lack for each in found if each.lack is not None],
        barred=[each.reason for each in found if each.lack is None],
        ages=[ages(member.birth, on) if member.birth else None for member in draft.household.members],
        delegation=draft.delegation.unit.full_name if draft.delegation else "",
        errors=errors,
        conflict=conflict,
        typed=request.form if request.method == "POST" and not draft.changed_elsewhere else MultiDict(),
        words={purpose.value: say(text) for purpose, (_version, text) in CONSENT_WORDS.items()},
        guardians=GUARDIANS,
    )


def _draft_of_request() -> str:
    return f"registration:{(request.view_args or {}).get('token', '')}"


@bp.post("/register/<token>/review")
@public
@limiter.limit("20 per minute", key_func=_draft_of_request)
def send(token: str) -> ResponseReturnValue:
    """Make the family: once, however often the button is pressed."""
    with transaction():
        draft = _Form(token, lock=True)
        if draft.sent is None:
            if draft.changed_elsewhere:
                return _review_page(draft, {}), 409
            household, errors = _with_agreements(draft)
            delegation = draft.delegation
            outcome = _register(draft, delegation, household) if delegation else None
            if outcome is None or isinstance(outcome, NotSent):
                return _review_page(draft, errors), 422
            if isinstance(outcome, SameHousehold):
                return _review_page(draft, {}, conflict=True), 409
    return redirect(draft.url("done"))


def _register(draft: _Form, delegation: Delegation, household: Household) -> Registration | NotSent:
    outcome = registering.register_family(
        draft.rules, delegation, household, Origin.FAMILY, submission_key=draft.key, submit=True
    )
    match outcome:
        case Registered():
            drafts.clear_draft(draft.draft)
            send_received(household, draft.festival, outcome.link)
        case AlreadyRegistered() | SameHousehold() | NotSent():
            pass
        case _:
            assert_never(outcome)
    return outcome


def _ticks(key: str) -> Ticks:
    """What was ticked and typed about one person's agreement; `key` names the fields of that person."""
    return Ticks(
        agreed=request.form.get(f"agree-{key}") == "y",
        guardian=request.form.get(f"guardian-{key}", ""),
        as_who=request.form.get(f"guardian-as-{key}", ""),
        own=request.form.get(f"own-{key}") == "y",
        publish=request.form.get(f"publish-{key}") == "y",
    )


def _with_agreements(draft: _Form) -> tuple[Household, dict[str, str]]:
    """The household with the agreements ticked on the review page, and what is not agreed yet by field."""
    errors: dict[str, str] = {}
    members = []
    for at, member in enumerate(draft.household.members):
        person = AskedPerson(member.name, member.birth, draft.festival.starts_on)
        agreed, lacks = asked_at_sending(person, _ticks(str(at)))
        errors |= {f"{'own' if lack.code == 'no_own_agreement' else 'agree'}-{at}": say(lack) for lack in lacks}
        members.append(member.agreeing(agreed))
    return replace(draft.household, members=tuple(members)), errors


@bp.get("/register/<token>/done")
@public
def step_done(token: str) -> ResponseReturnValue:
    """It is sent; here is the family's own link."""
    draft = _Form(token)
    if draft.sent is None:
        return redirect(draft.url("family"))
    link = queries.link_code(draft.sent)
    address = _absolute(url_for("registration.family_code", code=link))
    return draft.render(
        "done.html", family=draft.sent, link_code=link, link_address=address, picture=qr.svg(address, level="M")
    )


def _open_form(token: str) -> _Form:
    """A form that has not been sent yet, held until the end of the transaction."""
    draft = _Form(token, lock=True)
    if draft.sent is not None:
        raise BadInput(_("Hồ sơ này đã gửi rồi. Muốn sửa, gia đình mở liên kết riêng đã nhận."))
    return draft


def _absolute(path: str) -> str:
    config: Config = current_app.config["FESTIVAL"]
    return config.public_url + path


# ---------------------------------------------------------------- the family's own link


@bp.get("/g/<code>")
@public
@limiter.limit("60 per minute")
def family_code(code: str) -> ResponseReturnValue:
    """Remember the link in an HttpOnly cookie and go on to a plain address; nothing else happens."""
    code = code.strip().upper()
    if queries.family_of_link(code) is None:
        raise NotFound(
            _("Liên kết này không còn dùng được. Gia đình hỏi cán bộ văn hóa hoặc Ban Tổ chức liên kết mới.")
        )
    config: Config = current_app.config["FESTIVAL"]
    answer = current_app.make_response(redirect("/family"))
    answer.set_cookie(
        FAMILY_COOKIE,
        code,
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=config.secure_cookies,
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
    return _family_page(TailForm(formdata=None))


def _family_page(
    tail: TailForm, contact: FamilyContactForm | None = None, errors: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The page; what was typed into a form that was refused stays in it, `errors` stand beside its fields by name."""
    family = _own_family()
    rules = queries.rules_of(family.delegation.festival)
    view = queries.view(family, rules)
    on = rules.festival.starts_on
    return render_template(
        "registration/family.html",
        view=view,
        family=family,
        festival=rules.festival,
        rules=rules,
        tail=tail,
        contact=contact
        or FamilyContactForm(
            formdata=None,
            address=family.address,
            email=family.email,
            introduction=family.introduction,
        ),
        ages=[ages(member.birth, on) if member.birth else None for member in view.household.members],
        waiting=_waiting(family, view.household, rules),
        standing={
            (person.code, consent.purpose.value): consent
            for person in family.members
            for consent in person.consents
            if consent.withdrawn_at is None
        },
        purposes=ConsentPurpose,
        guardians=GUARDIANS,
        send_again=may_send_again(family.state, family.origin),
        open_states=queries.OPEN_STATES,
        errors=errors,
        typed=request.form if request.method == "POST" else MultiDict(),
        words={purpose.value: say(text) for purpose, (_version, text) in CONSENT_WORDS.items()},
    )


def _waiting(family: Family, household: Household, rules: Rules) -> list[tuple[Person, Member, bool, bool]]:
    """People whose agreement is still waited for: the person, the member, whether a child, whether the child is asked."""
    waiting = []
    for person, member in zip(family.members, household.members, strict=True):
        asked = AskedPerson(person.name, member.birth, rules.festival.starts_on)
        agreement, own = waited_for(asked, member.agreements)
        if agreement or own:
            waiting.append((person, member, asked.child, own))
    return waiting


def _own_family() -> Family:
    family_id = current_actor().family_id
    if family_id is None:
        raise NotFound()
    return queries.family_by_id(family_id)


def _family_of_request() -> str:
    return f"family:{token_hash(request.cookies.get(FAMILY_COOKIE, ''))}"


tail_limit = limiter.shared_limit("10 per hour", scope="family-tail", key_func=_family_of_request)


def _checked_tail() -> tuple[TailForm, bool]:
    """The four digits, and whether they fit. Reads and closes: the change itself has its own transaction."""
    form = TailForm()
    with reading():
        number = _own_family().phone
    if not form.validate():
        return form, False
    if not form.fits(number):
        form.tail.errors = [_("4 số cuối chưa đúng. Hãy nhập 4 số cuối của số điện thoại đã đăng ký.")]
        return form, False
    return form, True


@bp.post("/family/consent")
@family_link
@tail_limit
def family_consent() -> ResponseReturnValue:
    """Adults agree for themselves, a parent or guardian for a child, the child from 7 for itself."""
    tail, fits = _checked_tail()
    if not fits:
        return _family_page(tail), 422
    with transaction():
        family = _own_family()
        if family.state in OVER:
            raise Conflict(_("Hồ sơ của gia đình đã kết thúc nên không ghi thêm sự đồng ý."))
        rules = queries.rules_of(family.delegation.festival)
        household = queries.view(family, rules).household
        agreed, errors = _agreed_by_link(family, household, rules)
        if errors:
            return _family_page(tail, errors=errors), 422
        for consent in agreed:
            consents.record_consent(rules, family, *consent, "link")
    flash(
        _("Đã ghi nhận sự đồng ý. Cảm ơn gia đình.") if agreed else _("Chưa có ai được đánh dấu đồng ý."),
        "good" if agreed else "warn",
    )
    return redirect(url_for("registration.family_page"))


OVER = (FamilyState.WITHDRAWN, FamilyState.REJECTED)


def _agreed_by_link(
    family: Family, household: Household, rules: Rules
) -> tuple[list[tuple[Person, ConsentPurpose, str, str]], dict[str, str]]:
    """What was ticked (person, for what, by whom, as what), and what keeps a tick from counting, by field."""
    agreed: list[tuple[Person, ConsentPurpose, str, str]] = []
    errors: dict[str, str] = {}
    for person, member in zip(family.members, household.members, strict=True):
        asked = AskedPerson(person.name, member.birth, rules.festival.starts_on)
        found, fault = agreed_later(asked, member.agreements, _ticks(person.code))
        agreed += [(person, ConsentPurpose(purpose), by, as_who) for purpose, by, as_who in found]
        if fault is not None:
            errors[f"guardian-{person.code}"] = say(fault)
    return agreed, errors


@bp.post("/family/consent/withdraw")
@family_link
@tail_limit
def family_consent_withdraw() -> ResponseReturnValue:
    """Take an agreement back."""
    tail, fits = _checked_tail()
    if not fits:
        return _family_page(tail), 422
    with transaction():
        family = _own_family()
        person = next((p for p in family.members if p.code == request.form.get("person")), None)
        purpose = next((p for p in ConsentPurpose if p.value == request.form.get("purpose")), None)
        if person is None or purpose is None:
            raise NotFound()
        rules = queries.rules_of(family.delegation.festival)
        consents.withdraw_consent(rules, family, person, purpose, "link")
    flash(_("Đã rút lại sự đồng ý của %(name)s.", name=person.name), "good")
    return redirect(url_for("registration.family_page"))


@bp.post("/family/change")
@family_link
@tail_limit
def family_change() -> ResponseReturnValue:
    """Put contact, introduction and the spelling of names right, before the decision."""
    tail, fits = _checked_tail()
    contact = FamilyContactForm()
    if not contact.validate() or not fits:
        return _family_page(tail, contact), 422
    with transaction():
        family = _own_family()
        rules = queries.rules_of(family.delegation.festival)
        household = contact.fill(queries.view(family, rules).household)
        members, faults = _corrected(household.members, rules.festival.starts_on)
        if faults:
            return _family_page(tail, contact, faults), 422
        household = replace(household, members=members)
        outcome = registering.change_family(rules, family, household, _version(), "link")
        send = isinstance(outcome, Done) and request.form.get("send") == "yes"
        words, tone = _sent_again(rules, family) if send else (_("Đã lưu thông tin gia đình."), "good")
    match outcome:
        case Done():
            flash(words, tone)
        case Stale(state=FamilyState.APPROVED):
            flash(_("Hồ sơ đã duyệt nên không sửa ở đây được. Gia đình gọi cán bộ văn hóa hoặc Ban Tổ chức."), "warn")
        case Stale():
            flash(_("Hồ sơ vừa được thay đổi ở nơi khác. Hãy xem lại bản mới rồi sửa."), "warn")
        case SameHousehold():
            flash(_("Đã có gia đình khác cùng người đại diện và số điện thoại này. Hãy xem lại số điện thoại."), "warn")
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.family_page"))


def _corrected(members: Iterable[Member], on: date) -> tuple[tuple[Member, ...], dict[str, str]]:
    """The members with names and births as typed, and what is wrong with them by field."""
    found: list[Member] = []
    faults: dict[str, str] = {}
    for member in members:
        name = nfc(request.form.get(f"name-{member.code}", member.name))
        born = birth(request.form.get(f"birth-{member.code}", str(member.birth or "")), today())
        bad_name = name_fault(name)
        if bad_name is not None:
            faults[f"name-{member.code}"] = say(bad_name)
        elif isinstance(born, Sentence):
            faults[f"birth-{member.code}"] = say(born)
        else:
            found.append(with_birth(replace(member, name=name), born, on))
    return tuple(found), faults


def _sent_again(rules: Rules, family: Family) -> tuple[str, str]:
    """Send what was just corrected; what to say and how."""
    item = queries.view(queries.family_by_id(family.id), rules)
    match registering.submit_family(rules, item, item.family.version, by_family=True):
        case Done():
            return _("Đã gửi lại hồ sơ. Ban Tổ chức xem rồi trả lời ở trang này."), "good"
        case NotSent(why):
            return _("Đã lưu. Chưa gửi lại được: %(why)s", why=" ".join(say(each.reason) for each in why)), "warn"
        case Stale():
            return _("Hồ sơ vừa được thay đổi ở nơi khác. Hãy xem lại bản mới rồi sửa."), "warn"


@bp.post("/family/withdraw")
@family_link
@tail_limit
def family_withdraw() -> ResponseReturnValue:
    """The family does not come after all."""
    tail, fits = _checked_tail()
    if not fits:
        return _family_page(tail), 422
    with transaction():
        family = _own_family()
        rules = queries.rules_of(family.delegation.festival)
        outcome = decisions.withdraw_family(rules, family, None, "link")
    match outcome:
        case Done():
            flash(_("Đã rút đăng ký của gia đình."), "good")
        case Stale():
            flash(_("Đăng ký này đã rút hoặc đã kết thúc từ trước."), "warn")
        case _:
            assert_never(outcome)
    return redirect(url_for("registration.family_page"))


def _version() -> int:
    """The version of the page a decision was taken on; 0 fits nothing."""
    return typed_number(request.form.get("version", "")) or 0
