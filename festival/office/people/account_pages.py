"""One new account, an officer's delegations in the same form; and who still lacks what."""

from __future__ import annotations

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts import actions
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.phones import phone
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.editions.queries import current_festival
from festival.office.lacking import lacking
from festival.office.people.blueprint import bp
from festival.office.people.cards import sign_in_cards, until_of
from festival.office.people.fates import login_of_name
from festival.office.people.forms import NewAccountForm
from festival.registration.officer.assigning import assign_officer
from festival.roster.delegations import delegations
from festival.roster.rules import rules_of


@bp.get("/office/people/new")
@requires(Permission.ACCOUNTS)
def new_account() -> ResponseReturnValue:
    """The empty form."""
    return _new_page(NewAccountForm(formdata=None))


def _new_page(form: NewAccountForm) -> str:
    festival = current_festival()
    form.offer(delegations(festival.id) if festival else ())
    return render_template("office/people/new.html", form=form, festival=festival)


@bp.post("/office/people/new")
@requires(Permission.ACCOUNTS)
def new_account_post() -> ResponseReturnValue:
    """Make the account, give an officer the delegations, show the one-time code."""
    form = NewAccountForm()
    with reading():
        festival = current_festival()
        form.offer(delegations(festival.id) if festival else ())
    if not form.validate():
        return _new_page(form), 422
    until = until_of(int(form.days.data))
    try:
        with transaction():
            festival = current_festival()
            user = _made(form, festival)
            (card,) = sign_in_cards([user], festival, acting_user(), until)
    except Conflict as taken:
        form.login.errors = [str(taken.message)]
        return _new_page(form), 409
    except BadInput as refused:
        form.name.errors = [str(refused.message)]
        return _new_page(form), 422
    if Role.OFFICER.value in form.roles.data and not form.delegations.data and festival is not None:
        flash(_("Chưa giao đoàn nào cho %(name)s. Giao ở trang Các đoàn.", name=card.name), "warn")
    return render_template(
        "accounts/code.html", name=card.name, login=card.login, places=card.places, address=card.address, code=card.picture, until=until
    )  # fmt: skip


def _made(form: NewAccountForm, festival: Festival | None) -> User:
    login = form.login.data or login_of_name(form.name.data or "", set(db.session.scalars(select(User.login))))
    number = phone(form.phone.data or "")
    user = actions.create_user(
        login,
        form.name.data or "",
        "",
        [Role(value) for value in form.roles.data],
        phone=number if isinstance(number, str) else "",
    )
    chosen = set(form.delegations.data or ())
    for each in delegations(festival.id) if festival and chosen else ():
        if each.code in chosen:
            assign_officer(rules_of(each.festival), each, user.id)
    return user


@bp.get("/office/people/lacking")
@requires(Permission.ACCOUNTS)
def people_lacking() -> ResponseReturnValue:
    """Who still lacks what, each with the page where it is mended."""
    festival = current_festival()
    if festival is None:
        return render_template("layouts/no_edition.html", words=_("Ai còn thiếu gì"))
    return render_template("office/people/lacking.html", lacks=lacking(festival))
