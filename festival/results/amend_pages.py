"""The pages on which chair and secretary correct names on signed minutes, both proving who they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading
from festival.core.web.access import signed_in
from festival.core.web.errors import BadInput, Conflict
from festival.judging.contest_access import marks_shown
from festival.papers.ahead import with_papers
from festival.papers.keeping import PaperSubject
from festival.results.amending import Amended, NewNames, amend, amend_whole, names_on_awards
from festival.results.blueprint import bp
from festival.results.delegations.access import whole_of_actor
from festival.results.ladder import proving
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.states import reached
from festival.results.petitions.grounds import StatedGround, offered_grounds, read_ground
from festival.results.seats import seated


def _page(subject: PaperSubject, title: str, back: str, problem: str) -> str:
    looked(SecurityKind.EXPORT, what="paper")
    return render_template(
        "results/amend.html",
        names=names_on_awards(subject),
        title=title,
        back=back,
        whole=subject.contest_id is None,
        problem=problem,
        typed=request.form,
        grounds=offered_grounds(subject),
    )


def _page_of_contest(code: str, problem: str) -> str:
    row = seated(code).contest
    if not reached(row, ContestState.SIGNED):
        raise Conflict(_("Biên bản chưa ký: sửa tên rồi in lại, không cần đính chính."))
    marks_shown(row)
    back = url_for("results.contest", code=row.code)
    return _page(PaperSubject(row.festival_id, row.id), row.name, back, problem)


def _page_of_whole(problem: str) -> str:
    festival, table = whole_of_actor()
    if table is None or table.minutes is None:
        raise Conflict(_("Biên bản chưa ký: sửa tên rồi in lại, không cần đính chính."))
    for contest in table.contests:
        marks_shown(contest)
    return _page(PaperSubject(festival.id), _("Toàn đoàn"), url_for("results.whole"), problem)


@bp.get("/panel/<code>/amend")
@signed_in
def amend_form(code: str) -> ResponseReturnValue:
    """The winners' names as signed, to be corrected."""
    return _page_of_contest(code, "")


@bp.post("/panel/<code>/amend")
@signed_in
def amend_post(code: str) -> ResponseReturnValue:
    """Both people prove who they are, outside of any transaction."""
    with reading():
        contest_id = seated(code).contest.id
    return _amended(
        lambda names, chair, secretary: amend(
            contest_id, names, *_number_and_reason(), chair, secretary, ground=_ground()
        ),
        lambda problem: _page_of_contest(code, problem),
        url_for("results.contest", code=code),
    )


@bp.get("/whole-delegation/amend")
@signed_in
def whole_amend_form() -> ResponseReturnValue:
    """The delegations' names as signed, to be corrected."""
    return _page_of_whole("")


@bp.post("/whole-delegation/amend")
@signed_in
def whole_amend_post() -> ResponseReturnValue:
    """The same of the whole delegation."""
    with reading():
        festival_id = whole_of_actor()[0].id
    return _amended(
        lambda names, chair, secretary: amend_whole(
            festival_id, names, *_number_and_reason(), chair, secretary, ground=_ground()
        ),
        _page_of_whole,
        url_for("results.whole"),
    )


def _number_and_reason() -> tuple[str, str]:
    return request.form.get("number", ""), request.form.get("reason", "")


def _ground() -> StatedGround:
    return read_ground(request.form.get("ground", "other"))


def _amended(
    store: Callable[[Mapping[str, NewNames], int, int], Amended | WrongPeople], page: Callable[[str], str], back: str
) -> ResponseReturnValue:
    form = request.form
    two = proving.chair_and_secretary(form, "amend")
    if isinstance(two, str):
        return page(two), 422
    codes = {name.partition("-")[2] for name in form if name.startswith(("name-", "unit-"))}
    names = {code: NewNames(form.get(f"name-{code}"), form.get(f"unit-{code}")) for code in codes}
    try:
        outcome = with_papers(lambda: store(names, *two))
    except BadInput as refused:
        return page(str(refused.message)), 422
    if isinstance(outcome, WrongPeople):
        return page(outcome.said), 422
    flash(_("Đã đính chính. In biên bản đính chính, hai người ký rồi lưu cùng biên bản cũ."), "good")
    return redirect(f"{back}#papers", 303)
