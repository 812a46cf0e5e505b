"""The page on which a secretary takes a named deduction off an entry, and takes it back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import written
from festival.contests.models import Contest, ContestState
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, NotFound
from festival.judging.contest_access import marks_shown
from festival.judging.deductions.giving import give, given, stated, take_back
from festival.judging.given_deductions import lines_of
from festival.judging.routes import as_secretary, bp, still_open
from festival.judging.tally import Appearance, appearances_of

NONE_TYPED: Mapping[str, str] = {}


def _contest(code: str) -> Contest:
    """A contest whose rules name deductions, for its secretary."""
    contest = as_secretary(code).contest
    if not contest.deductions:
        raise NotFound()
    return contest


@bp.get("/panel/<code>/deductions")
@signed_in
def deductions(code: str) -> ResponseReturnValue:
    """What was taken off, and the form for the next."""
    return _page(_contest(code), NONE_TYPED, NONE_TYPED)


def _page(contest: Contest, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    marks_shown(contest)
    appearances = appearances_of([contest.id]).get(contest.id, ())
    return render_template(
        "judging/deductions.html",
        contest=contest,
        open=contest.state is ContestState.OPEN,
        lines=lines_of(contest),
        deduction_choices=[
            (each["code"], f"{each['name']} (−{written(each['points'])})") for each in contest.deductions or ()
        ],
        names={each.code: each.name for each in appearances},
        typed=typed,
        errors=errors,
    )


def _meant(contest: Contest, text: str) -> Appearance | None:
    """The entry of a number or a code."""
    wanted, number = text.strip(), typed_number(text.strip())
    every = appearances_of([contest.id]).get(contest.id, ())
    return next((each for each in every if each.code == wanted or (number is not None and each.number == number)), None)


@bp.post("/panel/<code>/deductions")
@signed_in
def deductions_post(code: str) -> ResponseReturnValue:
    """First the entry is read back by name with what would be taken off, then it is written."""
    form = request.form
    with reading():
        access = as_secretary(code)
        contest = _contest(code)
        still_open(access)
        typed = {key: form.get(key, "") for key in ("entry", "code", "reason")}
        errors: dict[str, str] = {}
        appearance = _meant(contest, typed["entry"])
        rule = next((each for each in contest.deductions or () if each["code"] == typed["code"]), None)
        if appearance is None:
            errors["entry"] = _("Không có tiết mục nào mang số hoặc mã này trong phần thi.")
        if rule is None:
            errors["code"] = _("Chọn một khoản trừ.")
        try:
            stated(typed["reason"])
        except BadInput as error:
            errors["reason"] = str(error.message)
        if appearance is None or rule is None or errors or form.get("step") == "back":
            return _page(contest, typed, errors), 422 if errors else 200
        if form.get("step") != "confirm":
            return render_template(
                "judging/deduction_read_back.html",
                contest=contest, appearance=appearance, rule=rule, typed=typed | {"entry": appearance.code},
                seen=given(appearance.id),
            )  # fmt: skip
    with transaction():
        give(
            contest.id,
            appearance.id,
            rule["code"],
            typed["reason"],
            typed_number(form.get("seen", "")) or 0,
            acting_user(),
        )
    flash(_("Đã ghi khoản trừ của %(name)s.", name=appearance.name), "good")
    return redirect(url_for("judging.deductions", code=code), 303)


@bp.post("/panel/<code>/deductions/back")
@signed_in
def deduction_back(code: str) -> ResponseReturnValue:
    """A deduction is taken back, with a reason."""
    with reading():
        access = as_secretary(code)
        contest = _contest(code)
        still_open(access)
        appearance = _meant(contest, request.form.get("entry", ""))
        number = typed_number(request.form.get("number", "")) or 0
        if appearance is None:
            raise NotFound()
        reason = request.form.get("reason", "")
        try:
            stated(reason)
        except BadInput as error:
            key = f"back-{appearance.code}-{number}"
            return _page(contest, {key: reason}, {key: str(error.message)}), 422
    with transaction():
        take_back(contest.id, appearance.id, number, reason, acting_user())
    flash(_("Đã bỏ khoản trừ của %(name)s.", name=appearance.name), "note")
    return redirect(url_for("judging.deductions", code=code), 303)
