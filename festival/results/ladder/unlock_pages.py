"""The page on which chair and secretary open a locked contest again, both proving who they are."""

from __future__ import annotations

from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState
from festival.core.transaction import reading, transaction
from festival.core.web.access import current_actor, signed_in
from festival.core.web.errors import BadInput, Conflict, Forbidden
from festival.judging.contest_access import ContestAccess, contest_for
from festival.results.blueprint import bp
from festival.results.ladder import people, proving
from festival.results.ladder.states import unsignable
from festival.results.ladder.unlock import Unlocked, WrongPair
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
    two = proving.chair_and_secretary(form, "unlock")
    said = ""
    if isinstance(two, str):
        said = two
    else:
        try:
            with transaction():
                outcome = people.unlock(contest_id, *two, form.get("code", ""), form.get("reason", ""))
            match outcome:
                case Unlocked():
                    flash(_("Đã mở lại phần thi. Sửa xong thì khóa điểm lần nữa."), "note")
                    return redirect(url_for("results.contest", code=code), 303)
                case WrongPair(why):
                    said = why
                case _:
                    assert_never(outcome)
        except BadInput as refused:
            said = str(refused.message)
    return _page(_locked(code).contest, said), 422
