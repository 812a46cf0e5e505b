"""The page on which chair and secretary take a result back, both proving who they are."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import reading
from festival.core.web.access import current_actor, signed_in
from festival.core.web.errors import Conflict, Forbidden
from festival.judging.contest_access import ContestAccess, contest_for
from festival.results.blueprint import bp
from festival.results.ladder import people, proving
from festival.results.ladder.standing_on import standing_on
from festival.results.ladder.taking_back import not_to_take_back
from festival.results.models import TakeBackReason
from festival.results.words import TAKE_BACK_WORDS


def _out(code: str) -> ContestAccess:
    """The contest, for who has business with its result; an organiser stands in where nobody sits in the panel."""
    access = contest_for(current_actor(), code)
    if not (access.chair or access.secretary or access.organiser):
        raise Forbidden()
    if said := not_to_take_back(access.contest, TakeBackReason.WRONG):
        raise Conflict(said)
    return access


def _page(code: str, problem: str) -> str:
    contest = _out(code).contest
    offered = [why for why in TakeBackReason if not not_to_take_back(contest, why)]
    return render_template(
        "results/take_back.html",
        contest=contest,
        reasons=[(why.value, TAKE_BACK_WORDS[why]) for why in offered],
        along=[each.name for each in standing_on(contest)],
        problem=problem,
        typed=request.form,
    )


@bp.get("/panel/<code>/take-back")
@signed_in
def take_back(code: str) -> ResponseReturnValue:
    """What taking back means, and the form."""
    return _page(code, "")


@bp.post("/panel/<code>/take-back")
@signed_in
def take_back_post(code: str) -> ResponseReturnValue:
    """Chair and secretary together, each checked outside of any transaction."""
    form = request.form
    with reading():
        contest_id = _out(code).contest.id
    outcome = proving.by_both(
        form,
        "take_back",
        lambda chair, secretary: people.take_back(
            contest_id, chair, secretary, form.get("code", ""), form.get("reason", "")
        ),
    )
    if isinstance(outcome, str):
        return _page(code, outcome), 422
    flash(_("Đã thu lại kết quả: trang công khai không còn gì của kết quả này."), "good")
    if outcome.along:
        flash(_("Cùng thu lại: %(names)s.", names=", ".join(outcome.along)), "note")
    return redirect(url_for("results.contest", code=code), 303)
