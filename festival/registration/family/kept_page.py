"""The edition's data is erased, and the family's old link still leads to what it agreed to have kept: read, and taken back.

The link only shows; taking back asks for the last four digits of the phone, counted as everywhere.
"""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.core.web.limiter import limiter
from festival.registration.blueprint import bp
from festival.registration.copying.from_last import not_kept
from festival.registration.guarding import tails
from festival.registration.guarding.tails import Guess
from festival.registration.kept import keeping
from festival.registration.kept.models import KeptFamily
from festival.registration.typed.forms import TailForm
from festival.roster.families import family_by_id
from festival.roster.household import from_json


def _behind(code: str) -> KeptFamily:
    found = keeping.kept_of_link(code.strip().upper())
    if found is None:
        raise NotFound(_("Không còn giữ gì của gia đình."))
    return found


@bp.get("/kept/<code>")
@public
@limiter.limit("60 per minute")
def kept_page(code: str) -> ResponseReturnValue:
    """What is kept and until when."""
    return _page(code, TailForm(formdata=None))


def _page(code: str, tail: TailForm) -> str:
    kept = _behind(code)
    return render_template(
        "registration/family/kept.html",
        code=code,
        household=from_json(kept.household or {}),
        until=kept.kept_until,
        festival=family_by_id(kept.family_id).delegation.festival,
        tail=tail,
    )


@bp.post("/kept/<code>")
@public
@limiter.limit("60 per hour")
def kept_no_more(code: str) -> ResponseReturnValue:
    """Take it back: what was kept is erased."""
    tail = TailForm()
    right = tail.validate()
    if right:
        with transaction():
            kept = _behind(code)
            family, phone = family_by_id(kept.family_id), from_json(kept.household or {}).phone
            outcome = tails.guess(family, tail.fits(phone)) if tail.four else Guess.WRONG
        right = outcome is Guess.RIGHT
        if outcome is Guess.CLOSED:
            tail.tail.errors = [_("4 số cuối đã nhập sai quá nhiều lần. Gọi Ban Tổ chức để xóa.")]
        elif not right:
            tail.tail.errors = [tails.WRONG_TAIL]
    if not right:
        return _page(code, tail), 422
    with transaction():
        not_kept(family_by_id(_behind(code).family_id), "link")
    flash(_("Đã xóa phần giữ lại của gia đình. Hồ sơ nháp đã chép sẵn mà chưa ai xác nhận cũng bỏ."), "good")
    return redirect("/", 303)
