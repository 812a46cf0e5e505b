"""What does a screen of the hall show? The step that is on and nothing of those that come; whoever was given the address may open it."""

from __future__ import annotations

from dataclasses import asdict
from hmac import compare_digest
from typing import Any

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from festival.ceremony.reveal.blueprint import bp
from festival.ceremony.reveal.reading import step_on
from festival.ceremony.reveal.running import last_run, screen_code
from festival.ceremony.reveal.slides import slide_on
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival


def _state(code: str) -> dict[str, Any]:
    festival = the_festival()
    run = last_run(festival.id)
    if run is None or not compare_digest(screen_code(run).encode(), code.upper().encode()):
        raise NotFound()
    slide = slide_on(run, step_on(festival, run), festival.name)
    return {"version": run.version, "practice": run.practice, "slide": asdict(slide)}


@bp.get("/hall/reveal/<code>")
@public
def screen(code: str) -> ResponseReturnValue:
    """The screen as it is now; a script keeps it fresh, without one a link loads it again."""
    answer = Response(render_template("ceremony/reveal/screen.html", code=code, **_state(code)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/hall/reveal/<code>/state")
@public
def screen_state(code: str) -> ResponseReturnValue:
    """The same as JSON: {"version", "practice", "slide": {"kind", "over", "title", "names": [[name, unit]], "part"}}."""
    answer = jsonify(_state(code))
    answer.add_etag(weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)
