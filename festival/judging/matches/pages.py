"""The page on which the secretary of a match contest types who is first, second, …, and hears it read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.counting.final_order import fault_of, places_of, typed_order
from festival.contests.models import ContestState, ResultKind
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import NotFound
from festival.core.web.i18n import say
from festival.judging.contest_rules import public_at_once
from festival.judging.matches.ordering import OrderRefused, drop_order, note_order, to_be_placed
from festival.judging.routes import as_secretary, bp, still_open
from festival.judging.tally import Tally, read_tally


def _of_match(code: str) -> Tally:
    """The tally of a match contest, for its secretary."""
    access = as_secretary(code)
    if access.contest.result_kind is not ResultKind.MATCH:
        raise NotFound()
    return read_tally(access.contest)


def _standing(tallied: Tally) -> dict[str, str]:
    """The places as they stand, by code of the entry."""
    codes = {each.id: each.code for each in tallied.appearances}
    return {
        codes[entry_id]: str(place)
        for place, group in places_of(tallied.order or ())
        for entry_id in group
        if entry_id in codes
    }


def _page(tallied: Tally, typed: Mapping[str, str], problem: str) -> str:
    return render_template(
        "judging/order.html",
        contest=tallied.contest,
        appearances=[each for each in tallied.appearances if not tallied.out(each.id)],
        out=[each for each in tallied.appearances if tallied.out(each.id)],
        typed=typed,
        version=tallied.order_version,
        stands=tallied.order is not None,
        open=tallied.contest.state is ContestState.OPEN,
        problem=problem,
    )


@bp.get("/panel/<code>/order")
@signed_in
def order(code: str) -> ResponseReturnValue:
    """Places as they stand, to be typed or corrected."""
    tallied = _of_match(code)
    return _page(tallied, _standing(tallied), "")


@bp.post("/panel/<code>/order")
@signed_in
def order_post(code: str) -> ResponseReturnValue:
    """Typed, read back, confirmed; or taken back."""
    with reading():
        access = as_secretary(code)
        still_open(access)
        tallied = _of_match(code)
    names = to_be_placed(tallied)
    typed = {entry: request.form.get(f"place-{entry}", "") for entry in names}
    base, step = typed_number(request.form.get("version", "")) or 0, request.form.get("step")
    back = redirect(url_for("results.contest", code=code), 303)
    if step == "back":
        return _page(tallied, typed, "")
    if step == "drop":
        with transaction():
            drop_order(tallied.contest.id, base, acting_user())
        flash(_("Đã bỏ thứ hạng của phần thi này."), "note")
        return back
    groups = typed_order(typed, names)
    fault = groups if isinstance(groups, Sentence) else fault_of(groups, names, tallied.contest.shared_from)
    if fault is not None or isinstance(groups, Sentence):
        return _page(tallied, typed, say(fault) if fault else ""), 422
    if step != "confirm":
        return _read_back(tallied, groups, typed, base)
    with transaction():
        outcome = note_order(tallied.contest.id, groups, base, acting_user())
    if isinstance(outcome, OrderRefused):
        return _page(tallied, typed, say(outcome.said)), 422
    flash(_("Đã ghi thứ hạng chung cuộc."), "good")
    return back


def _read_back(tallied: Tally, groups: Sequence[Sequence[str]], typed: Mapping[str, str], base: int) -> str:
    """The order as it would be kept, best first, to be read to those who know it."""
    by_code = {each.code: each for each in tallied.appearances}
    return render_template(
        "judging/order_read_back.html",
        contest=tallied.contest,
        lines=[(place, by_code[code]) for place, group in places_of(groups) for code in group],
        typed=typed,
        version=base,
        public=public_at_once(tallied.contest),
    )
