"""The page of the prizes of the delegations: each with its reasons, what one bound moves, what is decided. `/whole-delegation/awards`

For who sees the whole delegation, when every contest that brings points is locked.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from festival.core.web.access import signed_in
from festival.core.web.errors import NotFound
from festival.core.web.i18n import points
from festival.editions.rules.whole import WholeOrder
from festival.judging.contest_access import marks_shown
from festival.results.awarding.drawing import parts_of_page, typed_prizes
from festival.results.awarding.showing import ProposedPrizes
from festival.results.blueprint import bp
from festival.results.delegations.access import whole_of_actor
from festival.results.delegations.deciding import refuse_undecidable
from festival.results.delegations.facts import whole_rule
from festival.results.delegations.pages import whole_decision


@bp.get("/whole-delegation/awards")
@signed_in
def whole_awards() -> ResponseReturnValue:
    """The proposal: what each place of the delegations brings, and why."""
    return _page({}, {})


@bp.post("/whole-delegation/awards")
@signed_in
def decide_whole_awards() -> ResponseReturnValue:
    """Other prizes for a place, a prize left empty, or one of these taken back: typed, read back, stored."""
    return whole_decision(typed_prizes, _page, url_for("results.whole_awards"))


def _page(problem: Mapping[str, str], form: Mapping[str, str]) -> str:
    festival, table = whole_of_actor()
    rule = whole_rule(festival)
    if table is None or rule is None:
        raise NotFound()
    if table.provisional:
        refuse_undecidable(table)
    for contest in table.contests:
        marks_shown(contest)
    decided, may_decide = table.agenda.decided, table.minutes is None
    proposed = ProposedPrizes(table.places, table.prizes, rule.prizes, decided.prizes, decided.vacant)
    given = {each.entry: each.prize for each in table.prizes.awards}
    return render_template(
        "results/awarding/whole_awards.html",
        named={line.code: line for line in table.lines},
        values={}
        if rule.sum is WholeOrder.MEDALS
        else {each.entry: points(each.value or 0, 0) for each in table.places},
        short_of=lambda short: "" if rule.sum is WholeOrder.MEDALS else points(short, 0),
        other_in_force=not may_decide and any((line.prize or None) != given.get(line.code) for line in table.lines),
        may_decide=may_decide,
        **parts_of_page(proposed, decided, table.agenda if may_decide else None, table.names, form, problem),
    )
