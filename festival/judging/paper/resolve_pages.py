"""The page on which a third person sees the readings of a slip side by side and says which one is right."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, Conflict, Forbidden, NotFound
from festival.judging.paper.people import as_decider
from festival.judging.paper.photos import standing_photo
from festival.judging.paper.resolving import TYPED, SlipQuestion, decide_slip, question_of
from festival.judging.paper.rules import differing
from festival.judging.paper.slip_forms import TypedSlip, read_slip, typed_fields
from festival.judging.paper.slip_pages import SlipView, slip_of_form, slip_view
from festival.judging.routes import bp


def _asked(view: SlipView) -> SlipQuestion:
    """The question of this slip, for who typed none of it."""
    asked = question_of(view.slip)
    if asked is None:
        raise NotFound(_("Phiếu này không chờ ai quyết định."))
    if acting_user() in asked.typists:
        raise Forbidden(_("Người đã gõ phiếu này không tự quyết định. Nhờ trưởng ban giám khảo hoặc một người thứ ba."))
    return asked


def _page(view: SlipView, asked: SlipQuestion, form: TypedSlip, kept: Mapping[str, str]) -> str:
    looked(
        SecurityKind.READ_MARKS, contest=view.tallied.contest.code, slip=f"{view.appearance.code}/{view.seat.letter}"
    )
    readings = [reading_["marks"] for reading_ in asked.options.values()]
    people = [each["by"] for each in asked.options.values() if each["by"] is not None]
    if asked.decision is not None:
        people.append(asked.decision.decided_by)
    return render_template(
        "judging/paper/resolve.html",
        contest=view.tallied.contest,
        criteria=view.tallied.criteria,
        seat=view.seat,
        appearance=view.appearance,
        asked=asked,
        names={row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(people)))},
        differing=differing(readings, [each.code for each in view.tallied.criteria]),
        photo=standing_photo(view.slip.judge_id, view.appearance.id),
        open=view.tallied.contest.state is ContestState.OPEN,
        typed=form.typed,
        errors=form.errors,
        kept=kept,
    )


@bp.get("/panel/<code>/slip/resolve")
@signed_in
def resolve(code: str) -> ResponseReturnValue:
    """First, second and tablet side by side."""
    view = slip_view(as_decider(code), request.args.get("judge", ""), request.args.get("entry", ""))
    return _page(view, _asked(view), TypedSlip({}), {})


@bp.post("/panel/<code>/slip/resolve")
@signed_in
def resolve_post(code: str) -> ResponseReturnValue:
    """What the slip says from now on, with the reason."""
    with reading():
        view = slip_of_form(as_decider(code))
        asked = _asked(view)
    kept, reason = request.form.get("kept", ""), request.form.get("reason", "")
    form = TypedSlip(typed_fields(view.tallied))
    if kept == TYPED:
        form = read_slip(view.tallied, form.typed, reason)
    status = 422
    if not form.errors:
        try:
            with transaction():
                decide_slip(view.slip, kept, form.reading, reason, request.form.get("seen", ""), acting_user())
            flash(
                _(
                    "Đã ghi quyết định cho phiếu %(letter)s, %(name)s.",
                    letter=view.seat.letter,
                    name=view.appearance.name,
                ),
                "good",
            )
            return redirect(url_for("judging.paper", code=code), 303)
        except (BadInput, Conflict) as refused:
            form.errors["page"] = str(refused.message)
            status = refused.status if isinstance(refused, Conflict) else 422
    with reading():
        return _page(view, question_of(view.slip) or asked, form, {"kept": kept, "reason": reason}), status
