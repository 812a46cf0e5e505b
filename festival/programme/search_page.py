"""When and where is somebody on? Looked for by words of the name, the act, the unit or the contest, in any order, marks or none."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from festival.core.names import fold
from festival.core.web.access import public
from festival.core.web.searching import asked_search, posted_search
from festival.programme.live import Line
from festival.programme.routes import bp
from festival.programme.snapshot import snapshot
from festival.programme.words import weekday

MOST = 60


@bp.get("/programme/search")
@public
def search() -> ResponseReturnValue:
    """The box, and whom it found in the published programme."""
    view, asked = snapshot().view(), asked_search()
    lines = [line for day in view.days for line in day.lines] if view else []
    found = list(found_lines(lines, asked))
    answer = Response(
        render_template(
            "programme/search.html",
            view=view,
            facts=view.facts if view else None,
            asked=asked,
            found=found[:MOST],
            many=len(found),
            most=MOST,
            weekday=weekday,
        )
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/programme/search")
@public
def search_post() -> ResponseReturnValue:
    """What was typed goes on in a sealed address: a name is nobody's business who reads a log."""
    return redirect(url_for("programme.search", _anchor="found", s=posted_search()), 303)


def found_lines(lines: Iterable[Line], asked: str) -> Iterable[Line]:
    """The acts of which all words are said, in their order. Pure."""
    words = fold(asked).split()
    if not words:
        return
    for line in lines:
        said = fold(f"{line.name} {line.title} {line.unit} {line.contest_name}")
        if all(word in said for word in words):
            yield line
