"""A family registers itself on a phone, in three steps and a review, without an account and without script.

What was typed is kept on the server after each step under an unguessable link, so it can be gone on with on another phone.
"""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from festival.consent.rules import CHILD_OWN, CHILD_PUBLISH, AskedPerson, ages, child_says
from festival.consent.texts import CONSENT_WORDS
from festival.core import qr
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.old_fonts import offered
from festival.core.transaction import reading, transaction
from festival.core.web.access import public
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.core.web.forms import not_offered
from festival.core.web.i18n import say
from festival.core.web.limiter import limiter
from festival.registration import drafts, phases, registering
from festival.registration.agreements import parent_links
from festival.registration.agreements.parent_pages import child_page, read_answer, thanked
from festival.registration.agreements.shown import asked_lines, guardian_said, shown_links
from festival.registration.blueprint import bp
from festival.registration.errors import LinkReplaced
from festival.registration.family.agreements import AgreedForm, with_agreements
from festival.registration.family.draft import TRAP, DraftForm, absolute, open_form
from festival.registration.guarding.limits import counted
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
from festival.roster.household import MOST_MEMBERS
from festival.roster.links import of_families
from festival.roster.models import Delegation, Origin
from festival.roster.people import Relation


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    """What is asked for and how long it takes; one button begins."""
    open_now = phases.festivals_open_for_registration(now())
    return render_template("registration/family/start.html", festivals=open_now)


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
        token = drafts.start_draft(festival.id)
    return redirect(url_for("registration.step_family", token=token))


@bp.get("/register/<token>/family")
@public
def step_family(token: str) -> ResponseReturnValue:
    """Step one: the unit, the phone, the address."""
    draft = DraftForm(token)
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
        draft = open_form(token)
        form = FamilyStepForm()
        form.choose_from(draft.choices())
        if form.validate():
            # A person never sees the field; what fills it in is taken like everybody, and looked at by an officer first.
            trapped = bool(request.form.get(TRAP))
            draft.save(form.fill(draft.household), form.delegation.data or "", doubtful=trapped or draft.doubtful)
            return redirect(draft.url("members"))
    return draft.render("step_family.html", form=form), 422


@bp.get("/register/<token>/members")
@public
def step_members(token: str) -> ResponseReturnValue:
    """Step two: who is in the family, one person at a time."""
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return draft.render("step_members.html", **_member_form(draft, request.args.get("member", "")))


def _member_form(draft: DraftForm, wanted: str) -> dict[str, object]:
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
    place = typed_number(wanted)
    return new if place is None else place


@bp.post("/register/<token>/members")
@public
@limiter.limit("240 per hour")
def step_members_post(token: str) -> ResponseReturnValue:
    """Add, change or remove one person."""
    with transaction():
        draft = open_form(token)
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
        if request.form.get(USE) == "name" and "name" not in request.form and place < len(people):
            # A name that is there already, written as names are.
            people[place] = replace(people[place], name=offered(people[place].name) or people[place].name)
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
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return draft.render("step_contests.html")


@bp.post("/register/<token>/contests")
@public
@limiter.limit("240 per hour")
def step_contests_post(token: str) -> ResponseReturnValue:
    """Keep step three and go on to the review."""
    with transaction():
        draft = open_form(token)
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
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return _review_page(draft, {})


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
        typed=typed_form() if request.method == "POST" and not draft.changed_elsewhere else MultiDict(),
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
    with reading():
        seen = DraftForm(token)
    if seen.sent is not None:
        return redirect(seen.url("done"))
    if "child" in request.form:
        return _to_child(token)
    with counted(seen.festival.id, seen.household) as count, transaction():
        draft = DraftForm(token, lock=True)
        if draft.sent is None:
            if draft.changed_elsewhere:
                return _review_page(draft, {}), 409
            said = with_agreements(draft.household, draft.festival.starts_on)
            delegation = draft.delegation
            refused = bool(said.errors) or delegation is None
            outcome = None if refused or delegation is None else _register(draft, delegation, said)
            if outcome is None or isinstance(outcome, NotSent):
                draft.save(said.household)
                return _review_page(draft, said.errors), 422
            count.written = isinstance(outcome, Registered)
    return redirect(draft.url("done"))


def _to_child(token: str) -> ResponseReturnValue:
    """What was ticked so far is kept, and the phone goes to the child."""
    with transaction():
        draft = open_form(token)
        if draft.changed_elsewhere:
            return _review_page(draft, {}), 409
        at = _at(draft, request.form["child"])
        draft.save(with_agreements(draft.household, draft.festival.starts_on).household)
    return redirect(url_for("registration.step_child", token=token, at=at), 303)


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
        drafts.clear_draft(draft.draft)
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
    )


@bp.get("/register/<token>/child/<at>")
@public
def step_child(token: str, at: str) -> ResponseReturnValue:
    """A child's own screen, before the form is sent."""
    draft = DraftForm(token)
    if draft.sent is not None:
        return redirect(draft.url("done"))
    return _child_screen(draft, _at(draft, at), {})


def _child_screen(draft: DraftForm, at: int, errors: dict[str, str]) -> str:
    person = _child(draft, at)
    member = draft.household.members[at]
    return child_page(
        person.name, person.picture_asked, member.agreements, draft.rules, None, errors,
        back=draft.url("review"), seen=draft.seen,
    )  # fmt: skip


def _at(draft: DraftForm, typed: str) -> int:
    """The place an address names. NotFound when nobody stands there."""
    at = typed_number(typed)
    if at is None or at >= len(draft.household.members):
        raise NotFound()
    return at


def _child(draft: DraftForm, at: int) -> AskedPerson:
    """Who stands there, if it is a child that is asked."""
    members = draft.household.members
    person = AskedPerson(members[at].name, members[at].birth, draft.festival.starts_on)
    if not person.child or not (person.own_asked or person.picture_asked):
        raise NotFound()
    return person


@bp.post("/register/<token>/child/<at>")
@public
@limiter.limit("240 per hour")
def step_child_post(token: str, at: str) -> ResponseReturnValue:
    """Keep what the child answered; a no is thanked like a yes."""
    with transaction():
        draft = open_form(token)
        if draft.changed_elsewhere:
            raise Overtaken(_("Danh sách người vừa được sửa ở một trang hoặc máy khác. Mở lại trang của bạn nhỏ."))
        place = _at(draft, at)
        person = _child(draft, place)
        answer, errors = read_answer(person.picture_asked)
        if answer is None:
            return _child_screen(draft, place, errors), 422
        said = dict(child_says(person, *answer))
        people = list(draft.household.members)
        people[place] = replace(
            people[place],
            own_agreement=said[CHILD_OWN],
            own_publish=said.get(CHILD_PUBLISH, False),
            refused=tuple(purpose for purpose, yes in said.items() if not yes),
        )
        draft.save(replace(draft.household, members=tuple(people)))
    flash(thanked(person.name), "good")
    return redirect(draft.url("review") + "#agreements", 303)
