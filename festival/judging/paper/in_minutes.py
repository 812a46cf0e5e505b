"""What do the minutes say of the border check and of the judges' confirmations?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from festival.accounts.models import User
from festival.core.database import db
from festival.judging.paper.border import BORDER, check_of, checks_of, paper_slips
from festival.judging.paper.confirming import confirmations, on_tablet
from festival.judging.paper.models import BorderCheck
from festival.judging.tally import MarkingJudge, Tally


@dataclass(frozen=True, slots=True)
class SettledSlip:
    """A slip that differed, and why the panel signs all the same."""

    name: str
    letter: str
    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfirmedSeat:
    """A judge and what is known of the own locked sheets."""

    seat: MarkingJudge
    at: datetime | None
    reason: str
    digest: str


@dataclass(frozen=True, slots=True)
class PaperMinutes:
    """The section of the minutes; `check` None: no slip of paper, or nothing begun."""

    check: BorderCheck | None
    beside: int
    drawn: int
    same: int
    people: tuple[str, ...]
    settled: tuple[SettledSlip, ...]
    earlier: tuple[BorderCheck, ...]
    confirmed: tuple[ConfirmedSeat, ...]


def minutes_of(tallied: Tally) -> PaperMinutes:
    """Read once, for the paper that is drawn."""
    contest = tallied.contest
    state = check_of(contest.id)
    known = confirmations(contest.id)
    confirmed = tuple(
        ConfirmedSeat(seat, row.at, row.reason, row.digest)
        for seat in on_tablet(tallied)
        if (row := known.get(seat.id)) is not None
    )
    if state is None:
        return PaperMinutes(None, 0, 0, 0, (), (), (), confirmed)
    slips = {each.pair: each for each in paper_slips(tallied)}
    reasons = list(state.pairs.values())
    who = sorted({each.typed_by for each in state.typed.values()})
    named = {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(who)))}
    return PaperMinutes(
        check=state.check,
        beside=reasons.count(BORDER),
        drawn=len(reasons) - reasons.count(BORDER),
        same=sum(each.same for each in state.typed.values()),
        people=tuple(named[each] for each in who),
        settled=tuple(
            SettledSlip(slips[pair].appearance.name, slips[pair].seat.letter, each.settled, tuple(each.names))
            for pair, each in state.typed.items()
            if each.settled and pair in slips
        ),
        earlier=tuple(each for each in checks_of(contest.id) if not each.standing),
        confirmed=confirmed,
    )
