"""The doors of a third marking and of a draw, on the page of the contest."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.core.web.access import signed_in
from festival.core.web.errors import Conflict
from festival.judging.contest_access import marks_shown
from festival.results.agenda import agenda_of
from festival.results.blueprint import bp
from festival.results.current import tally_for_result
from festival.results.decision_form import typed_record
from festival.results.decisions import decisions_of
from festival.results.lots.slips import plan_of, slips_of
from festival.results.panel.decision_pages import panel_decision
from festival.results.seats import seated
from festival.results.ties import AskedOf


@bp.post("/panel/<code>/draw")
@signed_in
def draw(code: str) -> ResponseReturnValue:
    """Dice or lots for entries that are still equal."""
    return panel_decision(code, typed_record)


@bp.post("/panel/<code>/mark-again")
@signed_in
def mark_again(code: str) -> ResponseReturnValue:
    """What the judges, or a third one, marked once more."""
    return panel_decision(code, typed_record)


@bp.get("/panel/<code>/mark-again")
@signed_in
def mark_again_slips(code: str) -> ResponseReturnValue:
    """Empty slips for who stands equal at a third marking, to print: signed, they are what the totals are typed from."""
    row = seated(code).contest
    tallied = tally_for_result(row)
    come = agenda_of(tallied, decisions_of(row.id)).rungs if row.state is ContestState.LOCKED else ()
    groups = [each.entries for each in come if each.asks is AskedOf.MARKING]
    if not groups:
        raise Conflict(_("Không có tên nào đang chờ chấm lại nên không có phiếu để in."))
    marks_shown(row)  # who is equal says something of the marks
    plan = plan_of(tallied)
    return render_template("results/slips_again.html", contest=row, plan=plan, slips=slips_of(plan, tallied, groups))
