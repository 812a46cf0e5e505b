"""The link of a delegation's head: remembered by the phone like a family's; it only shows, and can be forgotten."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.core.web.limiter import limiter
from festival.core.web.previews import asks_for_preview
from festival.registration.blueprint import HEAD_COOKIE, bp
from festival.registration.errors import LinkReplaced
from festival.registration.family.link import remembered
from festival.roster.links import of_delegations, of_families


@bp.get("/d/<code>")
@public
@limiter.limit("60 per minute")
def head_code(code: str) -> ResponseReturnValue:
    """Remember the link in an HttpOnly cookie and go on to a plain address; nothing else happens."""
    code = code.strip().upper()
    delegation = of_delegations.delegation_of_link(code)
    if delegation is None:
        if not of_families.is_whole(code):
            raise NotFound(_("Liên kết chép chưa đủ. Hãy mở lại từ tin nhắn đã nhận, hoặc sao chép cả liên kết."))
        held = request.cookies.get(HEAD_COOKIE, "")
        raise LinkReplaced("" if held and of_delegations.delegation_of_link(held) else HEAD_COOKIE, 404)
    if asks_for_preview():
        return render_template("layouts/link_preview.html", festival=delegation.festival)
    return remembered(HEAD_COOKIE, code, "/head")


@bp.post("/head/forget")
@public
def head_forget() -> ResponseReturnValue:
    """Forget the delegation on this phone; the link opens it again."""
    answer = current_app.make_response(redirect("/"))
    answer.delete_cookie(HEAD_COOKIE)
    flash(_("Máy này không còn nhớ trang của đoàn. Mở lại liên kết để xem tiếp."), "note")
    return answer
