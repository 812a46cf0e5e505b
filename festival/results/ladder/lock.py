"""When are the marks of a contest closed, and by whom?"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.results.current import standings_hash, standings_kept, table_at_lock, tally_for_result
from festival.results.ladder.states import LockProblem, lock_problems, unsignable
from festival.results.ladder.steps import hold_contest, stated_reason, store_standings, take_step
from festival.results.ladder.two_seats import not_in_their_seats
from festival.results.sums.entries import refresh_entries, refresh_sums_of
from festival.results.sums.guards import hold_components, refuse_unsigned


@dataclass(frozen=True, slots=True)
class Locked:
    """The marks are closed; the standings are stored."""

    standings_hash: str
    problems: tuple[LockProblem, ...]  # overridden


@dataclass(frozen=True, slots=True)
class NotReady:
    """Something is missing, and nobody gave a reason to lock all the same."""

    problems: tuple[LockProblem, ...]


@dataclass(frozen=True, slots=True)
class Unsignable:
    """Nobody could sign the minutes of this contest, whatever reason is given: codes of UNSIGNABLE_WORDS."""

    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrongPeople:
    """The two people are not the chair and the secretary of this contest."""

    said: str


def lock(
    contest_id: int, chair_id: int | None, secretary_id: int | None, override: str = ""
) -> Locked | NotReady | WrongPeople | Unsignable:
    """Close the marks of a contest. The credentials of both people were checked before, outside of the transaction.

    Without people (the command line's `--override REASON`) a reason is needed and goes into the ledger.
    """
    hold_components(contest_id)
    contest = hold_contest(contest_id, ContestState.OPEN, _("Phần thi này đã khóa điểm rồi."))
    if lacks := unsignable(contest):
        return Unsignable(lacks)
    override = " ".join(override.split())
    if chair_id is None or secretary_id is None:
        override = stated_reason(override)
    else:
        if chair_id == secretary_id:
            return WrongPeople(_("Khóa điểm cần hai người khác nhau."))
        if said := not_in_their_seats([contest], chair_id, secretary_id):
            return WrongPeople(said)
    refresh_entries(contest)
    tallied = tally_for_result(contest)
    refuse_unsigned(tallied)
    problems = tuple(lock_problems(tallied))
    if problems and not override:
        return NotReady(problems)
    table = table_at_lock(tallied)
    store_standings(contest, table)
    digest = standings_hash(table)
    take_step(
        contest,
        ContestState.LOCKED,
        chair_id,
        {
            **standings_kept(table),
            "problems": [f"{each.what}: {each.who} {each.entry}".strip() for each in problems],
        },
        with_user=secretary_id,
        note=override,
        about={"standings_hash": digest},
    )
    refresh_sums_of(contest)
    return Locked(digest, problems)
