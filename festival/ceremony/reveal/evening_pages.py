"""What does the MC read tonight? The names of the award that is on, largest; the next one; every contest, released or named alone."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from festival.ceremony.reveal.blueprint import bp, leading
from festival.ceremony.reveal.reading import details_of, evening, steps_for
from festival.ceremony.reveal.running import last_run
from festival.ceremony.reveal.script import last_print, script_of
from festival.ceremony.reveal.slides import called, worded
from festival.ceremony.reveal.steps import digest_of
from festival.core.numbers import typed_number
from festival.core.web.access import signed_in
from festival.editions.queries import the_festival


@bp.get("/mc")
@signed_in
def tonight() -> ResponseReturnValue:
    """It follows the screens while a run goes on; by hand (`?step=`) it stays where it was turned to."""
    leading()
    festival = the_festival()
    run = last_run(festival.id)
    follows = run is not None and run.ended_at is None
    parts = evening(festival)
    steps = steps_for(festival, run is not None and follows and run.practice, parts)
    asked = typed_number(request.args.get("step", ""))
    at = asked if asked is not None else run.step if run and follows else 0
    at = min(max(at, 0), len(steps) - 1)
    printed, script = last_print(festival.id), script_of(festival, parts)
    return render_template(
        "ceremony/reveal/tonight.html",
        festival=festival,
        run=run if follows else None,
        by_hand=asked is not None,
        step=steps[at],
        at=at,
        slide=worded(steps[at], festival.name),
        details=details_of(festival.id, parts, steps[at]),
        following=worded(steps[at + 1], festival.name) if at + 1 < len(steps) else None,
        steps=len(steps),
        basis=digest_of(steps),
        parts=parts,
        called=called,
        printed=printed,
        overtaken=printed is not None and printed.digest != script.digest,
        empty_script=script.empty,
    )
