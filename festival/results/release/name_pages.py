"""Names that nobody has proofed are confirmed apart from a step: after the release, when one has changed."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.contests.queries import contest_by_code
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import Conflict
from festival.editions.queries import the_festival
from festival.results.blueprint import bp
from festival.results.ladder import names
from festival.results.ladder.states import reached


@bp.post("/panel/<code>/names")
@requires(Permission.RELEASE)
def confirm_names(code: str) -> ResponseReturnValue:
    """Use them all the same, for a reason that is recorded."""
    with transaction():
        contest = contest_by_code(the_festival(), code)
        if not reached(contest, ContestState.SIGNED):
            raise Conflict(_("Tên được xác nhận sau khi biên bản đã ký."))
        count = names.confirm(contest, request.form.get("names_reason", ""), acting_user())
        released = reached(contest, ContestState.RELEASED)
    flash(_("Đã xác nhận dùng %(n)s tên chưa dò.", n=count), "good")
    return redirect(url_for("ceremony.mc" if released else "results.contest", code=code), 303)
