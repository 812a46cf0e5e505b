"""The page that says what follows of a step on the timetable, before it is taken."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from festival.schedule.editing.following import PlanFollows

SHOWN = 40
NOT_KEPT = ("csrf_token", "agreed", "back")


def ask(
    follows: PlanFollows, title: str, yes: str, *, cancel: str, danger: bool = False, editable: bool = False
) -> ResponseReturnValue:
    """Asked before it is done: what was typed goes along unseen, with the stamp of what is told here.

    `cancel`: where one goes who does not want it; `editable`: whether the form can be had back with what was typed.
    """
    kept = {name: value for name, value in request.form.items() if name not in NOT_KEPT}
    return render_template(
        "schedule/ask.html",
        title=title,
        follows=follows,
        yes=yes,
        cancel=cancel,
        danger=danger,
        editable=editable,
        kept=kept,
        shown=SHOWN,
    )
