"""The page that tells of one standing how it came about, from each judge's sheet to the place, to read or to print."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState, ResultKind
from festival.core.web.access import current_actor, signed_in
from festival.core.web.errors import Forbidden, NotFound
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.judging.tally import Appearance
from festival.results.amended.corrections import is_amended
from festival.results.blueprint import bp
from festival.results.current import current_table, tally_for_result, written_value
from festival.results.decisions import decisions_of
from festival.results.explain.steps import steps_of
from festival.results.explain.words import explained
from festival.results.ladder.states import reached


def may_explain(access: ContestAccess) -> bool:
    """Whose eyes the marks are for; the organiser's from the signature on, when a family may ask."""
    return access.sees_marks or (access.organiser and reached(access.contest, ContestState.SIGNED))


@bp.app_context_processor
def _shown() -> dict[str, object]:
    return {"may_explain": may_explain}


@bp.get("/panel/<code>/explain")
@signed_in
def explain(code: str) -> ResponseReturnValue:
    """`?entry=`: whose standing; without it the list to choose from."""
    access = contest_for(current_actor(), code)
    if not may_explain(access):
        raise Forbidden(
            _("Điểm của từng giám khảo chỉ thư ký, trưởng ban sau khi khóa, và Ban Tổ chức sau khi ký xem được.")
        )
    row = access.contest
    tallied, decided = tally_for_result(row), decisions_of(row.id)
    table = current_table(tallied, decided)
    marks_shown(row)
    asked = request.args.get("entry", "")
    if asked and asked not in table.appearances:
        raise NotFound()
    names = {entry: _called(appearance) for entry, appearance in table.appearances.items()}
    line = next((each for each in table.standings if each.entry == asked), None)
    return render_template(
        "results/explain.html",
        contest=row,
        rubric=row.result_kind is ResultKind.RUBRIC,
        table=table,
        names=names,
        line=line,
        written=written_value(row, line.value) if line and not table.by_order else "",
        appearance=table.appearances.get(asked),
        parts=explained(steps_of(tallied, table, asked, decided), table, names, asked) if asked else (),
        amended=is_amended(tallied),
        provisional=row.state is ContestState.OPEN,
    )


def _called(at: Appearance) -> str:
    return str(_("số %(number)s (%(name)s)", number=at.number, name=at.name)) if at.number is not None else at.name
