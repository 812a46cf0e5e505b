"""How does a child answer on its own screen, before the family's form is sent?"""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.rules import CHILD_OWN, CHILD_PUBLISH, AskedPerson, child_says
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import public
from festival.core.web.errors import NotFound, Overtaken
from festival.core.web.limiter import limiter
from festival.registration.agreements.parent_pages import child_page, read_answer, thanked
from festival.registration.blueprint import bp
from festival.registration.family.draft import DraftForm, open_form


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
