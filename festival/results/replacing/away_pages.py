"""A tap of the secretary: a judge came late, is absent or steps aside for an act; and the tap that takes it back."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.errors import Forbidden
from festival.judging.contest_access import contest_for
from festival.judging.panel import away
from festival.results.blueprint import bp


@bp.post("/panel/<code>/away")
@signed_in
def away_post(code: str) -> ResponseReturnValue:
    """Note it, with its reason; `undo` takes back what the secretary noted before."""
    form = request.form
    letter, entry = form.get("judge", ""), form.get("entry", "")
    with transaction():
        seen = contest_for(current_actor(), code)
        if not seen.secretary:
            raise Forbidden(_("Việc này do thư ký của phần thi làm."))
        if form.get("undo"):
            away.undo_away(seen.contest, letter, entry, acting_user())
        else:
            away.note_away(seen.contest, letter, entry, form.get("state", ""), form.get("why", ""), acting_user())
    if form.get("undo"):
        flash(_("Đã bỏ lời ghi. Giám khảo %(letter)s chấm tiết mục này.", letter=letter), "good")
    else:
        flash(_("Đã ghi: giám khảo %(letter)s không chấm tiết mục này.", letter=letter), "good")
    return redirect(url_for("results.contest", code=code, _anchor="matrix"), 303)
