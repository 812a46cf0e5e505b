"""What does the public see of a bracket?

Of a contest that is public at once everything as it is typed; of a sealed one nothing before its result is published, not
even whether it was drawn. Nothing is kept between two readers: a result stands here as soon as it is typed.
"""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from festival.contests.models import ContestState, ResultKind
from festival.contests.queries import contest_by_code
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival
from festival.judging.contest_rules import public_at_once
from festival.judging.matches.match_words import rule_sentences
from festival.judging.matches.reading import bracket_of, rule_of
from festival.judging.matches.shown import show
from festival.programme.routes import bp
from festival.roster.shown.public_names import names_held


@bp.get("/contests/<code>/bracket")
@public
def bracket(code: str) -> ResponseReturnValue:
    """The bracket by rounds."""
    festival = the_festival()
    contest = contest_by_code(festival, code)
    seen = contest.state is ContestState.PUBLISHED or public_at_once(contest)
    if contest.result_kind is not ResultKind.MATCH or not seen or not contest.entries_told:
        raise NotFound()
    drawn = bracket_of(contest)
    held = names_held(festival.id)
    return render_template(
        "programme/bracket.html",
        facts=festival,
        view=None,
        contest=contest,
        shown=show(drawn, lambda team: held.entry(team.id, team.name)) if drawn else None,
        rules=rule_sentences(rule_of(contest)),
    )
