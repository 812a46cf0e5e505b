"""How does a locked result become signed, awarded, readable for the MC, public?"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import insert

from festival.contests.models import ContestState
from festival.core.database import db
from festival.results.current import current_table, prize_names, standings_kept, tally_for_result
from festival.results.decisions import decisions_of
from festival.results.ladder.steps import hold_contest, paper_number, store_standings, take_step
from festival.results.models import Award


@dataclass(frozen=True, slots=True)
class Signed:
    """The minutes are signed and the awards stored."""

    awards: int


@dataclass(frozen=True, slots=True)
class StillOpen:
    """The panel must answer first: places at a border of prizes, entries without a valid result."""

    questions: int
    unsettled: int


def sign(contest_id: int, number: str, by: int | None) -> Signed | StillOpen:
    """The panel's minutes are signed on paper; from now on the awards stand."""
    contest = hold_contest(contest_id, ContestState.LOCKED, _("Chỉ ký biên bản sau khi khóa điểm, và chỉ một lần."))
    table = current_table(tally_for_result(contest))
    if table.prizes.questions or table.unsettled:
        return StillOpen(len(table.prizes.questions), len(table.unsettled))
    names = list(prize_names(contest))
    rows = [
        {
            "contest_id": contest.id,
            "festival_id": contest.festival_id,
            "entry_id": table.appearances[each.entry].id,
            "prize": each.prize,
            "position": 1 + names.index(each.prize),
            "special": False,
        }
        for each in table.prizes.awards
    ]
    if rows:
        db.session.execute(insert(Award), rows)
    store_standings(contest, table)
    take_step(
        contest,
        ContestState.SIGNED,
        by,
        {
            **standings_kept(table),
            "awards": [{name: row[name] for name in ("entry_id", "prize", "position")} for row in rows],
            "decisions": [row.id for row in decisions_of(contest.id).rows],
        },
        number=paper_number(number),
    )
    return Signed(len(rows))


def record_award_decision(contest_id: int, number: str, by: int | None) -> None:
    """The organiser's award decision has its number."""
    contest = hold_contest(contest_id, ContestState.SIGNED, _("Quyết định trao giải được ghi sau khi biên bản đã ký."))
    take_step(contest, ContestState.DECIDED, by, {}, number=paper_number(number))


def release(contest_id: int, by: int | None, *, with_user: int | None = None, note: str = "") -> None:
    """From now on the MC may read the result. Doors come through `people`, which asks for two."""
    contest = hold_contest(
        contest_id, ContestState.DECIDED, _("MC chỉ được đọc sau khi biên bản đã ký và có quyết định trao giải.")
    )
    take_step(contest, ContestState.RELEASED, by, {}, with_user=with_user, note=note)


def publish(contest_id: int, by: int | None, *, note: str = "") -> None:
    """From now on the public sees the awards. Doors come through `people`."""
    contest = hold_contest(contest_id, ContestState.RELEASED, _("Chỉ công bố sau khi đã cho MC đọc."))
    take_step(contest, ContestState.PUBLISHED, by, {}, note=note)
