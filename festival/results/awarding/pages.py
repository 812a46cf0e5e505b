"""The page of a contest's prizes: each with its reasons, who just missed, what follows when one bound moves, what the panel decides."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from festival.contests.models import ContestState
from festival.core.transaction import reading
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.editions.rules.prizes import prizes_kept
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.results import decide as results_decide
from festival.results.agenda import agenda_of
from festival.results.awarding.drawing import parts_of_page, typed_prizes
from festival.results.awarding.proposed import proposed_specials, special_rules
from festival.results.awarding.showing import ProposedPrizes
from festival.results.blueprint import bp
from festival.results.current import current_table, tally_for_result, written_value
from festival.results.decision_form import decision, typed_names, typed_reason
from festival.results.decisions import decisions_of
from festival.results.panel.decision_pages import read_back
from festival.results.seats import seated


@bp.get("/panel/<code>/awards")
@signed_in
def awards(code: str) -> ResponseReturnValue:
    """The proposal: what each place brings, and why. From the lock on, for chair and secretary; the organiser reads it."""
    access = contest_for(current_actor(), code)
    if access.contest.state is ContestState.OPEN or not access.organiser:
        access = seated(code)
    if access.contest.state is ContestState.OPEN:
        return render_template("results/awarding/not_yet.html", contest=access.contest)
    return awards_page(access, {}, {})


@bp.post("/panel/<code>/awards")
@signed_in
def decide_awards(code: str) -> ResponseReturnValue:
    """Other prizes for a place, a prize left empty, or one of these taken back: typed, read back, stored."""
    with reading():
        contest_id = seated(code).contest.id

    def store(seen: int) -> None:
        results_decide.decide(contest_id, typed_prizes(), typed_reason(), typed_names(), acting_user(), seen=seen)

    return decision(
        store,
        lambda: read_back(seated(code).contest, typed_prizes(), url_for("results.awards", code=code)),
        lambda problem, form: awards_page(seated(code), problem, form),
        url_for("results.awards", code=code),
    )


def awards_page(access: ContestAccess, problem: Mapping[str, str], form: Mapping[str, str]) -> str:
    """`form`: what a form of this page held, to be shown again beside its problem."""
    row = access.contest
    tallied, decided = tally_for_result(row), decisions_of(row.id)
    table = current_table(tallied, decided)
    marks_shown(row)
    agenda = agenda_of(tallied, decided) if row.state is ContestState.LOCKED else None
    own = [each for each in special_rules(row.festival) if each.contest == row.code]
    proposed = ProposedPrizes(table.standings, table.prizes, prizes_kept(row.prizes), decided.prizes, decided.vacant)
    return render_template(
        "results/awarding/awards.html",
        contest=row,
        named=table.appearances,
        values={each.entry: written_value(row, each.value) for each in table.standings},
        short_of=lambda short: written_value(row, short),
        specials=proposed_specials(row.festival, own, [(tallied, table)]) if own else [],
        may_decide=row.state is ContestState.LOCKED and (access.chair or access.secretary),
        **parts_of_page(
            proposed, decided, agenda, {code: each.name for code, each in table.appearances.items()}, form, problem
        ),
    )
