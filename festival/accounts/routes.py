"""Signing in and out, one-time codes, and the organiser's list of accounts."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from config import Config
from festival.accounts import actions, first_pages, log_pages, own_pages, pins, queries, second_factor
from festival.accounts.actions import PasswordSetOnly, SignedIn, SignInCodeRefused
from festival.accounts.blueprint import bp
from festival.accounts.entering import browser as _browser
from festival.accounts.entering import hours as _hours
from festival.accounts.entering import let_in as _let_in
from festival.accounts.entering import secure as _secure
from festival.accounts.forms import AccountForm, NewPasswordForm, SignInForm
from festival.accounts.models import User
from festival.accounts.own_pages import WITH_A_PIN
from festival.accounts.passwords import hash_password
from festival.accounts.proof import Proven, note_failure, prove, wait_said
from festival.accounts.queries import SESSION_COOKIE, Credentials
from festival.accounts.roles import Role
from festival.accounts.slowdown import PasswordTry
from festival.accounts.words import ROLE_WORDS
from festival.core import qr
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import Actor, Permission, acting_user, current_actor, public, requires, signed_in
from festival.core.web.i18n import LANGUAGE_COOKIE, LANGUAGES, say
from festival.core.web.incoming import local_path, page_above
from festival.core.web.limiter import limiter
from festival.core.web.paging import asked_part
from festival.core.web.searching import SEALED, asked_search, posted_search

__all__ = ["bp", "first_pages", "log_pages", "own_pages"]

YEAR_S = 365 * 24 * 3600
PEOPLE_A_PAGE = 40
SECOND_STEP_S = 300  # from the right password to the phone's number

# Where somebody wants to be after signing in, by the first permission that fits.
HOMES: tuple[tuple[Permission, str], ...] = (
    (Permission.OFFICE, "/office"),
    (Permission.TALLY, "/panel"),
    (Permission.CHAIR, "/panel"),
    (Permission.DELEGATION, "/delegation"),
    (Permission.CHECKIN, "/office/devices"),
    (Permission.STAGE, "/office/stage"),
    (Permission.MC, "/panel"),
)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    return render_template("accounts/sign_in.html", form=SignInForm(), next_path=local_path(request.args.get("next")))


@bp.post("/sign-in")
@public
def sign_in_post() -> ResponseReturnValue:
    """Check the password outside of any transaction, then open the sign-in or ask for the second step."""
    form = SignInForm()
    next_path = local_path(request.form.get("next"))
    status = 422
    if form.validate():
        answer = prove(form.login.data or "", form.password.data or "", step="sign_in")
        if isinstance(answer, Proven):
            if answer.account.second_factor:
                return _second_step(answer.account, next_path)
            with transaction():
                opened = actions.open_sign_in(answer.account.user_id, _hours(), _browser())
            return _let_in(opened, next_path)
        if answer.wait_s:
            status, form.password.errors = 429, [say(wait_said(answer.wait_s))]
        elif answer.said is not None:
            form.password.errors = [say(answer.said)]
        else:
            form.password.errors = [
                _("Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra phím Caps Lock, hoặc xin Ban Tổ chức mã đăng nhập.")
            ]
    return render_template("accounts/sign_in.html", form=form, next_path=next_path), status


def _second_step(account: Credentials, next_path: str, said: str = "") -> str:
    """The page that asks for the phone's number; its token is good for this password and a few minutes."""
    token = _second_steps().dumps([account.user_id, _mark_of(account), next_path])
    return render_template("accounts/second_step.html", token=token, said=said)


def _second_steps() -> URLSafeTimedSerializer:
    config: Config = current_app.config["FESTIVAL"]
    return URLSafeTimedSerializer(config.secret_key, salt="second step")


def _mark_of(account: Credentials) -> str:
    return sha256(account.password_hash.encode()).hexdigest()[:16]


@bp.post("/sign-in/second")
@public
def second_step_post() -> ResponseReturnValue:
    """The number of the phone, or a recovery code; whatever is wrong with it is told in the same words."""
    account, mark, next_path = None, "", ""
    try:
        user_id, mark, next_path = _second_steps().loads(request.form.get("step", ""), max_age=SECOND_STEP_S)
    except BadData:
        user_id = None
    if user_id is not None:
        with reading():
            account = queries.credentials_of(user_id)
    if account is None or mark != _mark_of(account):
        flash(_("Bước này đã quá lâu hoặc mật khẩu vừa đổi. Đăng nhập lại từ đầu."), "warn")
        return redirect(url_for("accounts.sign_in"))
    tried = PasswordTry(account.login, "second step")
    if tried.wait_s:
        return _second_step(account, next_path, say(wait_said(tried.wait_s))), 429
    with transaction():
        passed = second_factor.passes(account.user_id, request.form.get("code", "")[:40])
        opened = actions.open_sign_in(account.user_id, _hours(), _browser(), "second_factor") if passed else None
    if opened is not None:
        tried.right()
        return _let_in(opened, next_path)
    tried.missed()
    note_failure(account, "second_step")
    said = _("Mã chưa đúng hoặc đã dùng rồi. Chờ mã mới hiện trên điện thoại, hoặc gõ một mã dự phòng.")
    return _second_step(account, next_path, said), 422


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the sign-in. What a device still has to send stays on the device."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if token:
        with transaction():
            actions.close_sign_in(token)
    answer = make_response(redirect("/"))
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@bp.get("/home")
@signed_in
def home() -> ResponseReturnValue:
    """To the page this account works on."""
    return redirect(_home_of(current_actor()))


@bp.get("/sign-in/once/<token>")
@public
def once(token: str) -> ResponseReturnValue:
    """The page behind a one-time QR; opening it changes nothing."""
    known = queries.open_code(token) is not None
    return render_template(
        "accounts/once.html", form=NewPasswordForm(), token=token, known=known
    ), 200 if known else 410


@bp.post("/sign-in/once/<token>")
@public
@limiter.limit("20 per minute")
def once_post(token: str) -> ResponseReturnValue:
    """Set the new password and come in."""
    form = NewPasswordForm()
    with reading():
        form.names = queries.names_of_code(token)
    if not form.validate():
        return render_template("accounts/once.html", form=form, token=token, known=True), 422
    hashed = hash_password(form.password.data or "")
    with transaction():
        outcome = actions.use_code(token, hashed, _hours(), _browser())
    match outcome:
        case SignedIn():
            return _let_in(outcome, _first_page(outcome.user_id))
        case PasswordSetOnly():
            flash(_("Đã lưu mật khẩu mới. Tài khoản này còn hỏi mã trên điện thoại: đăng nhập để gõ mã."), "good")
            return redirect(url_for("accounts.sign_in"))
        case SignInCodeRefused():
            return render_template("accounts/once.html", form=form, token=token, known=False), 410


def _first_page(user_id: int) -> str:
    """Where a new password leads: whoever marks or locks with a PIN and has none yet is asked for it now."""
    with reading():
        asked = {item.role for item in queries.user_by_id(user_id).roles} & WITH_A_PIN and not pins.has_pin(user_id)
    if not asked:
        return "/home"
    flash(_("Đã lưu mật khẩu. Còn một việc: đặt mã PIN 6 chữ số để mở máy chấm và khóa điểm."), "good")
    return f"{url_for('accounts.own')}#pin-change"


@bp.get("/office/people")
@requires(Permission.ACCOUNTS)
def people() -> ResponseReturnValue:
    """All accounts, or those that are looked for."""
    return _people_page(asked_search())


@bp.post("/office/people/search")
@requires(Permission.ACCOUNTS)
def people_search() -> ResponseReturnValue:
    """Search and filter; what was typed does not stand in the address."""
    return redirect(url_for("accounts.people", role=request.form.get("role") or None, s=posted_search()), 303)


def _people_page(search: str) -> str:
    role = next((role for role in Role if role.value == request.args.get("role")), None)
    users = [user for user in queries.all_users(search) if role is None or role in {item.role for item in user.roles}]
    part = asked_part(len(users), PEOPLE_A_PAGE)
    return render_template(
        "accounts/people.html",
        users=part.of(users),
        part=part,
        search=search,
        sealed=request.args.get(SEALED),
        words=ROLE_WORDS,
        role=role,
        roles=[(each.value, ROLE_WORDS[each]) for each in Role],
    )


@bp.get("/office/people/<int:user_id>")
@requires(Permission.ACCOUNTS)
def account(user_id: int) -> ResponseReturnValue:
    """One account: the name as it stands on papers, and its roles."""
    user = queries.user_by_id(user_id)
    form = AccountForm(formdata=None, name=user.name, roles=[item.role.value for item in user.roles])
    return _account_page(user, form)


def _account_page(user: User, form: AccountForm) -> str:
    second = second_factor.is_on(user.id)
    return render_template("accounts/account.html", user=user, form=form, second=second, day_choices=actions.CODE_DAYS)


@bp.post("/office/people/<int:user_id>")
@requires(Permission.ACCOUNTS)
def account_post(user_id: int) -> ResponseReturnValue:
    """Put name and roles right; nobody takes from themselves the right to do so."""
    form = AccountForm()
    valid = form.validate()
    if valid and user_id == acting_user() and Role.ORGANISER.value not in (form.roles.data or []):
        form.roles.errors = [_("Không thể tự bỏ vai trò Ban Tổ chức của tài khoản đang dùng.")]
        valid = False
    if not valid:
        return _account_page(queries.user_by_id(user_id), form), 422
    with transaction():
        actions.change_user(user_id, form.name.data or "", [Role(value) for value in form.roles.data or []])
    flash(_("Đã lưu tài khoản của %(name)s.", name=form.name.data), "good")
    return redirect(url_for("accounts.people"))


@bp.post("/office/people/<int:user_id>/code")
@requires(Permission.ACCOUNTS)
def people_code(user_id: int) -> ResponseReturnValue:
    """A one-time QR for somebody who lost the password, for as many days as the organiser chooses; a day if not."""
    days = typed_number(request.form.get("days", ""))
    until = now() + (timedelta(days=days) if days in actions.CODE_DAYS else actions.CODE_LIFETIME)
    with transaction():
        token = actions.issue_code(user_id, acting_user(), until)
        user = queries.user_by_id(user_id)
    return _code_page(user.name, user.login, token, until)


@bp.post("/office/people/<int:user_id>/second-factor/off")
@requires(Permission.ACCOUNTS)
def people_second_factor_off(user_id: int) -> ResponseReturnValue:
    """Somebody lost the phone: the password alone lets in again until they turn it on anew."""
    with transaction():
        queries.user_by_id(user_id)
        was_on = second_factor.turn_off(user_id, taken_away=True)
    flash(
        _("Đã bỏ bước mã điện thoại của tài khoản này.") if was_on else _("Tài khoản này không dùng mã điện thoại."),
        "good",
    )
    return redirect(url_for("accounts.account", user_id=user_id))


@bp.post("/office/people/<int:user_id>/active")
@requires(Permission.ACCOUNTS)
def people_active(user_id: int) -> ResponseReturnValue:
    """Switch an account off or on again; nobody locks themselves out."""
    active = request.form.get("active") == "yes"
    if user_id == acting_user() and not active:
        flash(_("Không thể tự khóa tài khoản đang dùng."), "warn")
        return redirect(url_for("accounts.people"))
    with transaction():
        actions.set_active(user_id, active)
    flash(_("Đã mở lại tài khoản.") if active else _("Đã khóa tài khoản."), "good")
    return redirect(url_for("accounts.people"))


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Remember the chosen language on this device."""
    wished = request.form.get("language", "vi")
    answer = make_response(redirect(page_above(local_path(request.form.get("next")) or "/")))
    answer.set_cookie(
        LANGUAGE_COOKIE, wished if wished in LANGUAGES else "vi", max_age=YEAR_S, samesite="Lax", secure=_secure()
    )
    return answer


def _code_page(name: str, login: str, token: str, until: datetime) -> str:
    config: Config = current_app.config["FESTIVAL"]
    address = f"{config.public_url}{url_for('accounts.once', token=token)}"
    return render_template(
        "accounts/code.html", name=name, login=login, address=address, code=qr.svg(address), until=until
    )


def _home_of(actor: Actor) -> str:
    return next((path for permission, path in HOMES if actor.may(permission)), url_for("accounts.own"))
