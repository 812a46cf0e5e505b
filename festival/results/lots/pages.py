"""The doors of a third marking and of a draw, on the page of the contest."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from festival.core.web.access import signed_in
from festival.results.blueprint import bp
from festival.results.decision_form import typed_record
from festival.results.panel.decision_pages import panel_decision


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
