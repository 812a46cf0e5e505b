"""What may somebody do with the own account: password, PIN, sign-ins, the second step?

Whatever changes what lets in asks for the password first, in the same form.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug import Response

from festival.accounts import actions, pins, queries, second_factor
from festival.accounts.blueprint import bp
from festival.accounts.forms import OwnPasswordForm, OwnPinForm
from festival.accounts.models import User
from festival.accounts.passwords import hash_password
from festival.accounts.proof import Proven, prove, wait_said
from festival.accounts.roles import Role
from festival.accounts.slowdown import PasswordTry
from festival.accounts.words import ROLE_WORDS
from festival.core import qr
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.i18n import say

WITH_A_PIN = frozenset({Role.JUDGE, Role.CHAIR})


@bp.get("/account")
@signed_in
def own() -> ResponseReturnValue:
    """The own account: what it is for, and everything one may change about it."""
    return _page(OwnPasswordForm(formdata=None), OwnPinForm(formdata=None))


def _page(form: OwnPasswordForm, pin_form: OwnPinForm, problem: str = "") -> str:
    actor = current_actor()
    user = queries.user_by_id(acting_user())
    return render_template(
        "accounts/own.html",
        user=user,
        words=ROLE_WORDS,
        form=form,
        pin_form=pin_form if _may_have_pin() else None,
        pin_is_set=pins.has_pin(user.id),
        sign_ins=queries.sign_ins_of(user.id),
        this_one=actor.sign_in_id,
        second=second_factor.is_on(user.id),
        codes_left=second_factor.codes_left(user.id),
        problem=problem,
    )


def _may_have_pin() -> bool:
    return bool(current_actor().roles & WITH_A_PIN)


def _me() -> User:
    with reading():
        return queries.user_by_id(acting_user())


def _refused(typed: str, step: str) -> str:
    """Why the password typed for a change is not taken, "" when it is."""
    answer = prove(_me().login, typed, step=step)
    if isinstance(answer, Proven):
        return ""
    return say(wait_said(answer.wait_s)) if answer.wait_s else _("Mật khẩu hiện nay chưa đúng.")


def _back(said: str) -> Response:
    flash(said, "good")
    return redirect(url_for("accounts.own"), 303)


@bp.post("/account/password")
@signed_in
def own_password() -> ResponseReturnValue:
    """Another password; every other sign-in of the account ends."""
    form, me = OwnPasswordForm(), _me()
    form.names = (me.login, me.name)
    valid = form.validate()
    if valid and (said := _refused(form.old.data or "", "own_password")):
        form.old.errors = [said]
        valid = False
    if not valid:
        return _page(form, OwnPinForm(formdata=None)), 422
    hashed = hash_password(form.password.data or "")
    with transaction():
        actions.change_password(me.id, hashed, current_actor().sign_in_id)
    return _back(_("Đã đổi mật khẩu. Các nơi khác đang đăng nhập bằng tài khoản này đã bị đăng xuất."))


@bp.post("/account/pin")
@signed_in
def own_pin() -> ResponseReturnValue:
    """Set or change the PIN a judge or a chair confirms with."""
    form = OwnPinForm()
    if not _may_have_pin():
        return redirect(url_for("accounts.own"), 303)
    valid = form.validate()
    if valid and (said := _refused(form.owner_password.data or "", "own_pin")):
        form.owner_password.errors = [said]
        valid = False
    if not valid:
        return _page(OwnPasswordForm(formdata=None), form), 422
    pins.set_pin(acting_user(), form.pin.data or "")
    return _back(_("Đã đặt mã PIN mới."))


@bp.post("/account/sessions/<int:sign_in_id>/end")
@signed_in
def own_session_end(sign_in_id: int) -> ResponseReturnValue:
    """End one of the own sign-ins."""
    with transaction():
        actions.end_sign_in(acting_user(), sign_in_id)
    return _back(_("Đã đăng xuất ở nơi đó."))


@bp.post("/account/sessions/end-others")
@signed_in
def own_sessions_end() -> ResponseReturnValue:
    """End all own sign-ins but this one."""
    with transaction():
        ended = actions.end_other_sign_ins(acting_user(), current_actor().sign_in_id)
    return _back(_("Đã đăng xuất ở %(n)s nơi khác.", n=ended))


@bp.post("/account/second-factor")
@signed_in
def own_second_factor() -> ResponseReturnValue:
    """Begin: show the QR code for the authenticator; nothing is asked for before a number of it was typed."""
    if said := _refused(request.form.get("password", ""), "second_factor"):
        return _page_with(said)
    with transaction():
        begun = second_factor.begin(acting_user())
    return _setup() if begun else redirect(url_for("accounts.own"), 303)


def _page_with(said: str) -> ResponseReturnValue:
    return _page(OwnPasswordForm(formdata=None), OwnPinForm(formdata=None), said), 422


def _setup(said: str = "") -> ResponseReturnValue:
    with reading():
        address = second_factor.address_of(acting_user())
    if not address:
        return redirect(url_for("accounts.own"), 303)
    secret = address.partition("secret=")[2].partition("&")[0]
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    code = qr.svg(address, label=_("Mã QR cho ứng dụng xác thực"), level="M")
    return render_template("accounts/second_setup.html", code=code, secret=groups, said=said), 422 if said else 200


@bp.post("/account/second-factor/on")
@signed_in
def own_second_factor_on() -> ResponseReturnValue:
    """Confirm by a number; the recovery codes are shown once."""
    with transaction():
        codes = second_factor.turn_on(acting_user(), request.form.get("code", "")[:20])
    if codes is None:
        return _setup(_("Mã chưa đúng. Xem giờ của điện thoại có đúng không, rồi gõ mã đang hiện."))
    return render_template("accounts/recovery_codes.html", codes=codes)


def _number_refused(step: str) -> str:
    """Password and number (or recovery code) of a change of the second step; the number is used up. "" when both are right."""
    if said := _refused(request.form.get("password", ""), step):
        return said
    tried = PasswordTry(_me().login, "second step")
    if tried.wait_s:
        return say(wait_said(tried.wait_s))
    with transaction():
        passed = second_factor.passes(acting_user(), request.form.get("code", "")[:40])
    if passed:
        tried.right()
        return ""
    tried.missed()
    return str(_("Mã chưa đúng hoặc đã dùng rồi. Chờ mã mới hiện trên điện thoại, hoặc gõ một mã dự phòng."))


@bp.post("/account/second-factor/off")
@signed_in
def own_second_factor_off() -> ResponseReturnValue:
    """Not asked for any more."""
    if said := _number_refused("second_factor_off"):
        return _page_with(said)
    with transaction():
        second_factor.turn_off(acting_user())
    return _back(_("Đã tắt bước mã điện thoại."))


@bp.post("/account/second-factor/codes")
@signed_in
def own_recovery_codes() -> ResponseReturnValue:
    """Ten other recovery codes; the old ones end."""
    if said := _number_refused("recovery_codes"):
        return _page_with(said)
    with transaction():
        codes = second_factor.new_codes(acting_user())
    return render_template("accounts/recovery_codes.html", codes=codes)
