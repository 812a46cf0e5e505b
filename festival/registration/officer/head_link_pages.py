"""The link of a delegation's head: the officer of the delegation and the organiser give it out, print it, replace it.

Who leads the delegation, and by which number, is written here too: a head who has lost the link is known by that number.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core import ledger, qr
from festival.core.looks import looked
from festival.core.names import nfc
from festival.core.phones import phone
from festival.core.security_log import SecurityKind
from festival.core.sentence import Sentence
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.i18n import say
from festival.registration.blueprint import bp
from festival.roster import delegations
from festival.roster.links import of_delegations
from festival.roster.models import Delegation
from festival.roster.steps import stream

LONGEST_NAME = 80


def _own(code: str) -> Delegation:
    return delegations.delegation_of(current_actor(), code)


def _any(code: str) -> Delegation:
    return delegations.delegation_by_code(code)


def _page(delegation: Delegation, back: tuple[str, str], here: str, errors: dict[str, str] | None = None) -> str:
    path = url_for("registration.head_code", code=of_delegations.delegation_link(delegation))
    address = f"{current_app.config['FESTIVAL'].public_url}{path}"
    looked(SecurityKind.EXPORT, what="head_link", delegation=delegation.code)
    typed = request.form if errors else {"name": delegation.head_name, "phone": delegation.head_phone}
    return render_template(
        "registration/officer/head_link.html",
        delegation=delegation,
        back=back,
        here=here,
        address=address,
        picture=qr.svg(address, level="M", label=_("Mã QR của trang %(name)s", name=delegation.name)),
        text=_(
            "Trang của %(name)s dành cho trưởng đoàn: %(address)s (chỉ xem; xin giữ trong đoàn).",
            name=delegation.name,
            address=address,
        ),
        typed=typed,
        errors=errors or {},
    )


def _save(find: Callable[[], Delegation]) -> tuple[Delegation, dict[str, str]]:
    """Write who leads the delegation; what is wrong with what was typed, by field."""
    name = nfc(cut(" ".join(request.form.get("name", "").split()), LONGEST_NAME))
    typed = request.form.get("phone", "").strip()
    number = phone(typed) if typed else ""
    with transaction():
        delegation = find()
        if isinstance(number, Sentence):
            return delegation, {"phone": say(number)}
        if (delegation.head_name, delegation.head_phone) != (name, number):
            delegation.head_name, delegation.head_phone = name, number
            payload = {"delegation": delegation.name, "head": name, "by": acting_user()}
            ledger.append(stream(delegation.festival), "delegation.head", {"delegation": delegation.code}, payload)
    return delegation, {}


def _replace(find: Callable[[], Delegation]) -> None:
    seen = request.form.get("issue", "")
    with transaction():
        delegation = find()
        number = int(seen) if seen.isdecimal() and len(seen) < 9 else None
        of_delegations.replace_delegation_link(delegation.festival, delegation, acting_user(), seen=number)
    flash(_("Đã đổi liên kết của trưởng đoàn. Liên kết cũ không còn mở được, hãy gửi liên kết mới."), "good")


def _back_own(delegation: Delegation) -> tuple[str, str]:
    return delegation.name, url_for("registration.delegation", code=delegation.code)


def _back_office(_delegation: Delegation) -> tuple[str, str]:
    return _("Các đoàn"), url_for("registration.delegation_list")


@bp.get("/delegation/<code>/head-link")
@requires(Permission.DELEGATION)
def own_head_link(code: str) -> ResponseReturnValue:
    """The link with its QR, to copy, to print."""
    delegation = _own(code)
    return _page(delegation, _back_own(delegation), url_for("registration.own_head_link", code=code))


@bp.post("/delegation/<code>/head-link")
@requires(Permission.DELEGATION)
def own_head_save(code: str) -> ResponseReturnValue:
    """Who leads the delegation, and by which number."""
    here = url_for("registration.own_head_link", code=code)
    delegation, errors = _save(partial(_own, code))
    if errors:
        return _page(delegation, _back_own(delegation), here, errors), 422
    flash(_("Đã lưu trưởng đoàn."), "good")
    return redirect(here)


@bp.post("/delegation/<code>/head-link/replace")
@requires(Permission.DELEGATION)
def own_head_replace(code: str) -> ResponseReturnValue:
    """The old link leads nowhere from now on."""
    _replace(partial(_own, code))
    return redirect(url_for("registration.own_head_link", code=code))


@bp.get("/office/delegations/<code>/head-link")
@requires(Permission.REVIEW)
def head_link_page(code: str) -> ResponseReturnValue:
    """The same for the organiser."""
    delegation = _any(code)
    return _page(delegation, _back_office(delegation), url_for("registration.head_link_page", code=code))


@bp.post("/office/delegations/<code>/head-link")
@requires(Permission.REVIEW)
def head_save(code: str) -> ResponseReturnValue:
    """The same for the organiser."""
    here = url_for("registration.head_link_page", code=code)
    delegation, errors = _save(partial(_any, code))
    if errors:
        return _page(delegation, _back_office(delegation), here, errors), 422
    flash(_("Đã lưu trưởng đoàn."), "good")
    return redirect(here)


@bp.post("/office/delegations/<code>/head-link/replace")
@requires(Permission.REVIEW)
def head_replace(code: str) -> ResponseReturnValue:
    """The same for the organiser."""
    _replace(partial(_any, code))
    return redirect(url_for("registration.head_link_page", code=code))
