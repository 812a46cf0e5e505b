"""First step, the page of the whole, choosing it: `/office/setup/…`; the other two steps have modules of their own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts import second_factor
from festival.core.database import db
from festival.core.statements import alone_on
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.editions import choosing
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code, festivals, state_of
from festival.editions.rules.document import BrokenRuleset
from festival.setup import pieces
from festival.setup.confirming import going_back, to_confirm
from festival.setup.days import typed_day
from festival.setup.edition import contests_pages, who_pages
from festival.setup.edition.blueprint import bp
from festival.setup.edition.naming import edition_code, free
from festival.setup.edition.stepping import notes, page, steps
from festival.setup.edition.what_form import DAYS, TEXTS, NewForm, WhatForm, unlike, written
from festival.setup.fault_words import elsewhere
from festival.setup.faults import by_field
from festival.setup.saving import ChangedMeanwhile, begin, document_of, save

__all__ = ["bp", "contests_pages", "who_pages"]


@bp.get("")
@requires(Permission.OFFICE)
def index() -> ResponseReturnValue:
    """To the current edition; where there is none yet, to the first step."""
    every = festivals()
    found = next((each for each in every if state_of(each) == "current"), next(iter(every), None))
    return redirect(url_for("setup.one", code=found.code) if found else url_for("setup.new"))


@bp.get("/new")
@requires(Permission.OFFICE)
def new() -> ResponseReturnValue:
    """The first step of an edition that is not there yet."""
    return _new_page(NewForm(formdata=None))


@bp.post("/new")
@requires(Permission.OFFICE)
def new_post() -> ResponseReturnValue:
    """Save it at once, as an edition without contests."""
    form = NewForm()
    if not form.validate():
        return _new_page(form), 422
    try:
        with transaction():
            alone_on(Festival)  # what is proposed is still free when it is saved
            if there := _sent_before(form):
                flash(_("Ngày hội này vừa được lưu rồi; đây là bước 2 của nó."), "note")
                return redirect(url_for("setup.who", code=there))
            code = form.code.data or _proposed(form)
            begin(pieces.blank({"code": code} | form.piece({})))
    except BrokenRuleset as broken:
        form.told(by_field(broken.problems, "$.festival")[0])
        return _new_page(form, str(broken)), 422
    except Conflict as taken:
        form.code.errors = [str(taken.message)]
        return _new_page(form), 409
    flash(_("Đã lưu bước 1. Mọi bước đều quay lại sửa được."), "good")
    return redirect(url_for("setup.who", code=code))


def _sent_before(form: NewForm) -> str | None:
    """The edition that a second press of the button would make once more."""
    typed = form.piece({})
    for each in db.session.scalars(select(Festival).where(Festival.name == form.name.data)):
        held = dict(each.ruleset["festival"])
        if held.pop("code") == (form.code.data or each.code) and held == typed:
            return each.code
    return None


def _proposed(form: NewForm) -> str:
    day = typed_day(form.starts_on.data or "")
    taken = set(db.session.scalars(select(Festival.code)))
    return free(edition_code(form.short_name.data or form.name.data or "", day.year if day else 0), taken)


def _new_page(form: NewForm, problem: str = "") -> str:
    offer = not second_factor.is_on(acting_user()) and not festivals()
    return page(
        "what", None, 0, None, form=form, seen="", theirs=(), problem=_shown(form, problem), offer=offer, notes={}
    )


def _look(document: pieces.Document) -> object:
    return pieces.part(document, "festival")


@bp.get("/<code>/what")
@requires(Permission.OFFICE)
def what(code: str) -> ResponseReturnValue:
    """The first step of an edition that is there; later its settings."""
    document = document_of(code)
    return _what_page(code, WhatForm(formdata=None, data=written(document["festival"])), document)


@bp.post("/<code>/what")
@requires(Permission.OFFICE)
def what_post(code: str) -> ResponseReturnValue:
    """Save it; what follows is asked first."""
    form, seen, document = WhatForm(), request.form.get("seen", ""), document_of(code)
    if going_back():
        return _what_page(code, form, document, seen=seen)
    if not form.validate():
        return _what_page(code, form, document, seen=seen), 422

    def edit(held: pieces.Document) -> pieces.Document:
        return pieces.with_part(held, "festival", form.piece(held["festival"]))

    try:
        asked = to_confirm(code, edit, _look, seen, title=_("Ngày hội gì"), trail=steps(code, 0).trail)
        if asked:
            return asked
        with transaction():
            save(code, edit, _look, seen)
    except ChangedMeanwhile as told:
        held = document_of(code)
        return _what_page(code, form, held, str(told.message), theirs=unlike(form, held["festival"])), 409
    except BrokenRuleset as broken:
        own, others = by_field(broken.problems, "$.festival")
        form.told(own)
        said = " ".join(say(each) for each in elsewhere(others, document))
        return _what_page(code, form, document, said, seen=seen), 422
    except (BadInput, Conflict) as refused:
        return _what_page(code, form, document, str(refused.message), seen=seen), refused.status
    flash(_("Đã lưu."), "good")
    return redirect(url_for("setup.who" if request.form.get("do") == "next" else "setup.what", code=code))


def _what_page(
    code: str,
    form: WhatForm,
    document: pieces.Document,
    problem: str = "",
    *,
    seen: str | None = None,
    theirs: Any = (),
) -> str:
    drawn = pieces.mark(_look(document)) if seen is None else seen
    told = notes("festival.", *TEXTS, *DAYS)
    return page(
        "what", code, 0, document, form=form, seen=drawn, theirs=theirs, problem=problem, offer=False, notes=told
    )


def _shown(form: WhatForm, problem: str) -> str:
    """What stands beside no field."""
    return "" if form.errors else problem


@bp.get("/<code>")
@requires(Permission.OFFICE)
def one(code: str) -> ResponseReturnValue:
    """What has been set up, what is next, and the button that makes it the current edition."""
    with reading():
        every = festivals()
        found = next((each for each in every if each.code == code), None)
        if found is None:
            raise NotFound()
        document, state = dict(found.ruleset), state_of(found)
        other = next((each.name for each in every if each is not found and state_of(each) == "current"), "")
    said = written(document["festival"])
    days = said["starts_on"] if said["starts_on"] == said["ends_on"] else f"{said['starts_on']} – {said['ends_on']}"
    return page(
        "edition",
        code,
        3,
        document,
        state=state,
        name=found.name,
        other=other,
        days=days,
        closes=said["registration_closes_on"],
    )


@bp.post("/<code>/choose")
@requires(Permission.OFFICE)
def choose(code: str) -> ResponseReturnValue:
    """From now on every page speaks of it."""
    try:
        with transaction():
            found = festival_by_code(code)
            if found is None:
                raise NotFound()
            choosing.choose(found, acting_user())
    except Conflict as refused:
        flash(str(refused.message), "warn")
    else:
        flash(_("Từ bây giờ đây là ngày hội hiện hành."), "good")
    return redirect(url_for("setup.one", code=code))
