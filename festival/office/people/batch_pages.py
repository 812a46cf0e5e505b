"""A list that was written: who has come in, its cards once more, and the way back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.accounts import batches
from festival.accounts.words import ROLE_WORDS
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.editions.queries import current_festival
from festival.office.people.blueprint import bp
from festival.office.people.cards import days_typed, sign_in_cards, until_of
from festival.office.people.forms import DAY_CHOICES
from festival.office.people.ground import places_of
from festival.office.people.undoing import undo_list


@bp.get("/office/people/lists/<key>")
@requires(Permission.ACCOUNTS)
def batch_page(key: str) -> ResponseReturnValue:
    """The accounts of one list."""
    users = batches.accounts_of(key)
    return render_template(
        "office/people/batch.html",
        key=key,
        users=users,
        unused=set(batches.unused_of(key)),
        places=places_of([user.id for user in users], current_festival()),
        words=ROLE_WORDS,
        day_choices=DAY_CHOICES,
        days=days_typed(),
    )


@bp.post("/office/people/lists/<key>/cards")
@requires(Permission.ACCOUNTS)
def batch_cards(key: str) -> ResponseReturnValue:
    """New codes on new cards for everybody who has not come in yet; the old cards are good no more."""
    until = until_of(days_typed())
    with transaction():
        festival = current_festival()
        unused = set(batches.unused_of(key))
        waiting = [user for user in batches.accounts_of(key) if user.id in unused and user.active]
        cards = sign_in_cards(waiting, festival, acting_user(), until)
    if not cards:
        flash(_("Mọi người trong danh sách đã đăng nhập, không còn thẻ nào cần in."), "note")
        return redirect(url_for("people.batch_page", key=key))
    return render_template(
        "office/people/cards.html",
        cards=cards,
        changed=0,
        left="",
        left_count=0,
        batch=key,
        festival=festival,
        until=until,
    )


@bp.post("/office/people/lists/<key>/undo")
@requires(Permission.ACCOUNTS)
def batch_undo(key: str) -> ResponseReturnValue:
    """Take the list back: who never came in goes, the rest stays or is switched off."""
    with transaction():
        done = undo_list(key, acting_user(), close_used=request.form.get("close") == "y")
    flash(_("Đã gỡ %(n)s tài khoản chưa ai dùng.", n=done.removed), "good" if done.removed else "note")
    if done.closed:
        flash(_("Đã khóa %(n)s tài khoản đã có người dùng.", n=done.closed), "note")
    if done.staying:
        named = ", ".join(done.staying[:5]) + (", …" if len(done.staying) > 5 else "")
        flash(
            _("%(n)s tài khoản ở lại vì đã dùng hoặc đã có thẻ, có điểm: %(names)s.", n=len(done.staying), names=named),
            "note",
        )
        return redirect(url_for("people.batch_page", key=key))
    return redirect(url_for("people.people_list"))
