"""The secretary's desk of the plates: whose is which, drawn by dice or typed from the slips under them, and put right.

Nobody else has this page: while a contest is judged blind, every other page and tablet says the plate alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.judging.contest_access import marks_shown
from festival.judging.paper.borders import FEWEST_DICE, read_dice
from festival.judging.plates.plate_draw import doubled, drawn_plates, read_plate
from festival.judging.plates.putting import plate_lines, put_plates, seen_of, swap_plates
from festival.judging.routes import as_secretary, bp

NOTHING: Mapping[str, str] = {}


def _contest(code: str) -> Contest:
    contest = as_secretary(code).contest
    if not contest.plates_of:
        raise NotFound()
    return contest


@bp.get("/panel/<code>/plates")
@signed_in
def plates(code: str) -> ResponseReturnValue:
    """Whose plate is which."""
    return _page(_contest(code), NOTHING, NOTHING, "")


@bp.post("/panel/<code>/plates")
@signed_in
def plates_post(code: str) -> ResponseReturnValue:
    """Draw those that are missing (or all, before the first mark), or take what was typed: all of it or nothing."""
    form, drawing = request.form, "dice" in request.form
    with reading():
        contest = _contest(code)
        lines = plate_lines(contest)
    typed = {
        name: form.get(name, "") for name in ("dice", "seen", *(f"p-{each.code}" for each in lines)) if name in form
    }
    errors: dict[str, str] = {}
    wanted: dict[str, int] = {}
    seed = ""
    if drawing:
        dice = read_dice(typed["dice"])
        if dice is None:
            errors["dice"] = _("Gõ ít nhất %(n)s lần gieo, các số từ 1 đến 6.", n=FEWEST_DICE)
        else:
            seed = dice
            keep = {each.plate for each in lines if each.plate is not None} if contest.rules_fixed_at else set()
            open_ = [each.code for each in lines if each.plate is None or not contest.rules_fixed_at]
            wanted = drawn_plates(seed, contest.code, open_, keep)
    else:
        for each in lines:
            number = read_plate(typed.get(f"p-{each.code}", ""))
            if isinstance(number, Sentence):
                errors[f"p-{each.code}"] = say(number)
            elif number is not None:
                wanted[each.code] = number
        errors |= {f"p-{code_}": say(fault) for code_, fault in doubled(wanted).items()}
    if errors:
        return _page(contest, typed, errors, _("Chưa ghi gì. Những gì đã gõ vẫn còn.")), 422
    by_code = {each.code: each.base_id for each in lines}
    try:
        with transaction():
            changed = put_plates(
                contest.id,
                {by_code[each]: plate for each, plate in wanted.items()},
                form.get("seen", ""),
                seed,
                acting_user(),
            )
    except Conflict as refused:
        with reading():
            return _page(_contest(code), typed, NOTHING, str(refused.message)), 409
    flash(
        _("Đã ghi %(n)s mã mâm.", n=changed) if changed else _("Không có ô nào thay đổi."),
        "good" if changed else "note",
    )
    return redirect(url_for("judging.plates", code=code), 303)


@bp.post("/panel/<code>/plates/swap")
@signed_in
def plates_swap(code: str) -> ResponseReturnValue:
    """Two plates were taken for each other."""
    form = request.form
    with reading():
        contest = _contest(code)
    typed = {name: form.get(name, "") for name in ("one", "other", "reason")}
    one, other = (typed_number(typed[name]) or 0 for name in ("one", "other"))
    try:
        with transaction():
            swap_plates(contest.id, one, other, typed["reason"], acting_user())
    except BadInput as refused:
        return _page(contest, typed, {"reason": str(refused.message)}, ""), 422
    flash(_("Đã đổi mâm %(one)s và mâm %(other)s cho nhau, cùng các phiếu.", one=one, other=other), "good")
    return redirect(url_for("judging.plates", code=code), 303)


def _page(contest: Contest, typed: Mapping[str, str], errors: Mapping[str, str], problem: str) -> str:
    marks_shown(contest)
    lines = plate_lines(contest)
    numbers = sorted(each.plate for each in lines if each.plate is not None)
    return render_template(
        "judging/plates.html",
        contest=contest,
        lines=lines,
        seen=seen_of(lines),
        without=sum(each.plate is None for each in lines),
        choices=[(str(each), _("Mâm %(number)s", number=each)) for each in numbers],
        open=contest.state is ContestState.OPEN,
        marked=contest.rules_fixed_at is not None,
        fewest=FEWEST_DICE,
        typed=typed,
        errors=errors,
        problem=problem,
    )
