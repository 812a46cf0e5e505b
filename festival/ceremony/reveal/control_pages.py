"""Who leads the screens: beginning, next, back, a jump, what has changed meanwhile, the end and its way back."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.ceremony.reveal import running
from festival.ceremony.reveal.blueprint import bp, leading
from festival.ceremony.reveal.models import Reveal
from festival.ceremony.reveal.reading import evening, order_of, steps_for
from festival.ceremony.reveal.slides import called, slide_of, told
from festival.ceremony.reveal.steps import WHOLE, digest_of
from festival.core.transaction import transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.forms import form_number
from festival.editions.models import Festival
from festival.editions.queries import the_festival

JSON = "application/json"


@bp.get("/mc/reveal")
@signed_in
def control() -> ResponseReturnValue:
    """The steps, the one that is on and the next; before a run begins the order of the contests."""
    leading()
    festival = the_festival()
    run = running.last_run(festival.id)
    parts = evening(festival)
    steps = steps_for(festival, run is not None and run.practice, parts)
    basis = digest_of(steps)
    on = run is not None and run.ended_at is None
    return render_template(
        "ceremony/reveal/control.html",
        festival=festival,
        run=run,
        on=on,
        at=min(run.step, len(steps) - 1) if run else 0,
        changed=bool(run and on and run.basis != basis),
        basis=basis,
        slides=[told(slide_of(each, festival.name)) for each in steps] if on else [],
        screen=url_for("reveal.screen", code=running.screen_code(run), _external=True) if run and on else "",
        ready=[called(each.code, each.name) for each in parts if each.lists],
        contests=[each for each in parts if each.code != WHOLE],
        order=order_of(festival.id),
    )


@bp.post("/mc/reveal/start")
@signed_in
def start() -> ResponseReturnValue:
    """Begin, or rehearse."""
    leading()
    with transaction():
        running.start(the_festival(), request.form.get("practice") == "y", acting_user())
    return _back()


@bp.post("/mc/reveal/move")
@signed_in
def move() -> ResponseReturnValue:
    """Another step; to a script it answers as JSON."""
    leading()
    to, was = form_number("to"), form_number("was")
    with transaction():
        festival = the_festival()
        state = run_told(festival, running.move(festival, to, was, acting_user()))
    return jsonify(state) if request.accept_mimetypes.best == JSON else _back()


@bp.post("/mc/reveal/confirm")
@signed_in
def confirm() -> ResponseReturnValue:
    """The awards have changed, and who leads has looked."""
    leading()
    seen, was = request.form.get("seen", ""), form_number("was")
    with transaction():
        running.confirm(the_festival(), seen, was, acting_user())
    return _back()


@bp.post("/mc/reveal/end")
@signed_in
def end() -> ResponseReturnValue:
    """It is over; the page offers to take that back."""
    leading()
    was = form_number("was")
    with transaction():
        running.end(the_festival(), was, acting_user())
    flash(_("Đã kết thúc. Bấm nhầm thì bấm «Chạy tiếp buổi vừa kết thúc»."))
    return _back()


@bp.post("/mc/reveal/resume")
@signed_in
def resume() -> ResponseReturnValue:
    """It was not over."""
    leading()
    was = form_number("was")
    with transaction():
        running.resume(the_festival(), was, acting_user())
    return _back()


@bp.post("/mc/reveal/order")
@signed_in
def order() -> ResponseReturnValue:
    """A contest a place up or down (`up`, `down`), or all as in the rules."""
    leading()
    was = form_number("was")
    with transaction():
        festival = the_festival()
        codes = [each.code for each in evening(festival) if each.code != WHOLE]
        if (contest := request.form.get("contest")) is None:
            codes = []
        else:
            codes = running.moved(codes, contest, -1 if request.form.get("way") == "up" else 1)
        running.set_order(festival, codes, was, acting_user())
    return _back()


@bp.get("/mc/reveal/state")
@signed_in
def state() -> ResponseReturnValue:
    """What open pages ask again and again: where the run stands, and whether the awards have changed."""
    leading()
    festival = the_festival()
    answer = jsonify(run_told(festival, running.last_run(festival.id)))
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def run_told(festival: Festival, run: Reveal | None) -> dict[str, Any]:
    """Where it stands, for a script; None: nothing was begun."""
    if run is None:
        basis = digest_of(steps_for(festival, practice=False))
        return {"version": 0, "step": 0, "on": False, "changed": False, "basis": basis}
    basis = digest_of(steps_for(festival, run.practice))
    return {
        "version": run.version,
        "step": run.step,
        "on": run.ended_at is None,
        "changed": basis != run.basis,
        "basis": basis,
    }


def _back() -> ResponseReturnValue:
    return redirect(url_for("reveal.control"), 303)
