"""The page on which chair and secretary open a locked contest again, both proving who they are."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState
from festival.core.transaction import reading
from festival.core.web.access import current_actor, signed_in
from festival.core.web.errors import Conflict, Forbidden
from festival.judging.contest_access import ContestAccess, contest_for
from festival.results.blueprint import bp
from festival.results.ladder import people, proving
from festival.results.ladder.states import unsignable
from festival.results.words import UNLOCK_WORDS, UNSIGNABLE_WORDS


def _locked(code: str) -> ContestAccess:
    """The contest, for who has business with its lock; an organiser stands in where nobody sits in the panel."""
    access = contest_for(current_actor(), code)
    if not (access.chair or access.secretary or access.organiser):
        raise Forbidden()
    if access.contest.state is not ContestState.LOCKED:
        raise Conflict(_("Chỉ mở lại phần thi đã khóa điểm mà chưa ký biên bản."))
    return access


def _page(contest: Contest, problem: str) -> str:
    return render_template(
        "results/unlock.html",
        contest=contest,
        lacks=[UNSIGNABLE_WORDS[each] for each in unsignable(contest)],
        reasons=list(UNLOCK_WORDS.items()),
        problem=problem,
        typed=request.form,
    )


@bp.get("/panel/<code>/unlock")
@signed_in
def unlock(code: str) -> ResponseReturnValue:
    """What opening again means, and the form."""
    return _page(_locked(code).contest, "")


@bp.post("/panel/<code>/unlock")
@signed_in
def unlock_post(code: str) -> ResponseReturnValue:
    """Chair and secretary open it together: both prove who they are, checked outside of any transaction."""
    form = request.form
    with reading():
        contest_id = _locked(code).contest.id
    outcome = proving.by_both(
        form,
        "unlock",
        lambda chair, secretary: people.unlock(
            contest_id, chair, secretary, form.get("code", ""), form.get("reason", "")
        ),
    )
    if isinstance(outcome, str):
        return _page(_locked(code).contest, outcome), 422
    flash(_("Đã mở lại phần thi. Sửa xong thì khóa điểm lần nữa."), "note")
    return redirect(url_for("results.contest", code=code), 303)
