"""The page behind the link of the first start: it makes the first organiser and signs them in."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from festival.accounts import first_link
from festival.accounts.blueprint import bp
from festival.accounts.entering import browser, hours, let_in
from festival.accounts.forms import FirstOrganiserForm
from festival.accounts.passwords import hash_password
from festival.core.transaction import reading, transaction
from festival.core.web.access import public
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.limiter import limiter

AFTERWARDS = "/office/setup/new"


@bp.get("/setup/<token>")
@public
@limiter.limit("60 per minute")
def first_start(token: str) -> ResponseReturnValue:
    """Who looks after the festival? Opening the page changes nothing."""
    with reading():
        good = first_link.is_the_link(token) and first_link.is_wanted()
    return _page(FirstOrganiserForm(formdata=None), token) if good else _dead()


@bp.post("/setup/<token>")
@public
@limiter.limit("20 per minute")
def first_start_post(token: str) -> ResponseReturnValue:
    """Make the account; whoever comes second is told that there is one."""
    if not first_link.is_the_link(token):
        return _dead()
    form = FirstOrganiserForm()
    if not form.validate():
        return _page(form, token), 422
    hashed = hash_password(form.password.data or "")
    try:
        with transaction():
            opened = first_link.make_first(form.login.data or "", form.name.data or "", hashed, hours(), browser())
    except (BadInput, Conflict) as refused:
        form.login.errors = [str(refused.message)]
        return _page(form, token), refused.status
    return _dead() if opened is None else let_in(opened, AFTERWARDS)


def _page(form: FirstOrganiserForm, token: str) -> str:
    return render_template("accounts/first_start.html", form=form, token=token)


def _dead() -> ResponseReturnValue:
    """Used or not copied whole: what to do is the same, and nothing is told about the right one."""
    return render_template("accounts/first_start_over.html"), 410
