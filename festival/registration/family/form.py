"""A family registers itself on a phone, in three steps and a review, without an account and without script.

What was typed is kept on the server after each step under an unguessable link, so it can be gone on with on another phone.
"""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from festival.consent.rules import ages
from festival.consent.texts import CONSENT_WORDS
from festival.core import qr
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.old_fonts import offered
from festival.core.transaction import reading, transaction
from festival.core.web.access import public
from festival.core.web.errors import Conflict
from festival.core.web.forms import not_offered
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.registration import phases, registering
from festival.registration.agreements import parent_links
from festival.registration.agreements.shown import asked_lines, guardian_said, shown_links
from festival.registration.blueprint import bp
from festival.registration.editing import keeping
from festival.registration.errors import LinkReplaced
from festival.registration.family.agreements import AgreedForm, with_agreements
from festival.registration.family.draft import TRAP, DraftForm, absolute, as_sent, form_key, open_form
from festival.registration.guarding.limits import counted
from festival.registration.offering import looking
from festival.registration.outcomes import NotSent, Registered, Registration
from festival.registration.typed.forms import (
    GUARDIANS,
    USE,
    FamilyStepForm,
    PersonForm,
    offered_in,
    person_values,
    typed_form,
)
from festival.roster import families
from festival.roster.household import MOST_MEMBERS, Member
from festival.roster.links import of_families
from festival.roster.models import Delegation, Origin
from festival.roster.people import Relation

_CHANGED_ELSEWHERE = _l(
    "Danh sách thành viên vừa được sửa ở một trang hoặc máy khác. Lần bấm vừa rồi chưa được ghi. Xem lại rồi bấm lại."
)


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    """What is asked for and how long it takes; one button begins."""
    open_now = phases.festivals_open_for_registration(now())
    in_turn = looking.festivals_in_turn(festival.id for festival in open_now)
    return render_template("registration/family/start.html", festivals=open_now, in_turn=in_turn)


@bp.post("/register")
@public
@limiter.limit("120 per hour")
def register_post() -> ResponseReturnValue:
    """Begin a form that is kept on the server."""
    wanted = request.form.get("festival", "")
    with transaction():
        open_now = phases.festivals_open_for_registration(now())
        festival = next((f for f in open_now if f.code == wanted), None)
        if festival is None and not wanted and open_now:
            raise not_offered("festival")
        if festival is None:
            raise Conflict(_("Ngày hội này chưa mở hoặc đã hết hạn đăng ký. Gia đình liên hệ Ban Tổ chức."))
        _draft, token = keeping.begin(festival.id)
    return redirect(url_for("registration.step_family", token=token))


@bp.get("/register/<token>/family")
@public
def step_family(token: str) -> ResponseReturnValue:
    """Step one: the unit, the phone, the address."""
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    shown, typed = draft.household, draft.typed("family")
    form = FamilyStepForm(
        formdata=typed,
        delegation=draft.delegation_code, phone=shown.phone, address=shown.address, email=shown.email,
        introduction=shown.introduction,
    )  # fmt: skip
    form.choose_from(draft.choices())
    if draft.tried("family"):
        form.validate()
    return draft.render("step_family.html", form=form, typing=typed is not None)


@bp.post("/register/<token>/family")
@public
@limiter.limit("1200 per hour")
def step_family_post(token: str) -> ResponseReturnValue:
    """Keep step one as it was typed; what can be taken is taken, and the form goes on."""
    do = request.form.get("do", "")
    with transaction():
        draft = open_form(token)
        form = FamilyStepForm()
        form.choose_from(draft.choices())
        if do == "drop":
            keeping.let_go(draft.draft, "family")
            return draft.again("family")
        # A person never sees the field; what fills it in is taken like everybody, and looked at by an officer first.
        doubtful = bool(request.form.get(TRAP)) or draft.doubtful
        if taken := bool(form.validate()):
            draft.save(form.fill(draft.household), form.delegation.data or "", part="family", doubtful=doubtful)
        else:
            draft.keep("family", try_it=not do)
    if do == "keep":
        return "", 204
    return redirect(draft.onward("members")) if taken else draft.again("family")


@bp.get("/register/<token>/members")
@public
def step_members(token: str) -> ResponseReturnValue:
    """Step two: who is in the family, one person at a time."""
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    people = draft.household.members
    place = min(_place(request.args.get("member", ""), len(people)), len(people))
    part = keeping.member_part(place, len(people))
    typed = draft.typed(part)
    first = {"relation": "" if people else Relation.REPRESENTATIVE.value}
    form = PersonForm(formdata=typed, **(person_values(people[place]) if place < len(people) else first))
    if draft.tried(part):
        form.validate()
    most = draft.rules.quotas.members.most
    full = typed is None and place == len(people) and most is not None and len(people) >= most
    return draft.render("step_members.html", form=form, place=place, full=full, typing=typed is not None)


def _place(wanted: str, new: int) -> int:
    """The place in the list that an address or a form names; without one, that of a new person."""
    place = typed_number(wanted)
    return new if place is None else place


@bp.post("/register/<token>/members")
@public
@limiter.limit("1200 per hour")
def step_members_post(token: str) -> ResponseReturnValue:
    """Add, change or remove one person; what is typed of one is kept as it is typed."""
    do = request.form.get("do", "")
    with transaction():
        draft = open_form(token)
        people = list(draft.household.members)
        place = min(_place(request.form.get("place", ""), len(people)), len(people))
        form = PersonForm()
        if draft.changed_elsewhere:
            # Nothing is touched: the place may stand for somebody else by now. A second tap of one button is no change.
            if request.form.get("remove") != "yes":
                if form.validate() and form.member() in map(_plain, people):
                    return ("", 204) if do == "keep" else redirect(draft.onward("members"))
                draft.keep("member-new", try_it=False)
            if do != "keep":
                flash(_CHANGED_ELSEWHERE, "warn")
            return ("", 204) if do == "keep" else draft.again("members")
        if request.form.get("remove") == "yes":
            if place < len(people):
                del people[place]
                draft.save(replace(draft.household, members=tuple(people)), removed=place)
            return redirect(draft.onward("members"))
        if request.form.get(USE) == "name" and "name" not in request.form and place < len(people):
            # A name that is there already, written as names are.
            people[place] = replace(people[place], name=offered(people[place].name) or people[place].name)
            draft.save(replace(draft.household, members=tuple(people)))
            return redirect(draft.onward("members"))
        part = keeping.member_part(place, len(people))
        blank = place == len(people) and not any(
            request.form.get(name, "").strip() for name in ("name", "birth", "needs")
        )
        if do == "drop" or (blank and do):
            keeping.let_go(draft.draft, part)
        elif place < len(people) and form.validate() and form.member(people[place]) == people[place]:
            keeping.let_go(draft.draft, part)  # as it stands already
            if do != "keep":
                return redirect(draft.onward("members"))
        elif do != "keep" and form.validate() and len(people) < MOST_MEMBERS:
            people[place:] = [form.member(people[place] if place < len(people) else None), *people[place + 1 :]]
            draft.save(replace(draft.household, members=tuple(people)), part=part)
            flash(_("Đã lưu %(name)s.", name=form.name.data), "good")
            return redirect(draft.onward("members"))
        else:
            draft.keep(part, try_it=not do)
    query = {"member": place} if place < len(people) and do != "drop" else {}
    return ("", 204) if do == "keep" else draft.again("members", _anchor="member-form", **query)


def _plain(member: Member) -> Member:
    """Somebody of the list as the page of one person says it."""
    return replace(member, contests=())


@bp.get("/register/<token>/contests")
@public
def step_contests(token: str) -> ResponseReturnValue:
    """Step three: who takes part in which contest."""
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return draft.render("step_contests.html")


@bp.post("/register/<token>/contests")
@public
@limiter.limit("1200 per hour")
def step_contests_post(token: str) -> ResponseReturnValue:
    """Keep step three and go on to the review."""
    do = request.form.get("do", "")
    with transaction():
        draft = open_form(token)
        if draft.changed_elsewhere:
            if do != "keep":
                flash(_CHANGED_ELSEWHERE, "warn")
            return ("", 204) if do == "keep" else draft.again("contests")
        members = tuple(
            replace(
                member,
                contests=tuple(c for c in draft.rules.contests if str(at) in request.form.getlist(f"contest-{c}")),
            )
            for at, member in enumerate(draft.household.members)
        )
        draft.save(replace(draft.household, members=members))
    return ("", 204) if do == "keep" else redirect(draft.onward("review"))


@bp.get("/register/<token>/review")
@public
def step_review(token: str) -> ResponseReturnValue:
    """All of it once more, what is missing, and the agreements."""
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    with as_sent(draft.ticked("review")):
        tried = draft.tried("review") and not draft.changed_elsewhere
        errors = with_agreements(draft.household, draft.festival.starts_on).errors if tried else {}
        return _review_page(draft, errors)


def _review_page(draft: DraftForm, errors: dict[str, str]) -> str:
    on = draft.festival.starts_on
    found = draft.hindrances
    asked = asked_lines(draft.household, on, lambda at: url_for("registration.step_child", token=draft.token, at=at))
    return draft.render(
        "review.html",
        lacks=[each.lack for each in found if each.lack is not None],
        barred=[each.reason for each in found if each.lack is None],
        ages=[ages(member.birth, on) if member.birth else None for member in draft.household.members],
        delegation=draft.delegation.unit.full_name if draft.delegation else "",
        errors=errors,
        asked=asked,
        guardian_said=guardian_said(draft.household),
        away_errors=any(key.startswith("away") for key in errors),
        offers=offered_in({}, "guardian") | offered_in({}, "away"),
        typed=typed_form(),
        words={purpose.value: say(text) for purpose, (_version, text) in CONSENT_WORDS.items()},
        guardians=GUARDIANS,
    )


def _is_no_sending() -> bool:
    """What is ticked is kept, or another page is asked for; nothing is sent."""
    return request.form.get("do", "") != "" or "child" in request.form


def _draft_of_request() -> str:
    return f"registration:{(request.view_args or {}).get('token', '')}"


@bp.post("/register/<token>/review")
@public
@limiter.limit("20 per minute", key_func=_draft_of_request, exempt_when=_is_no_sending)
def send(token: str) -> ResponseReturnValue:
    """Make the family: once, however often the button is pressed."""
    with reading():
        festival_id, household, sent = keeping.of_token(token, form_key(token))
    if sent:
        return redirect(url_for("registration.step_done", token=token))
    do, child = request.form.get("do", ""), typed_number(request.form.get("child", ""))
    if do or child is not None:
        with transaction():
            draft = open_form(token)
            if not draft.changed_elsewhere:
                draft.keep("review", try_it=False)
        if child is not None:
            return redirect(draft.url("child", at=child), 303)  # the phone goes to the child
        return ("", 204) if do == "keep" else draft.again("review")
    with counted(festival_id, household) as count, transaction():
        draft = DraftForm(token, lock=True)
        if draft.sent is None:
            if draft.changed_elsewhere:
                flash(_CHANGED_ELSEWHERE, "warn")
                return draft.again("review")
            said = with_agreements(draft.household, draft.festival.starts_on)
            delegation = draft.delegation
            refused = bool(said.errors) or delegation is None or draft.unfinished
            outcome = None if refused or delegation is None else _register(draft, delegation, said)
            if outcome is None or isinstance(outcome, NotSent):
                draft.keep("review", try_it=True)
                return draft.again("review")
            count.written = isinstance(outcome, Registered)
    return redirect(draft.url("done"))


def _register(draft: DraftForm, delegation: Delegation, said: AgreedForm) -> Registration | NotSent | None:
    """Sent at once; or kept while father, mother or guardian agrees elsewhere, and sent with that (None: something else lacks)."""
    if said.waits and draft.hindrances:
        return None
    outcome = registering.register_family(
        draft.rules,
        delegation,
        said.household,
        Origin.FAMILY,
        submission_key=draft.key,
        submit=not said.waits,
        doubtful=draft.doubtful,
    )
    if isinstance(outcome, Registered):
        keeping.empty(draft.draft)
        if said.away is not None:
            family = families.family_by_id(outcome.family_id)
            chosen = tuple(family.members[int(at)].code for at in said.away.children)
            asked = replace(said.away, children=chosen)
            parent_links.make_link(draft.rules, family, asked, None, then_send=said.waits)
    return outcome


@bp.get("/register/<token>/done")
@public
def step_done(token: str) -> ResponseReturnValue:
    """It is sent; here is the family's own link."""
    draft = DraftForm(token)
    if draft.sent is None:
        return redirect(draft.url("family"))
    if draft.sent.link_issue != of_families.FIRST_ISSUE:
        # An old phone still holds the address of the form; the new link is given by the phone number alone.
        raise LinkReplaced()
    link = of_families.link_code(draft.sent)
    address = absolute(url_for("registration.family_code", code=link))
    return draft.render(
        "done.html",
        family=draft.sent,
        link_code=link,
        link_address=address,
        picture=qr.svg(address, level="M"),
        parents=shown_links(draft.sent),
        line=looking.own_place(draft.sent),
    )
