"""After the signature: two places change, then a prize is stated, then that is taken back; the whole delegations follow."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.specials import specials_now
from festival.results.amendments.storing import amend_standings, corrections_before
from festival.results.amendments.whole import amend_whole_standings
from festival.results.current import current_table, special_names, tally_for_result
from festival.results.delegations.table import whole_delegation


def amended(festival_id: int, code: str) -> None:
    """Of a contest that is signed, and of the whole delegations, which are signed too."""
    with reading():
        own = (Contest.festival_id == festival_id) & (Contest.code == code)
        contest = db.session.scalars(select(Contest).where(own)).one()
        contest_id = contest.id
        first, second = (each.entry for each in current_table(tally_for_result(contest)).standings[:2])
        seats = dict(db.session.execute(select(Judge.seat, Judge.user_id).where(Judge.contest_id == contest.id)).all())
    two = seats[PanelSeat.CHAIR], seats[PanelSeat.SECRETARY]
    swapped = Corrections(places={first: 2, second: 1})
    stated = Corrections(places={first: 2, second: 1}, prizes={second: None}, specials=_moved(contest_id, first))
    for number, corrections, back in (("21/ĐC", swapped, None), ("22/ĐC", stated, None), ("23/ĐC", swapped, 2)):
        with transaction():
            assert back is None or corrections_before(contest_id, back) == corrections
            outcome = amend_standings(contest_id, corrections, number, "cộng nhầm", *two, takes_back=back)
            assert isinstance(outcome, Amended), outcome
    _given_and_gone(contest_id, first, two)
    with transaction():
        table = whole_delegation(db.session.get_one(Festival, festival_id))
        if table is not None and table.asked:
            given: dict[str, str | None] = dict.fromkeys(sorted(table.waiting))
            outcome = amend_whole_standings(festival_id, given, "24/ĐC", "phần thi đã đính chính", *two)
            assert isinstance(outcome, Amended), outcome


def _moved(contest_id: int, to: str) -> dict[str, str | None]:
    """A special prize of the contest, given to somebody else than has it; none where it has none."""
    with reading():
        names = special_names(db.session.get_one(Contest, contest_id))
        return {names[0]: to} if names else {}


def _given_and_gone(contest_id: int, first: str, two: tuple[int, int]) -> None:
    """The same prize to nobody, as the amendment in force says otherwise nothing."""
    specials: dict[str, str | None] = dict.fromkeys(_moved(contest_id, first))
    with reading():
        held, there = corrections_before(contest_id, 99), specials_now(contest_id)
    if set(specials) & set(there):
        with transaction():
            outcome = amend_standings(contest_id, replace(held, specials=specials), "25/ĐC", "nhầm giải", *two)
            assert isinstance(outcome, Amended), outcome
