"""The minutes of a contest and of the whole delegation, to print and sign, and what the MC reads aloud."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import written
from festival.contests.models import ContestState, ResultKind
from festival.contests.panel import NotValid
from festival.contests.queries import contest_by_code
from festival.core import ledger, qr
from festival.core.clock import local, now
from festival.core.web.access import current_actor, signed_in
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival
from festival.judging.contest_access import contest_for, marks_shown
from festival.judging.contest_rules import judging_stream
from festival.judging.tally import Tally
from festival.judging.words import MEASURE_WORDS
from festival.results.awards import awards_of, order_of_appearance, released_awards
from festival.results.current import current_table, standings_hash, tally_for_result, written_value
from festival.results.decisions import decisions_of
from festival.results.delegations.access import whole_of_actor
from festival.results.ladder.states import signers_of, steps_of
from festival.results.ladder.unlock import unlockings_of
from festival.results.seats import may_read_as_mc, seated
from festival.results.table import ContestTable
from festival.results.words import SEAT_WORDS

bp = Blueprint("ceremony", __name__)


@bp.get("/panel/<code>/minutes")
@signed_in
def minutes(code: str) -> ResponseReturnValue:
    """The minutes in the state's form, to print and sign: only of a locked contest."""
    row = seated(code, sealed_too=True).contest
    if row.state is ContestState.OPEN:
        raise NotFound()
    tallied, decided = tally_for_result(row), decisions_of(row.id)
    table = current_table(tallied, decided)
    marks_shown(row)
    steps = steps_of(row.id)
    locked = steps[ContestState.LOCKED]
    details = table.details
    return render_template(
        "ceremony/minutes.html",
        contest=row,
        festival=row.festival,
        panel=signers_of(row.id),
        seat_words=SEAT_WORDS,
        measure_words=MEASURE_WORDS,
        rows=_minute_rows(tallied, table),
        not_valid={code: each.panel.said for code, each in details.items() if isinstance(each.panel, NotValid)},
        seats=tallied.seats,
        rubric=row.result_kind is ResultKind.RUBRIC,
        decided=decided,
        awards=awards_of(order_of_appearance(tallied), row.id),
        entries={appearance.code: appearance for appearance in tallied.appearances},
        steps=steps,
        locked=locked,
        unlockings=unlockings_of(row.id),
        digest=standings_hash(table),
        proof=qr.svg(
            f"{judging_stream(row)} {locked.ledger_size} {locked.ledger_hash}", label=_("Mã đầu sổ chấm điểm")
        ),
        # a copy printed later bears the day on which the minutes were signed
        dated=local(steps[ContestState.SIGNED].at if ContestState.SIGNED in steps else now()),
        head=ledger.head(judging_stream(row)),
    )


def _minute_rows(tallied: Tally, table: ContestTable) -> list[dict[str, Any]]:
    prizes = {each.entry: each.prize for each in table.prizes.awards}
    return [
        {
            "appearance": table.appearances[each.entry],
            "totals": [
                written(sheet.total_milli)
                if (sheet := tallied.sheets.get((seat.id, table.appearances[each.entry].id))) is not None
                and sheet.total_milli is not None
                else "–"
                for seat in tallied.seats
            ],
            "value": written_value(tallied.contest, each.value),
            "place": each.rank,
            "shared": each.shared,
            "prize": prizes.get(each.entry, ""),
            "reasons": each.reasons,
        }
        # entries without a place by their number: any other order would look like a place
        for each in sorted(
            table.standings, key=lambda e: (e.rank is None, e.rank or 0, table.appearances[e.entry].number or 0)
        )
    ]


@bp.get("/panel/<code>/mc")
@signed_in
def mc(code: str) -> ResponseReturnValue:
    """What the MC reads aloud: only a released result, lowest prize first."""
    actor = current_actor()
    row = contest_by_code(the_festival(), code)
    if not may_read_as_mc(actor):
        contest_for(actor, code)
    lists = released_awards(row)
    marks_shown(row)
    ordinary = [each for each in lists if not each.special]
    return render_template(
        "ceremony/mc.html",
        contest=row,
        lists=[*reversed(ordinary), *(each for each in lists if each.special)],
        steps=steps_of(row.id),
    )


@bp.get("/whole-delegation/minutes")
@signed_in
def whole_minutes() -> ResponseReturnValue:
    """The minutes in the state's form, to print and sign."""
    festival, table = whole_of_actor()
    if table is None or table.provisional:
        raise NotFound()
    for contest in table.contests:
        marks_shown(contest)
    return render_template(
        "ceremony/whole_minutes.html",
        festival=festival,
        whole=table,
        delegations={line.code: line for line in table.lines},
        # a copy printed later bears the day on which the minutes were signed
        dated=local(table.minutes.signed_at if table.minutes else now()),
    )
