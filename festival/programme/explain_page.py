"""How did a place come about? The chain of a standing for everybody, where the rules of the contest publish its marks.

Nobody is named: entries by the number of their act, judges by the letter of their seat.
"""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contest_of_edition
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.judging.tally import Appearance
from festival.programme.routes import bp
from festival.programme.snapshot import snapshot
from festival.results.amended.corrections import is_amended
from festival.results.current import current_table, tally_for_result
from festival.results.decisions import decisions_of
from festival.results.explain.steps import steps_of
from festival.results.explain.words import explained
from festival.results.published import shows_marks


@bp.get("/contests/<code>/explain")
@public
def explain(code: str) -> ResponseReturnValue:
    """`?entry=`: whose place; without it the list to choose from."""
    view = snapshot().view()
    row = contest_of_edition(view.facts.code, code) if view else None
    if view is None or row is None or not shows_marks(row):
        raise NotFound()
    tallied, decided = tally_for_result(row), decisions_of(row.id)
    table = current_table(tallied, decided)
    asked = request.args.get("entry", "")
    if asked and asked not in table.appearances:
        raise NotFound()
    names = {entry: _called(appearance) for entry, appearance in table.appearances.items()}
    answer = Response(
        render_template(
            "programme/explain.html",
            view=view,
            facts=view.facts,
            contest=row,
            lines=table.standings,
            names=names,
            asked=asked,
            amended=is_amended(tallied),
            parts=explained(steps_of(tallied, table, asked, decided), table, names, asked) if asked else (),
        )
    )
    answer.headers["Cache-Control"] = "public, max-age=60"
    answer.headers["Vary"] = "Accept-Encoding, Cookie"
    return answer


def _called(at: Appearance) -> str:
    return str(_("số %(n)s", n=at.number if at.number is not None else at.code))
