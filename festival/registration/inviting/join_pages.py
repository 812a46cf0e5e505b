"""The page behind an invitation: somebody asks for an account, and sees on the same device what became of it."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from festival.accounts.passwords import hash_password
from festival.core.names import nfc
from festival.core.secrets import new_token
from festival.core.transaction import reading, transaction
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.core.web.limiter import limiter
from festival.registration.blueprint import bp
from festival.registration.inviting.asking import ask_for_account, request_by_code
from festival.registration.inviting.forms import JoinForm
from festival.registration.inviting.links import standing_invitation
from festival.registration.inviting.models import AskedState, Invitation
from festival.registration.inviting.words import WAITS, refused_said

ASKED = "account_asked"


@bp.get("/join/<code>")
@public
@limiter.limit("120 per minute")
def join(code: str) -> ResponseReturnValue:
    """For which delegation the account is; opening it changes nothing."""
    invitation = standing_invitation(code)
    if invitation is None:
        return _dead()
    return _page(code, invitation, JoinForm(formdata=None, once=new_token()))


@bp.post("/join/<code>")
@public
@limiter.limit("30 per hour")
def join_post(code: str) -> ResponseReturnValue:
    """Ask for the account; it waits until the organiser has confirmed name and phone."""
    form = JoinForm()
    with reading():
        invitation = standing_invitation(code)
        if invitation is None:
            return _dead()
        if not form.validate():
            return _page(code, invitation, form), 422
    hashed = hash_password(form.password.data or "")
    name = nfc(" ".join((form.name.data or "").split()))
    with transaction():
        asked = ask_for_account(code, name, form.number, hashed, form.once.data or new_token())
        if asked is None:
            return _dead()
        session[ASKED] = asked.code
    return redirect(url_for("registration.join_waiting"), 303)


@bp.get("/join/waiting")
@public
def join_waiting() -> ResponseReturnValue:
    """What became of the request that this browser has sent."""
    try:
        asked = request_by_code(session.get(ASKED, ""))
    except NotFound:
        return render_template("registration/inviting/waiting.html", asked=None)
    said = refused_said(asked.reason) if asked.state is AskedState.REFUSED else WAITS
    return render_template("registration/inviting/waiting.html", asked=asked, said=said, states=AskedState)


def _page(code: str, invitation: Invitation, form: JoinForm) -> str:
    return render_template("registration/inviting/join.html", code=code, invitation=invitation, form=form)


def _dead() -> ResponseReturnValue:
    """Unknown, cut, replaced, revoked, over: what to do is the same, and nothing is told about the right one."""
    return render_template("registration/inviting/join_over.html"), 410
